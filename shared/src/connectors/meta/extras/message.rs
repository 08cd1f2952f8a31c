//! What belongs to a message besides its words: a story, attachments, who else has said it.

use serde::Deserialize;
use serde_json::Value;

use crate::connectors::meta::lenient::{id_or_none, or_none};

/// A story on Instagram.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Story {
    /// Its id.
    #[serde(default, deserialize_with = "id_or_none")]
    pub id: Option<String>,
    /// Where it is, for a day. Its content may not be kept.
    #[serde(default, deserialize_with = "or_none")]
    pub url: Option<String>,
}

/// An attachment as Meta describes it.
#[derive(Clone, PartialEq, Deserialize)]
pub struct Attachment {
    /// `image`, `template`, `story_mention`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// What is written on it.
    #[serde(default, deserialize_with = "or_none")]
    pub title: Option<String>,
    /// The page that a link leads to.
    #[serde(default, deserialize_with = "or_none")]
    pub url: Option<String>,
    /// The rest.
    #[serde(default)]
    pub payload: Value,
}

impl Attachment {
    /// Where its content is.
    pub fn content_url(&self) -> Option<&str> {
        self.payload.get("url").and_then(Value::as_str).or(self.url.as_deref())
    }
}

/// What another app, or a person, said in the page's name. Its words are in
/// [`Event::raw`](crate::chat::Event::raw).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Echo {
    /// Which app. People who answer in Meta's own inbox are an app, too.
    pub app_id: String,
    /// What that app sent along.
    pub metadata: Option<String>,
}
