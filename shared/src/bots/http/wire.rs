//! What goes to the server, and the replies in what comes back. No I/O.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::chat::{Button, Media, Reply};

/// A message as Rasa's REST channel takes it.
#[derive(Serialize)]
pub(super) struct RasaMessage<'a> {
    pub sender: &'a str,
    pub message: &'a str,
    pub metadata: &'a Map<String, Value>,
    pub input_channel: &'a str,
}

/// An answer is not what a Rasa server sends.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected objects with `text`, `image`, `buttons`, `attachment` or `custom` \
     (line {line}, column {column})"
)]
pub struct MalformedAnswer {
    line: usize,
    column: usize,
}

impl From<serde_json::Error> for MalformedAnswer {
    /// The place alone: the message may show the value that is there.
    fn from(error: serde_json::Error) -> Self {
        Self { line: error.line(), column: error.column() }
    }
}

/// One object of an answer. `recipient_id` is not among its fields: the replies go where the
/// message came from.
#[derive(Deserialize)]
struct Said {
    text: Option<String>,
    buttons: Option<Vec<RasaButton>>,
    image: Option<String>,
    attachment: Option<Value>,
    custom: Option<Value>,
}

#[derive(Deserialize)]
struct RasaButton {
    title: Option<String>,
    payload: Option<String>,
    url: Option<String>,
}

#[derive(Deserialize)]
struct Attachment {
    #[serde(rename = "type")]
    kind: AttachmentKind,
    payload: AttachmentPayload,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum AttachmentKind {
    Image,
    Video,
    Audio,
    File,
}

#[derive(Deserialize)]
struct AttachmentPayload {
    src: Option<String>,
    url: Option<String>,
    title: Option<String>,
}

/// The replies of a whole answer: an array of objects.
pub(super) fn replies_of_answer(json: &[u8]) -> Result<Vec<Reply>, MalformedAnswer> {
    let all: Vec<Said> = serde_json::from_slice(json)?;
    Ok(all.into_iter().flat_map(replies).collect())
}

/// The replies of one line of a streamed answer: an object. An empty line has none.
pub(super) fn replies_of_line(json: &[u8]) -> Result<Vec<Reply>, MalformedAnswer> {
    if json.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    Ok(replies(serde_json::from_slice(json)?))
}

fn replies(said: Said) -> Vec<Reply> {
    let text = said.text.filter(|text| !text.is_empty());
    let words = match said.buttons.filter(|buttons| !buttons.is_empty()) {
        Some(buttons) => {
            let buttons = buttons.into_iter().map(button).collect();
            Some(Reply::Buttons { text: text.unwrap_or_default(), buttons })
        }
        None => text.map(Reply::text),
    };
    let image = said.image.map(|url| Reply::Image(Media::url(url)));
    let attachment = said.attachment.map(attachment);
    let custom = said.custom.map(|json| Reply::Custom { json });
    [words, image, attachment, custom].into_iter().flatten().collect()
}

/// A button without a payload sends its title, and one without a title shows its payload.
fn button(button: RasaButton) -> Button {
    match (button.payload, button.url) {
        (None, Some(url)) => Button::url(button.title.unwrap_or_else(|| url.clone()), url),
        (payload, _) => {
            let (title, payload) = match (button.title, payload) {
                (Some(title), Some(payload)) => (title, payload),
                (title, payload) => {
                    let only = title.or(payload).unwrap_or_default();
                    (only.clone(), only)
                }
            };
            Button::payload(title, payload)
        }
    }
}

/// The image, video, audio or file; JSON for the platform if it is none of them.
fn attachment(json: Value) -> Reply {
    let Ok(Attachment { kind, payload }) = Attachment::deserialize(&json) else {
        return Reply::Custom { json };
    };
    let Some(url) = payload.src.or(payload.url) else { return Reply::Custom { json } };
    let media = Media { name: payload.title, ..Media::url(url) };
    match kind {
        AttachmentKind::Image => Reply::Image(media),
        AttachmentKind::Video => Reply::Video(media),
        AttachmentKind::Audio => Reply::Audio(media),
        AttachmentKind::File => Reply::File(media),
    }
}

#[cfg(test)]
mod tests;
