//! The response: an object for each message, as Rasa's `CollectingOutputChannel` makes them.

use serde_json::{Value, json};

use crate::chat::Unsupported;
use crate::chat::reply::{Button, ButtonAction, Media, Reply, ReplyKind};

/// Whether there is an object for replies of this kind.
pub(in crate::connectors) fn supports(kind: ReplyKind) -> bool {
    match kind {
        ReplyKind::Text
        | ReplyKind::Image
        | ReplyKind::File
        | ReplyKind::Video
        | ReplyKind::Audio
        | ReplyKind::Buttons
        | ReplyKind::Custom => true,
        ReplyKind::QuickReplies
        | ReplyKind::Cards
        | ReplyKind::Typing
        | ReplyKind::Reaction
        | ReplyKind::Edit
        | ReplyKind::Delete => false,
    }
}

/// `reply` to `recipient` as the objects of the response. A text has one for each paragraph. There
/// is none for a file without a URL, which only another platform has.
pub(in crate::connectors) fn encode(
    recipient: &str,
    reply: &Reply,
) -> Result<Vec<Value>, Unsupported> {
    let object = |field: &str, value: Value| json!({ "recipient_id": recipient, field: value });
    let url = |media: &Media| media.to_url().ok_or(Unsupported(reply.kind()));
    let with_caption = |first: Value, media: &Media| {
        let caption = media.caption.as_ref().map(|caption| object("text", json!(caption)));
        [first].into_iter().chain(caption).collect()
    };
    let attached = |kind: &str, media: &Media| {
        let attachment = attachment(kind, media.name.as_deref(), &url(media)?);
        Ok(with_caption(object("attachment", attachment), media))
    };
    match reply {
        Reply::Text { text } => {
            Ok(paragraphs(text).into_iter().map(|text| object("text", json!(text))).collect())
        }
        Reply::Image(media) => Ok(with_caption(object("image", json!(url(media)?)), media)),
        Reply::File(media) => attached("file", media),
        Reply::Video(media) => attached("video", media),
        Reply::Audio(media) => attached("audio", media),
        Reply::Buttons { text, buttons } | Reply::QuickReplies { text, buttons } => {
            let buttons: Vec<_> = buttons.iter().map(button).collect();
            Ok(vec![json!({ "recipient_id": recipient, "text": text, "buttons": buttons })])
        }
        Reply::Custom { json } => Ok(vec![object("custom", json.clone())]),
        Reply::Cards { .. }
        | Reply::Typing { .. }
        | Reply::Reaction { .. }
        | Reply::Edit { .. }
        | Reply::Delete { .. } => Err(Unsupported(reply.kind())), // rendered before, or refused
    }
}

/// The parts of a text between blank lines; the whole text if it is empty.
fn paragraphs(text: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in text.trim().lines() {
        match paragraphs.last_mut() {
            Some(last) if line.trim().is_empty() && last.is_empty() => {}
            Some(last) if !line.trim().is_empty() => {
                if !last.is_empty() {
                    last.push('\n');
                }
                last.push_str(line);
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs
}

fn attachment(kind: &str, name: Option<&str>, url: &str) -> Value {
    let mut payload = json!({ "src": url });
    if let Some(name) = name {
        payload["title"] = json!(name);
    }
    json!({ "type": kind, "payload": payload })
}

fn button(button: &Button) -> Value {
    match &button.action {
        ButtonAction::Payload(payload) => json!({ "title": button.title, "payload": payload }),
        ButtonAction::Url(url) => json!({ "title": button.title, "type": "web_url", "url": url }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_have_the_shape_of_rasa() {
        let buttons = vec![Button::payload("Yes", "/affirm"), Button::url("Site", "https://e.com")];
        let captioned =
            Media { caption: Some("A cat".to_owned()), ..Media::url("https://e.com/c") };
        let video = Media { name: Some("v".to_owned()), ..Media::url("https://e.com/v") };
        let cases = [
            ("text", Reply::text("hi"), json!([{"recipient_id": "u", "text": "hi"}])),
            (
                "paragraphs",
                Reply::text("\n one\ntwo\n\n \nthree\r\n\r\nfour\n"),
                json!([
                    {"recipient_id": "u", "text": "one\ntwo"},
                    {"recipient_id": "u", "text": "three"},
                    {"recipient_id": "u", "text": "four"},
                ]),
            ),
            ("empty", Reply::text(""), json!([{"recipient_id": "u", "text": ""}])),
            (
                "image",
                Reply::Image(captioned),
                json!([
                    {"recipient_id": "u", "image": "https://e.com/c"},
                    {"recipient_id": "u", "text": "A cat"},
                ]),
            ),
            (
                "buttons",
                Reply::Buttons { text: "Sure?".to_owned(), buttons },
                json!([{"recipient_id": "u", "text": "Sure?", "buttons": [
                    {"title": "Yes", "payload": "/affirm"},
                    {"title": "Site", "type": "web_url", "url": "https://e.com"},
                ]}]),
            ),
            (
                "video",
                Reply::Video(video),
                json!([{"recipient_id": "u", "attachment": {
                    "type": "video", "payload": {"src": "https://e.com/v", "title": "v"},
                }}]),
            ),
            (
                "custom",
                Reply::Custom { json: json!({"a": 1}) },
                json!([{"recipient_id": "u", "custom": {"a": 1}}]),
            ),
        ];
        for (name, reply, expected) in cases {
            assert_eq!(Value::Array(encode("u", &reply).unwrap()), expected, "{name}");
        }
    }

    #[test]
    fn a_file_without_a_url_is_no_object() {
        for reply in [Reply::Image(Media::id("AgAC")), Reply::Audio(Media::id("AgAC"))] {
            assert_eq!(encode("u", &reply), Err(Unsupported(reply.kind())));
        }
    }
}
