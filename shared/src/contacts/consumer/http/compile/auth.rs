//! The section `auth`.

use http::Method;
use serde_json::{Map, Value, json};

use super::{header_name, optional_path, path};
use crate::contacts::consumer::http::address::Address;
use crate::contacts::consumer::http::auth::{Auth, TokenAuth};
use crate::contacts::consumer::http::config::{AuthConfig, CredentialsIn};
use crate::contacts::consumer::http::request::{Body, RequestTemplate, Target};
use crate::contacts::consumer::http::template::Leaf;
use crate::contacts::consumer::http::tokens::Tokens;
use crate::ground::config::{ConfigError, Place};

const KNOWN: [&str; 1] = ["settings"];

pub(super) fn compile(config: &AuthConfig, place: &Place) -> Result<Auth, ConfigError> {
    let leaf = |source: &str, name| Leaf::credential(source, &KNOWN, &place.key(name));
    Ok(match config {
        AuthConfig::None => Auth::None,
        AuthConfig::Header { name, prefix, value } => Auth::Header {
            name: header_name(name, &place.key("name"))?,
            prefix: prefix.clone(),
            value: leaf(value, "value")?,
        },
        AuthConfig::Basic { username, password } => Auth::Basic {
            username: leaf(username, "username")?,
            password: leaf(password, "password")?,
        },
        AuthConfig::ClientCredentials {
            token_url,
            client_id,
            client_secret,
            scope,
            credentials_in,
        } => {
            let mut form = json!({"grant_type": "client_credentials"});
            if let Some(scope) = scope {
                form["scope"] = json!(scope);
            }
            let id = leaf(client_id, "client_id")?;
            let secret = leaf(client_secret, "client_secret")?;
            if *credentials_in == CredentialsIn::Body {
                form["client_id"] = json!(client_id);
                form["client_secret"] = json!(client_secret);
            }
            let form = form.as_object().cloned();
            let request = login(token_url, &place.key("token_url"), None, form.as_ref(), place)?;
            Auth::Token(Box::new(TokenAuth {
                request,
                client: (*credentials_in == CredentialsIn::Header).then_some((id, secret)),
                // <https://www.rfc-editor.org/rfc/rfc6749#section-5.1>
                token: path("access_token", place)?,
                kind: Some(path("token_type", place)?),
                expires_in: Some(path("expires_in", place)?),
                header: http::header::AUTHORIZATION,
                prefix: "Bearer ".to_owned(),
                place: place.clone(),
                tokens: Tokens::default(),
            }))
        }
        AuthConfig::Login { url, json, form, token, expires_in, header, prefix } => {
            let request = login(url, &place.key("url"), json.as_ref(), form.as_ref(), place)?;
            Auth::Token(Box::new(TokenAuth {
                request,
                client: None,
                token: path(token, &place.key("token"))?,
                kind: None,
                expires_in: optional_path(expires_in.as_deref(), &place.key("expires_in"))?,
                header: header_name(header, &place.key("header"))?,
                prefix: prefix.clone(),
                place: place.clone(),
                tokens: Tokens::default(),
            }))
        }
    })
}

/// The request for a token, to a path below the base URL or to anywhere else.
fn login(
    url: &str,
    url_place: &Place,
    json: Option<&Value>,
    form: Option<&Map<String, Value>>,
    place: &Place,
) -> Result<RequestTemplate, ConfigError> {
    let target = if url.starts_with('/') {
        Target::Path(Address::path(url, &KNOWN, url_place)?)
    } else {
        Target::Whole(Address::whole(url, &KNOWN, url_place)?)
    };
    let body = super::requests::body(json, form, &KNOWN, place)?;
    if matches!(body, Body::None) {
        return Err(place.expected("`json` or `form`, with what the login needs"));
    }
    Ok(RequestTemplate {
        method: Method::POST,
        target,
        query: Vec::new(),
        headers: Vec::new(),
        body,
        place: url_place.clone(),
    })
}
