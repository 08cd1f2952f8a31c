//! Messages, with what becomes of them (<https://docs.slack.dev/reference/events/message>).

use serde_json::Value;

use super::events::{Rules, Skip, event};
use super::text::words;
use super::wire::{first_text_at, team, text_at};
use crate::chat::event::{Event, EventKind, Message};
use crate::chat::media::{Media, Source};

/// The events of a `message` or an `app_mention`.
pub(super) fn callback(raw: &Value, rules: &Rules) -> Result<Vec<Event>, Skip> {
    let inner = raw.get("event").ok_or(Skip::Malformed)?;
    let is_mention = text_at(inner, "/type") == Some("app_mention");
    let kind = match text_at(inner, "/subtype").unwrap_or_default() {
        // Slack sends a mention again when somebody edits the message.
        _ if is_mention && edited_at(inner).is_some() => edited(inner, rules.own(raw))?,
        "" | "file_share" | "me_message" | "thread_broadcast" | "bot_message" => {
            return said(raw, inner, rules);
        }
        "message_changed" => changed(raw, inner, rules)?,
        "message_deleted" => {
            let message_id = text_at(inner, "/deleted_ts").ok_or(Skip::Malformed)?.to_owned();
            EventKind::MessageDeleted { message_id }
        }
        "channel_topic" | "group_topic" => described(inner, "/topic")?,
        "channel_purpose" | "group_purpose" => described(inner, "/purpose")?,
        // Of who comes and goes, and of new names, there are events that are no messages.
        _ => return Err(Skip::Ignored),
    };
    let author = inner.get("message").or_else(|| inner.get("previous_message")).unwrap_or(inner);
    check_author(raw, author, rules)?;
    let room = text_at(inner, "/channel").ok_or(Skip::Malformed)?;
    let ts = match &kind {
        EventKind::MessageEdited { message_id, .. } | EventKind::MessageDeleted { message_id } => {
            Some(message_id.clone())
        }
        _ => None,
    };
    let conversation = rules.conversation(room, text_at(author, "/thread_ts"), ts.as_deref());
    let mut event = event(raw, kind, text_at(author, "/user").unwrap_or_default(), &conversation);
    let edit = match event.kind {
        EventKind::MessageEdited { .. } => edit_id(inner),
        _ => None,
    };
    let edit = edit.map(|edit| format!("{}:{room}:{edit}", team(raw)));
    event.id = edit.or_else(|| text_at(raw, "/event_id").map(str::to_owned));
    Ok(vec![event])
}

/// When a message was last edited, if it was.
fn edited_at(message: &Value) -> Option<&str> {
    text_at(message, "/edited/ts")
}

/// What tells an edit in a conversation from all others. Slack tells of the edit of a mention twice,
/// as it does of the mention: as a `message_changed` and as an `app_mention`. A change by which
/// nothing new was edited is no edit.
fn edit_id(inner: &Value) -> Option<String> {
    let message = inner.get("message").unwrap_or(inner);
    let edited = edited_at(message)?;
    let before = inner.get("previous_message").and_then(edited_at);
    let ts = text_at(message, "/ts").filter(|_| before != Some(edited))?;
    Some(format!("{ts}:{edited}"))
}

/// A new message: as many events as it has files, or one. Slack sends a message that mentions the
/// bot twice, as a `message` and as an `app_mention`, and both have the message's id.
fn said(raw: &Value, inner: &Value, rules: &Rules) -> Result<Vec<Event>, Skip> {
    check_author(raw, inner, rules)?;
    let room = text_at(inner, "/channel").ok_or(Skip::Malformed)?;
    let ts = text_at(inner, "/ts").ok_or(Skip::Malformed)?;
    let sender = first_text_at(inner, &["/user", "/bot_id"]).ok_or(Skip::Malformed)?;
    let conversation = rules.conversation(room, text_at(inner, "/thread_ts"), Some(ts));
    let id = format!("{}:{room}:{ts}", team(raw));
    let messages = contents(inner, rules.own(raw)).into_iter().map(|message| {
        let mut event = event(raw, EventKind::Message(message), sender, &conversation);
        event.id = Some(id.clone());
        event
    });
    Ok(messages.collect())
}

/// Skips what the bot is not told of what `author` has written: what it has written itself, and
/// what other bots write, unless it asks for that.
fn check_author(raw: &Value, author: &Value, rules: &Rules) -> Result<(), Skip> {
    let user = text_at(author, "/user");
    let app = first_text_at(author, &["/app_id", "/bot_profile/app_id"]);
    let is_own = (user.is_some() && user == rules.own(raw))
        || (app.is_some() && app == text_at(raw, "/api_app_id"));
    let is_bot = text_at(author, "/bot_id").is_some() || user == Some("USLACKBOT");
    if is_own || (is_bot && !rules.listen_to_bots) { Err(Skip::Ignored) } else { Ok(()) }
}

/// A change of a message. Slack tells of more changes than people make: previews of links, new
/// answers in a thread, a translation.
fn changed(raw: &Value, inner: &Value, rules: &Rules) -> Result<EventKind, Skip> {
    let now = inner.get("message").ok_or(Skip::Malformed)?;
    match text_at(now, "/subtype") {
        // A message that has answers leaves this in its place.
        Some("tombstone") => {
            let message_id = text_at(now, "/ts").ok_or(Skip::Malformed)?.to_owned();
            return Ok(EventKind::MessageDeleted { message_id });
        }
        Some("assistant_app_thread") => return Err(Skip::Ignored),
        _ => {}
    }
    let is_same = |before: &Value| {
        before.get("text") == now.get("text") && before.get("files") == now.get("files")
    };
    if inner.get("previous_message").is_some_and(is_same) {
        return Err(Skip::Ignored);
    }
    edited(now, rules.own(raw))
}

/// A message as it is after an edit.
fn edited(now: &Value, own: Option<&str>) -> Result<EventKind, Skip> {
    let message_id = text_at(now, "/ts").ok_or(Skip::Malformed)?.to_owned();
    let message = contents(now, own).into_iter().next().ok_or(Skip::Ignored)?;
    Ok(EventKind::MessageEdited { message_id, message })
}

/// It is empty where somebody has removed it.
fn described(inner: &Value, field: &str) -> Result<EventKind, Skip> {
    let description = inner.pointer(field).and_then(Value::as_str);
    let description = description.ok_or(Skip::Malformed)?.to_owned();
    Ok(EventKind::RoomDescribed { description })
}

/// What a message says: its words, or each of its files, the first with the words.
fn contents(message: &Value, own: Option<&str>) -> Vec<Message> {
    let mut words = Some(words(text_at(message, "/text").unwrap_or_default(), own));
    let files = message.get("files").and_then(Value::as_array).map(Vec::as_slice);
    let files = files.unwrap_or_default().iter().filter_map(|file| {
        let id = text_at(file, "/id")?;
        // What was deleted, and what a workspace does not pay for, cannot be had.
        if matches!(text_at(file, "/mode"), Some("tombstone" | "hidden_by_limit")) {
            return None;
        }
        let media = Media {
            source: Source::Id(id.to_owned()),
            caption: words.take().filter(|words| !words.is_empty()),
            mime_type: text_at(file, "/mimetype").map(str::to_owned),
            name: text_at(file, "/name").map(str::to_owned),
        };
        let kind = media.mime_type.as_deref().and_then(|it| it.split('/').next());
        Some(match kind {
            Some("image") => Message::Image(media),
            Some("video") => Message::Video(media),
            Some("audio") => Message::Audio(media),
            _ => Message::File(media),
        })
    });
    let files: Vec<_> = files.collect();
    if files.is_empty() { vec![Message::Text(words.unwrap_or_default())] } else { files }
}
