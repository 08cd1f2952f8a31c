//! Images, video, audio and files: what somebody sent, and what a bot sends.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// An image, a video, audio or a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// Where its content is.
    #[serde(flatten)]
    pub source: Source,
    /// Words to show with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// Its MIME type, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// Its file name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// Where the content of an image, a video, audio or a file is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// At this URL, for everybody who has it.
    Url(String),
    /// On the platform, which calls it so: [`Context::download`](super::Context::download) gets
    /// it, and the same platform shows it again.
    Id(String),
    /// Here: it is uploaded. In JSON it is base64.
    #[serde(with = "in_base64")]
    Data(Bytes),
}

impl Media {
    /// What is at `source`, without caption, type or name.
    pub const fn new(source: Source) -> Self {
        Self { source, caption: None, mime_type: None, name: None }
    }

    /// What is at `url`.
    pub fn url(url: impl Into<String>) -> Self {
        Self::new(Source::Url(url.into()))
    }

    /// What the platform calls `id`.
    pub fn id(id: impl Into<String>) -> Self {
        Self::new(Source::Id(id.into()))
    }

    /// A file to upload, with its name and MIME type.
    pub fn data(
        name: impl Into<String>,
        mime_type: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> Self {
        Self {
            mime_type: Some(mime_type.into()),
            name: Some(name.into()),
            ..Self::new(Source::Data(bytes.into()))
        }
    }

    /// A URL of it: the one it is at, or one that has its content in it
    /// (<https://www.rfc-editor.org/rfc/rfc2397>). None of what only a platform has.
    pub fn to_url(&self) -> Option<String> {
        match &self.source {
            Source::Url(url) => Some(url.clone()),
            Source::Data(bytes) => {
                let mime_type = self.mime_type.as_deref().unwrap_or("application/octet-stream");
                Some(format!("data:{mime_type};base64,{}", STANDARD.encode(bytes)))
            }
            Source::Id(_) => None,
        }
    }

    /// The URL, if it is at one.
    pub fn as_url(&self) -> Option<&str> {
        match &self.source {
            Source::Url(url) => Some(url),
            Source::Id(_) | Source::Data(_) => None,
        }
    }
}

impl fmt::Debug for Source {
    /// The content of a file does not belong in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => f.debug_tuple("Url").field(url).finish(),
            Self::Id(id) => f.debug_tuple("Id").field(id).finish(),
            Self::Data(bytes) => write!(f, "Data({} bytes)", bytes.len()),
        }
    }
}

mod in_base64 {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use bytes::Bytes;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &Bytes, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Bytes, D::Error> {
        let text = String::deserialize(from)?;
        let bytes = STANDARD.decode(text);
        bytes.map(Bytes::from).map_err(|_| serde::de::Error::custom("expected base64"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn in_json_its_source_is_one_of_three_fields() {
        for (media, expected) in [
            (Media::url("https://e.com/c"), json!({"url": "https://e.com/c"})),
            (Media::id("AgAC"), json!({"id": "AgAC"})),
            (
                Media::data("a.txt", "text/plain", "hi"),
                json!({"data": "aGk=", "mime_type": "text/plain", "name": "a.txt"}),
            ),
        ] {
            let written = serde_json::to_value(&media).unwrap();
            assert_eq!(written, expected);
            assert_eq!(serde_json::from_value::<Media>(written).unwrap(), media);
        }
    }

    #[test]
    fn debug_shows_no_content() {
        let media = Media::data("a.txt", "text/plain", "my password");
        assert!(!format!("{media:?}").contains("password"), "{media:?}");
    }
}
