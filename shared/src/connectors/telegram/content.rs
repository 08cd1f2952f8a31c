//! What a message says, and what service messages tell.

use super::bot::Bot;
use super::events::Happened;
use super::extras::User;
use super::wire::{Attachment, Message};
use crate::chat;
use crate::chat::event::{EventKind, Location, Payload, Sender};
use crate::chat::media::Media;

/// Kinds of content that only Telegram has, by the names of their fields.
const TELEGRAM_ONLY: [&str; 20] = [
    "boost_added",
    "chat_shared",
    "checklist",
    "contact",
    "delete_chat_photo",
    "dice",
    "forum_topic_closed",
    "forum_topic_reopened",
    "game",
    "giveaway",
    "invoice",
    "migrate_from_chat_id",
    "migrate_to_chat_id",
    "new_chat_photo",
    "paid_media",
    "poll",
    "story",
    "successful_payment",
    "users_shared",
    "write_access_allowed",
];
/// Fields by which a message says that its chat was created.
const CREATED: [&str; 3] =
    ["channel_chat_created", "group_chat_created", "supergroup_chat_created"];

/// Everything that a message tells. What the bot itself has said or changed is nothing: it gets the
/// service messages that it causes (<https://github.com/tdlib/telegram-bot-api/issues/731>), and one
/// that answers them would go on for ever. Who comes and goes is told whoever has let them in.
pub(super) fn happenings(message: &Message, bot: &Bot) -> Vec<Happened> {
    let is_of_members = message.new_chat_members.is_some() || message.left_chat_member.is_some();
    let kinds = match said(message) {
        _ if message.is_by(bot.id) && !is_of_members => Vec::new(),
        Some(content) => vec![new(message, content)],
        None => service(message, bot),
    };
    kinds.into_iter().map(|kind| Happened::in_message(message, kind)).collect()
}

/// A new message, or the answer to one. Each message of a topic names the topic's first one as if
/// it answered that.
fn new(message: &Message, content: chat::Message) -> EventKind {
    let to = message.reply_to_message.as_ref().map(|it| it.message_id);
    match to.filter(|to| message.topic() != Some(*to)) {
        Some(to) => EventKind::Reply { to: to.to_string(), message: content },
        None => EventKind::Message(content),
    }
}

fn service(message: &Message, bot: &Bot) -> Vec<EventKind> {
    let member = |user: &User| Some(user.clone()).filter(|it| it.id != bot.id);
    if let Some(data) = &message.web_app_data {
        let (data, title) = (data.data.clone(), Some(data.button_text.clone()));
        return vec![EventKind::Payload(Payload { data, title })];
    }
    if message.new_chat_members.is_some() || message.left_chat_member.is_some() {
        if bot.sees_members {
            return Vec::new();
        }
        let joined = message.new_chat_members.iter().flatten().filter_map(member);
        let joined = joined.map(|it| EventKind::MemberJoined { member: Sender::from(it) });
        let left = message.left_chat_member.iter().filter_map(member);
        let left = left.map(|it| EventKind::MemberLeft { member: Sender::from(it) });
        return joined.chain(left).collect();
    }
    let pinned = message.pinned_message.as_ref().map(|it| it.message_id.to_string());
    let renamed = message.new_chat_title.as_ref();
    let renamed = renamed.or(message.forum_topic_edited.as_ref().and_then(|it| it.name.as_ref()));
    let has = |field: &&&str| message.others.contains_key(**field);
    let kind = if let Some(message_id) = pinned {
        EventKind::MessagePinned { message_id }
    } else if let Some(name) = renamed {
        EventKind::RoomRenamed { name: name.clone() }
    } else if let Some(topic) = &message.forum_topic_created {
        EventKind::RoomCreated { name: topic.name.clone() }
    } else if CREATED.iter().any(|field| has(&field)) {
        EventKind::RoomCreated { name: message.chat.title.clone() }
    } else {
        let name = TELEGRAM_ONLY.iter().find(has).copied().unwrap_or("message");
        EventKind::Unknown { name: name.to_owned() }
    };
    vec![kind]
}

/// The words, file or place of a message.
pub(super) fn said(message: &Message) -> Option<chat::Message> {
    use chat::Message::{Audio, File, Image, Text, Video};
    if let Some(text) = &message.text {
        return Some(Text(text.clone()));
    }
    // An id of a kind that the message's own does not tell has the kind before it.
    let media = |kind: &str, file: &Attachment, mime_type: Option<&str>| Media {
        caption: message.caption.clone(),
        mime_type: file.mime_type.clone().or_else(|| mime_type.map(str::to_owned)),
        name: file.file_name.clone(),
        ..Media::id(format!("{kind}{}", file.file_id))
    };
    // The sizes of a picture come in ascending order.
    if let Some(photo) = message.photo.as_ref().and_then(|sizes| sizes.last()) {
        return Some(Image(media("", photo, Some("image/jpeg"))));
    }
    if let Some(sticker) = &message.sticker {
        let sticker = |mime_type| media("sticker:", sticker, Some(mime_type));
        return Some(match &message.sticker {
            Some(Attachment { is_animated: true, .. }) => File(sticker("application/x-tgsticker")),
            Some(Attachment { is_video: true, .. }) => Video(sticker("video/webm")),
            _ => Image(sticker("image/webp")),
        });
    }
    // An animation comes with a document of the same content, for old programs.
    let videos = [
        ("animation:", &message.animation),
        ("video_note:", &message.video_note),
        ("", &message.video),
    ];
    if let Some((kind, video)) = videos.iter().find_map(|(kind, it)| Some((kind, it.as_ref()?))) {
        return Some(Video(media(kind, video, Some("video/mp4"))));
    }
    if let Some(voice) = &message.voice {
        return Some(Audio(media("voice:", voice, Some("audio/ogg"))));
    }
    if let Some(audio) = &message.audio {
        return Some(Audio(media("", audio, None)));
    }
    if let Some(document) = &message.document {
        return Some(File(media("", document, None)));
    }
    let (point, title) = match (&message.venue, &message.location) {
        (Some(venue), _) => (&venue.location, Some(venue.title.clone())),
        (None, Some(point)) => (point, None),
        (None, None) => return None,
    };
    let location = Location { latitude: point.latitude, longitude: point.longitude, title };
    Some(chat::Message::Location(location))
}
