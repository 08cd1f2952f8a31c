//! Replies as calls of Slack's API (<https://docs.slack.dev/reference/methods>).

use bytes::Bytes;
use serde_json::{Map, Value, json};

use super::blocks;
use super::emoji::emoji_name;
use super::text::escape;
use crate::chat::SendError;
use crate::chat::event::Target;
use crate::chat::fallback::Unsupported;
use crate::chat::reply::{Media, Reply, Source};

pub(super) const POST: &str = "chat.postMessage";
const UPDATE: &str = "chat.update";
const STATUS: &str = "assistant.threads.setStatus";

/// What somebody reads while the bot thinks.
const IS_TYPING: &str = "is typing…";

/// What is to be done for a reply.
#[derive(Debug, PartialEq)]
pub(super) enum Plan<'a> {
    /// Nothing: the place has no such thing.
    Nothing,
    /// One call.
    Call(Call),
    /// A file to bring to Slack, and to share.
    Upload { bytes: &'a Bytes, name: &'a str, share: Map<String, Value> },
    /// A file of Slack's own to share again, by a message with a link to it.
    Share { file: &'a str, media: &'a Media },
}

/// A call of a method.
#[derive(Debug, PartialEq)]
pub(super) struct Call {
    pub method: &'static str,
    pub arguments: Value,
}

impl Call {
    /// Whether `code` says that what the call is for is so already, or of no weight.
    pub fn is_done_by(&self, code: &str) -> bool {
        match self.method {
            "reactions.add" => code == "already_reacted",
            "reactions.remove" => code == "no_reaction",
            "chat.delete" => code == "message_not_found",
            // Threads that are no assistant's have no status.
            STATUS => true,
            _ => false,
        }
    }
}

/// How `reply` gets to `target`.
pub(super) fn plan<'a>(reply: &'a Reply, target: &Target) -> Result<Plan<'a>, SendError> {
    let message = |text: &str, blocks: Vec<Value>| Plan::Call(post(target, text, blocks));
    Ok(match reply {
        Reply::Text { text } => message(&escape(text), Vec::new()),
        Reply::Buttons { text, buttons } => {
            message(&escape(text), blocks::buttons(text, buttons, 0))
        }
        Reply::Cards { cards } => {
            let titles: Vec<_> = cards.iter().map(|card| escape(&card.title)).collect();
            message(&titles.join("\n"), blocks::cards(cards))
        }
        Reply::Image(media) => match blocks::image(media) {
            Some(blocks) => message(&escape(blocks::alternative(media)), blocks),
            None => file(media, target),
        },
        Reply::File(media) | Reply::Video(media) | Reply::Audio(media) => file(media, target),
        Reply::Typing { on } => status(target, if *on { IS_TYPING } else { "" }),
        Reply::Reaction { message_id, emoji, removed } => {
            let method = if *removed { "reactions.remove" } else { "reactions.add" };
            let (channel, timestamp) = message_place(message_id, target);
            let name = emoji_name(emoji);
            let arguments = json!({ "channel": channel, "timestamp": timestamp, "name": name });
            Plan::Call(Call { method, arguments })
        }
        Reply::Edit { message_id, text, buttons } => {
            let (channel, ts) = message_place(message_id, target);
            // An empty list takes the buttons away that were there.
            let blocks = match buttons.as_slice() {
                [] => Vec::new(),
                buttons => blocks::buttons(text, buttons, 0),
            };
            let text = escape(text);
            let arguments = json!({ "channel": channel, "ts": ts, "text": text, "blocks": blocks });
            Plan::Call(Call { method: UPDATE, arguments })
        }
        Reply::Delete { message_id } => {
            let (channel, ts) = message_place(message_id, target);
            let arguments = json!({ "channel": channel, "ts": ts });
            Plan::Call(Call { method: "chat.delete", arguments })
        }
        Reply::Custom { json: Value::Object(own) } => {
            let mut arguments = place(target);
            arguments.extend(own.clone());
            Plan::Call(Call { method: POST, arguments: arguments.into() })
        }
        Reply::Custom { .. } => {
            let reason = "expected an object: arguments of chat.postMessage".to_owned();
            return Err(SendError::Refused { reason });
        }
        Reply::QuickReplies { .. } => return Err(Unsupported(reply.kind()).into()),
    })
}

/// A message of `text`, which is escaped, and blocks. With blocks the text is for notifications.
fn post(target: &Target, text: &str, blocks: Vec<Value>) -> Call {
    let mut arguments = place(target);
    arguments.insert("text".to_owned(), json!(text));
    if !blocks.is_empty() {
        arguments.insert("blocks".to_owned(), blocks.into());
    }
    Call { method: POST, arguments: arguments.into() }
}

fn place(target: &Target) -> Map<String, Value> {
    let mut place = Map::from_iter([("channel".to_owned(), json!(target.room))]);
    if let Some(thread) = &target.thread {
        place.insert("thread_ts".to_owned(), json!(thread));
    }
    place
}

/// Slack takes no file by its URL: people get a link.
fn file<'a>(media: &'a Media, target: &Target) -> Plan<'a> {
    match &media.source {
        Source::Url(url) => Plan::Call(link(media, url, target)),
        Source::Id(file) => Plan::Share { file, media },
        Source::Data(bytes) => {
            let name = media.name.as_deref().filter(|name| !name.is_empty()).unwrap_or("file");
            // A user's id stands for the direct messages with them, which this method has another
            // argument for.
            let is_user = target.room.starts_with(['U', 'W']);
            let channel = if is_user { "channels" } else { "channel_id" };
            let mut share = place(target);
            let room = share.remove("channel").unwrap_or_default();
            share.insert(channel.to_owned(), room);
            if let Some(caption) = &media.caption {
                share.insert("initial_comment".to_owned(), json!(escape(caption)));
            }
            Plan::Upload { bytes, name, share }
        }
    }
}

/// A message with the link `url` to a file, below its caption.
pub(super) fn link(media: &Media, url: &str, target: &Target) -> Call {
    let url = escape(url).replace('|', "%7C");
    let link = match media.name.as_deref() {
        Some(name) => format!("<{url}|{}>", escape(name).replace('|', " ")),
        None => format!("<{url}>"),
    };
    let text = match &media.caption {
        Some(caption) => format!("{}\n{link}", escape(caption)),
        None => link,
    };
    post(target, &text, Vec::new())
}

/// The indicator in a thread with an assistant
/// (<https://docs.slack.dev/reference/methods/assistant.threads.setStatus>). Other places have none.
fn status<'a>(target: &Target, status: &str) -> Plan<'a> {
    let Some(thread) = &target.thread else { return Plan::Nothing };
    let arguments = json!({ "channel_id": target.room, "thread_ts": thread, "status": status });
    Plan::Call(Call { method: STATUS, arguments })
}

/// The id of the message `ts`, which Slack says it has put into `channel`. Where that is not the
/// room that it was sent to, but the direct messages with a user, the id has it, too: only there can
/// the message be changed.
pub(super) fn message_id(ts: &str, channel: Option<&str>, room: &str) -> String {
    match channel {
        Some(channel) if channel != room => format!("{channel}/{ts}"),
        _ => ts.to_owned(),
    }
}

/// The channel and the `ts` of a message.
fn message_place<'a>(message_id: &'a str, target: &'a Target) -> (&'a str, &'a str) {
    message_id.split_once('/').unwrap_or((&target.room, message_id))
}
