//! Replies as bodies of `POST /me/messages`: a pure mapping
//! (<https://developers.facebook.com/docs/messenger-platform/reference/send-api>).

use serde_json::{Map, Value, json};

use super::platform::Platform;
use super::templates::{self, BUTTON_TEXT, MAX_CARDS};
use crate::chat::SendError;
use crate::chat::fallback::{self, Unsupported};
use crate::chat::reply::{Media, Reply, ReplyKind, Source};

/// What is posted, in order, without the recipient. What is more than Meta takes becomes several
/// messages, or words. A file that is here has to be uploaded before.
pub(super) fn bodies(platform: Platform, reply: &Reply) -> Result<Vec<Value>, SendError> {
    let kind = reply.kind();
    match reply {
        Reply::Text { text } => Ok(vec![said(json!({ "text": text }))]),
        Reply::Image(media) => media_bodies(platform, "image", kind, media),
        Reply::Video(media) => media_bodies(platform, "video", kind, media),
        Reply::Audio(media) => media_bodies(platform, "audio", kind, media),
        Reply::File(media) => media_bodies(platform, "file", kind, media),
        Reply::QuickReplies { text, buttons } if templates::are_quick_replies(buttons) => {
            Ok(vec![said(templates::quick_replies(text, buttons))])
        }
        Reply::Buttons { text, buttons } | Reply::QuickReplies { text, buttons }
            if templates::are_buttons(buttons) =>
        {
            let mut parts = BUTTON_TEXT.split(text);
            let last = parts.pop().unwrap_or_default();
            let before = parts.into_iter().map(|part| said(json!({ "text": part })));
            Ok(before.chain([said(templates::buttons(last, buttons))]).collect())
        }
        Reply::Buttons { text, buttons } if templates::are_quick_replies(buttons) => {
            Ok(vec![said(templates::quick_replies(text, buttons))])
        }
        Reply::Buttons { .. } | Reply::QuickReplies { .. } => {
            rendered(platform, reply, &|kind| kind == ReplyKind::Text)
        }
        Reply::Cards { cards } if templates::are_cards(cards) => {
            Ok(cards.chunks(MAX_CARDS).map(|cards| said(templates::cards(cards))).collect())
        }
        Reply::Cards { .. } => rendered(platform, reply, &|kind| kind != ReplyKind::Cards),
        Reply::Typing { on } => {
            let action = if *on { "typing_on" } else { "typing_off" };
            Ok(vec![json!({ "sender_action": action })])
        }
        Reply::Reaction { message_id, removed: true, .. } => {
            Ok(vec![json!({ "sender_action": "unreact", "payload": { "message_id": message_id } })])
        }
        Reply::Reaction { message_id, emoji, .. } => Ok(vec![json!({
            "sender_action": "react",
            "payload": { "message_id": message_id, "reaction": reaction(platform, emoji)? },
        })]),
        Reply::Custom { json } if json.is_object() => Ok(vec![json.clone()]),
        Reply::Custom { .. } => {
            Err(SendError::Refused { reason: "expected a JSON object".to_owned() })
        }
        Reply::Edit { .. } | Reply::Delete { .. } => Err(Unsupported(kind).into()),
    }
}

/// Messenger takes “any emoji reaction”
/// (<https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/sender-actions>),
/// Instagram `love`, of which its documents alone tell
/// (<https://developers.facebook.com/docs/messenger-platform/instagram/features/send-message>).
fn reaction(platform: Platform, emoji: &str) -> Result<&str, SendError> {
    match (platform, emoji) {
        (Platform::Messenger, emoji) => Ok(emoji),
        (Platform::Instagram, "love" | "❤" | "❤\u{fe0f}") => Ok("love"),
        (Platform::Instagram, _) => {
            Err(SendError::Refused { reason: "Instagram has one reaction, ❤".to_owned() })
        }
    }
}

/// `body` for somebody. A message says whether it answers something, unless it says so itself; an
/// action must not (<https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/sender-actions>).
pub(super) fn addressed(body: Value, person: &str, is_answer: bool) -> Value {
    let Value::Object(body) = body else { return body };
    let mut addressed = Map::new();
    addressed.insert("recipient".to_owned(), json!({ "id": person }));
    if body.contains_key("message") {
        let messaging_type = if is_answer { "RESPONSE" } else { "UPDATE" };
        addressed.insert("messaging_type".to_owned(), messaging_type.into());
    }
    addressed.extend(body);
    Value::Object(addressed)
}

fn said(message: Value) -> Value {
    let mut body = Map::new();
    body.insert("message".to_owned(), message);
    Value::Object(body)
}

/// An attachment, and its caption as a message of its own: there is no text in the first.
fn media_bodies(
    platform: Platform,
    name: &str,
    kind: ReplyKind,
    media: &Media,
) -> Result<Vec<Value>, SendError> {
    let payload = match &media.source {
        Source::Url(url) => json!({ "url": url }),
        Source::Id(id) => json!({ "attachment_id": id }),
        Source::Data(_) => return Err(Unsupported(kind).into()),
    };
    let attachment = said(json!({ "attachment": { "type": name, "payload": payload } }));
    let caption = media.caption.as_deref().filter(|caption| !caption.is_empty());
    let caption = caption.map(|caption| platform.text_limit().split(caption));
    let words = caption.into_iter().flatten().map(|part| said(json!({ "text": part })));
    Ok(std::iter::once(attachment).chain(words).collect())
}

/// The bodies of what stands in for `reply`.
fn rendered(
    platform: Platform,
    reply: &Reply,
    supports: &dyn Fn(ReplyKind) -> bool,
) -> Result<Vec<Value>, SendError> {
    let limit = Some(platform.text_limit());
    let replies = fallback::render(reply.clone(), supports)?;
    let pieces = replies.into_iter().flat_map(|reply| crate::chat::split::pieces(reply, limit));
    let bodies = pieces.map(|piece| bodies(platform, &piece));
    Ok(bodies.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}
