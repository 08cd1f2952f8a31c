//! A file among the settings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A file as it is stored, and as it is sent in JSON. Templates use it as
/// `{{ settings.certificate.content }}`. It has no `Debug`: the content may be a key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upload {
    /// What it was called on the sender's machine.
    pub name: String,
    /// Its media type, as the browser guessed it.
    pub content_type: String,
    /// Its bytes in Base64, with padding (RFC 4648, section 4).
    pub content: String,
}

impl Upload {
    /// A file of these bytes.
    pub fn new(name: &str, content_type: &str, bytes: &[u8]) -> Self {
        Self {
            name: name.to_owned(),
            content_type: content_type.to_owned(),
            content: STANDARD.encode(bytes),
        }
    }

    /// The file in a JSON value, and how many bytes it has.
    pub(super) fn from_value(value: &Value) -> Option<(Self, usize)> {
        let upload = Self::deserialize(value).ok()?;
        let length = STANDARD.decode(&upload.content).ok()?.len();
        Some((upload, length))
    }
}

impl From<Upload> for Value {
    fn from(Upload { name, content_type, content }: Upload) -> Self {
        json!({"name": name, "content_type": content_type, "content": content})
    }
}
