//! What a message says: its words and attachments, in the words of every platform.

use super::extras::Attachment;
use super::wire;
use crate::chat::event::{EventKind, Location, Message, Payload};
use crate::chat::media::Media;

/// Each thing that the message says; at least one. A pressed quick reply is a button, whose words
/// are its title.
pub(super) fn said(message: &wire::Message) -> Vec<EventKind> {
    if message.is_deleted {
        return vec![EventKind::MessageDeleted { message_id: message.mid.clone() }];
    }
    let text = message.text.clone().filter(|text| !text.is_empty());
    if let Some(quick_reply) = &message.quick_reply {
        let data = quick_reply.payload.clone();
        return vec![EventKind::Payload(Payload { data, title: text })];
    }
    let has_text = text.is_some();
    let words = text.map(|text| Ok(Message::Text(text)));
    let is_more = |attachment: &&Attachment| !(has_text && attachment.kind == "fallback");
    let attachments = message.attachments.iter().filter(is_more).map(attached);
    let all: Vec<_> = words.into_iter().chain(attachments).collect();
    if all.is_empty() {
        let name = if message.is_unsupported { "unsupported" } else { "message" };
        return vec![EventKind::Unknown { name: name.to_owned() }];
    }
    let answered = message.reply_to.as_ref().and_then(|reply_to| reply_to.mid.as_deref());
    let kind = |said: Result<Message, &str>| match (said, answered) {
        (Ok(message), Some(to)) => EventKind::Reply { to: to.to_owned(), message },
        (Ok(message), None) => EventKind::Message(message),
        (Err(name), _) => EventKind::Unknown { name: name.to_owned() },
    };
    all.into_iter().map(kind).collect()
}

/// An attachment as a message, or its name if it is none that every platform has. A link without
/// words (`fallback`) is its address; what somebody shares (`post`, `ig_post`, `story_mention`) is a
/// file, since Meta does not say whether it is an image or a video. `share` is what `ig_post` was
/// called until April 2026
/// (<https://developers.facebook.com/documentation/instagram-platform/webhooks/new>).
fn attached(attachment: &Attachment) -> Result<Message, &str> {
    let name = attachment.kind.as_str();
    if name == "location" {
        return location(attachment).map(Message::Location).ok_or(name);
    }
    let url = attachment.content_url().ok_or(name)?;
    let media = Media { name: attachment.title.clone(), ..Media::url(url) };
    match name {
        "image" | "sticker" => Ok(Message::Image(media)),
        "video" | "reel" | "ig_reel" => Ok(Message::Video(media)),
        "audio" => Ok(Message::Audio(media)),
        "file" | "share" | "post" | "ig_post" | "story_mention" => Ok(Message::File(media)),
        "fallback" => Ok(Message::Text(url.to_owned())),
        _ => Err(name),
    }
}

fn location(attachment: &Attachment) -> Option<Location> {
    let coordinates = attachment.payload.get("coordinates")?;
    let degrees = |name: &str| coordinates.get(name)?.as_f64();
    let (latitude, longitude) = (degrees("lat")?, degrees("long")?);
    Some(Location { latitude, longitude, title: attachment.title.clone() })
}
