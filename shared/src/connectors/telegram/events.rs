//! An update as events. Nothing here calls anybody.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::bot::Bot;
use super::calls::DIRECT;
use super::changes::{MemberChange, Reaction, ReactionChange};
use super::connector::PLATFORM;
use super::content::{happenings, said};
use super::extras::{self, Chat, User};
use super::updates::UpdateKind;
use super::wire::{Callback, Message, Other, Update};
use crate::chat::event::{Payload, Sender};
use crate::chat::{Event, EventKind, Received, RequestError, Target};
use crate::ground::clock::Timestamp;

/// Something that happened, before it is an event.
pub(super) struct Happened {
    pub kind: EventKind,
    pub sender: Sender,
    pub target: Target,
    /// Seconds since the epoch; 0 if Telegram does not say.
    pub date: u64,
}

/// The events of a request's body.
pub(super) fn events(body: &[u8], bot: &Bot) -> Result<Received, RequestError> {
    let raw: Value =
        serde_json::from_slice(body).map_err(|_| RequestError::malformed("expected JSON"))?;
    let update = Update::deserialize(&raw)
        .map_err(|_| RequestError::malformed(r#"expected an update, {"update_id": …}"#))?;
    let Some((kind, name, content)) = UpdateKind::of(&raw) else {
        return Ok(Received::ignored());
    };
    let happened = match happened(kind, name, content, bot) {
        Ok(happened) if happened.is_empty() => return Ok(Received::ignored()),
        Ok(happened) => happened,
        // Telegram would send it again and again.
        Err(_) => return Ok(Received { malformed: 1, ..Received::default() }),
    };
    let event = |happened: Happened| {
        let Happened { kind, sender, target, date } = happened;
        let mut event = Event::new(PLATFORM, &sender.id, kind, raw.clone());
        event.id = Some(update.update_id.to_string());
        event.timestamp = Timestamp::default() + Duration::from_secs(date);
        (event.sender, event.target) = (sender, target);
        event
    };
    Ok(happened.into_iter().map(event).collect::<Vec<_>>().into())
}

fn happened(
    kind: UpdateKind,
    name: &str,
    content: &Value,
    bot: &Bot,
) -> Result<Vec<Happened>, serde_json::Error> {
    if kind.is_message() && extras::command(content).is_some_and(|it| bot.is_not_meant(&it)) {
        return Ok(Vec::new());
    }
    Ok(match kind {
        UpdateKind::Message | UpdateKind::ChannelPost => {
            happenings(&Message::deserialize(content)?, bot)
        }
        UpdateKind::EditedMessage | UpdateKind::EditedChannelPost => {
            edited(&Message::deserialize(content)?, bot)
        }
        UpdateKind::CallbackQuery => vec![pressed(Callback::deserialize(content)?)],
        UpdateKind::MessageReaction => reactions(&ReactionChange::deserialize(content)?),
        UpdateKind::MyChatMember | UpdateKind::ChatMember => {
            let change = MemberChange::deserialize(content)?;
            // The bot's own membership has an update of its own.
            let is_own = change.new_chat_member.user.id == bot.id;
            let is_twice = kind == UpdateKind::ChatMember && is_own;
            if is_twice { Vec::new() } else { vec![membership(&change, name)] }
        }
        _ => vec![other(&Other::deserialize(content)?, name)],
    })
}

fn edited(message: &Message, bot: &Bot) -> Vec<Happened> {
    let Some(content) = said(message).filter(|_| !message.is_by(bot.id)) else {
        return Vec::new();
    };
    let kind =
        EventKind::MessageEdited { message_id: message.message_id.to_string(), message: content };
    let date = message.edit_date.unwrap_or(message.date);
    vec![Happened { date, ..Happened::in_message(message, kind) }]
}

/// A button, with what is written on it. One of a message that was sent by way of inline mode is in
/// a chat that the bot is not told of; the answer goes to whoever has pressed it.
fn pressed(callback: Callback) -> Happened {
    let Callback { from, message, data } = callback;
    let kind = match data {
        Some(data) => {
            let keys = message.iter().filter_map(|it| it.reply_markup.as_ref());
            let mut keys = keys.flat_map(|it| it.inline_keyboard.iter().flatten());
            let key = keys.find(|key| key.callback_data.as_ref() == Some(&data));
            EventKind::Payload(Payload { title: key.map(|key| key.text.clone()), data })
        }
        None => EventKind::Unknown { name: "callback_game".to_owned() },
    };
    let target = message.as_ref().map_or_else(|| Target::room(from.id.to_string()), target);
    Happened { kind, sender: from.into(), target, date: 0 }
}

/// Those that were taken back, then those that are new.
fn reactions(change: &ReactionChange) -> Vec<Happened> {
    let ReactionChange { old_reaction: old, new_reaction: new, .. } = change;
    let removed = old.iter().filter(|it| !new.contains(it)).map(|it| (it, true));
    let added = new.iter().filter(|it| !old.contains(it)).map(|it| (it, false));
    let sender = || match (&change.user, &change.actor_chat) {
        (Some(user), _) => user.clone().into(),
        (None, Some(chat)) => chat.clone().into(),
        (None, None) => change.chat.clone().into(),
    };
    let happened = |(reaction, removed): (&Reaction, bool)| Happened {
        kind: EventKind::Reaction {
            message_id: change.message_id.to_string(),
            emoji: match reaction {
                Reaction::Emoji { emoji } => emoji.clone(),
                Reaction::CustomEmoji { custom_emoji_id } => custom_emoji_id.clone(),
                Reaction::Paid => "paid".to_owned(),
            },
            removed,
        },
        sender: sender(),
        target: Target::room(change.chat.id.to_string()),
        date: change.date,
    };
    removed.chain(added).map(happened).collect()
}

/// Somebody came or went; other changes are what the update is called.
fn membership(change: &MemberChange, name: &str) -> Happened {
    let member = Sender::from(change.new_chat_member.user.clone());
    let kind = match (change.old_chat_member.is_in(), change.new_chat_member.is_in()) {
        (false, true) => EventKind::MemberJoined { member },
        (true, false) => EventKind::MemberLeft { member },
        _ => EventKind::Unknown { name: name.to_owned() },
    };
    let target = Target::room(change.chat.id.to_string());
    Happened { kind, sender: change.from.clone().into(), target, date: change.date }
}

/// An update of a kind that only Telegram has. Without a chat its place is the one of whoever
/// caused it: an inline query comes from no chat that the bot could write to.
fn other(other: &Other, name: &str) -> Happened {
    let chat = other.chat.as_ref();
    let user = other.from.as_ref().or(other.user.as_ref());
    let sender = user.cloned().map(Sender::from).or_else(|| chat.cloned().map(Sender::from));
    let room = chat.map(|chat| chat.id).or_else(|| user.map(|user| user.id));
    Happened {
        kind: EventKind::Unknown { name: name.to_owned() },
        sender: sender.unwrap_or_default(),
        target: Target::room(room.map(|room| room.to_string()).unwrap_or_default()),
        date: other.date,
    }
}

impl Happened {
    /// What a message tells.
    pub fn in_message(message: &Message, kind: EventKind) -> Self {
        let sender = match (&message.sender_chat, &message.from) {
            // Said in the name of a chat; `from` is then made up.
            (Some(chat), _) => chat.clone().into(),
            (None, Some(user)) => user.clone().into(),
            (None, None) => message.chat.clone().into(),
        };
        Self { kind, sender, target: target(message), date: message.date }
    }
}

fn target(message: &Message) -> Target {
    let direct = message.direct_messages_topic.as_ref();
    let direct = direct.map(|topic| format!("{DIRECT}{}", topic.topic_id));
    let thread = direct.or_else(|| message.topic().map(|topic| topic.to_string()));
    Target { room: message.chat.id.to_string(), thread }
}

impl From<User> for Sender {
    fn from(user: User) -> Self {
        let names = [Some(user.first_name), user.last_name].into_iter().flatten();
        let name = names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ");
        Self { id: user.id.to_string(), name: Some(name).filter(|name| !name.is_empty()) }
    }
}

impl From<Chat> for Sender {
    fn from(chat: Chat) -> Self {
        Self { id: chat.id.to_string(), name: chat.title.or(chat.username) }
    }
}
