//! The section `auth`.

use serde::Deserialize;
use serde_json::{Map, Value};

/// How requests prove whose they are.
#[derive(Default, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub(in super::super) enum AuthConfig {
    /// Not at all.
    #[default]
    None,
    /// A header that is always the same.
    Header {
        #[serde(default = "default_header")]
        name: String,
        #[serde(default)]
        prefix: String,
        value: String,
    },
    /// User name and password (<https://www.rfc-editor.org/rfc/rfc7617>).
    Basic { username: String, password: String },
    /// An OAuth2 token for the client itself (<https://www.rfc-editor.org/rfc/rfc6749#section-4.4>).
    ClientCredentials {
        token_url: String,
        client_id: String,
        client_secret: String,
        #[serde(default)]
        scope: Option<String>,
        /// Where the client's own credentials go.
        #[serde(default)]
        credentials_in: CredentialsIn,
    },
    /// A token that any other request gives.
    Login {
        url: String,
        #[serde(default)]
        json: Option<Value>,
        #[serde(default)]
        form: Option<Map<String, Value>>,
        /// Where it is in the answer.
        #[serde(default = "default_token")]
        token: String,
        /// Where the answer has the seconds it is good for.
        #[serde(default)]
        expires_in: Option<String>,
        #[serde(default = "default_header")]
        header: String,
        #[serde(default = "default_prefix")]
        prefix: String,
    },
}

/// Where a client's own credentials go (<https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1>).
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum CredentialsIn {
    /// In the header `Authorization`, as every server must understand.
    #[default]
    Header,
    /// In the form.
    Body,
}

fn default_header() -> String {
    "Authorization".to_owned()
}

fn default_prefix() -> String {
    "Bearer ".to_owned()
}

fn default_token() -> String {
    "token".to_owned()
}
