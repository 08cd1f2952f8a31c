//! Events of the Events API as events that every bot understands
//! (<https://docs.slack.dev/reference/events>).

use serde_json::Value;

use super::messages;
use super::wire::{first_text_at, team, text_at, time};
use crate::chat::Received;
use crate::chat::event::{Event, EventKind, Sender, Target};
use crate::ground::clock::Timestamp;

/// What decides about more than one kind of event.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    /// The bot's own user, if the configuration says.
    pub bot_user_id: Option<String>,
    /// Whether messages of other bots are events.
    pub listen_to_bots: bool,
    /// Whether a message in a channel begins a thread.
    pub reply_in_threads: bool,
}

/// Why nothing is made of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skip {
    /// It is the bot's own echo, or says nothing to a bot.
    Ignored,
    /// It lacks what its kind has.
    Malformed,
}

/// Where something happened.
pub(super) struct Conversation<'a> {
    pub room: &'a str,
    pub thread: Option<&'a str>,
}

impl Rules {
    /// The bot's own user: as configured, or as Slack says for whom it sends the event.
    pub fn own<'a>(&'a self, raw: &'a Value) -> Option<&'a str> {
        let bots = || {
            let all = raw.get("authorizations")?.as_array()?;
            let is_bot = |it: &&Value| it.get("is_bot") == Some(&Value::Bool(true));
            text_at(all.iter().find(is_bot)?, "/user_id")
        };
        self.bot_user_id.as_deref().or_else(bots)
    }

    /// Where an answer to the message `ts` goes. Direct messages need no threads to be told apart.
    pub fn conversation<'a>(
        &self,
        room: &'a str,
        thread: Option<&'a str>,
        ts: Option<&'a str>,
    ) -> Conversation<'a> {
        // The message that a thread began with is not in it.
        let thread = thread.filter(|thread| Some(*thread) != ts);
        let begun = ts.filter(|_| self.reply_in_threads && !is_direct(room));
        Conversation { room, thread: thread.or(begun) }
    }
}

/// Whether a conversation is one with the bot alone: the ids of those begin so
/// (<https://docs.slack.dev/reference/methods/chat.update>).
pub(super) fn is_direct(room: &str) -> bool {
    room.starts_with('D')
}

/// What a request with one event gives.
pub(super) fn received(events: Result<Vec<Event>, Skip>) -> Received {
    match events {
        Ok(events) => events.into(),
        Err(Skip::Ignored) => Received::ignored(),
        Err(Skip::Malformed) => Received { malformed: 1, ..Received::default() },
    }
}

/// The events of a callback: one, or one for each file of a message.
pub(super) fn callback(raw: &Value, rules: &Rules) -> Result<Vec<Event>, Skip> {
    let inner = raw.get("event").ok_or(Skip::Malformed)?;
    let name = text_at(inner, "/type").ok_or(Skip::Malformed)?;
    if matches!(name, "message" | "app_mention") {
        return messages::callback(raw, rules);
    }
    let (sender, conversation, kind) = event_parts(name, inner)?;
    // That the bot itself was invited is news to it; all else that it does is an echo.
    let is_echo = rules.own(raw).is_some_and(|own| own == sender)
        && !matches!(kind, EventKind::MemberJoined { .. } | EventKind::MemberLeft { .. });
    if is_echo {
        return Err(Skip::Ignored);
    }
    let mut event = event(raw, kind, sender, &conversation);
    event.id = text_at(raw, "/event_id").map(str::to_owned);
    Ok(vec![event])
}

/// Who did what where.
fn event_parts<'a>(
    name: &'a str,
    inner: &'a Value,
) -> Result<(&'a str, Conversation<'a>, EventKind), Skip> {
    let need = |pointer| text_at(inner, pointer).ok_or(Skip::Malformed);
    let in_room = |room| Conversation { room, thread: None };
    let user = text_at(inner, "/user").unwrap_or_default();
    let member = || Ok(Sender { id: need("/user")?.to_owned(), name: None });
    Ok(match name {
        "reaction_added" | "reaction_removed" => {
            of_message(inner)?;
            let message_id = need("/item/ts")?.to_owned();
            let emoji = need("/reaction")?.to_owned();
            let kind =
                EventKind::Reaction { message_id, emoji, removed: name == "reaction_removed" };
            (need("/user")?, in_room(need("/item/channel")?), kind)
        }
        "member_joined_channel" => {
            (user, in_room(need("/channel")?), EventKind::MemberJoined { member: member()? })
        }
        "member_left_channel" => {
            (user, in_room(need("/channel")?), EventKind::MemberLeft { member: member()? })
        }
        "channel_created" => {
            let name = text_at(inner, "/channel/name").map(str::to_owned);
            let creator = text_at(inner, "/channel/creator").unwrap_or_default();
            (creator, in_room(need("/channel/id")?), EventKind::RoomCreated { name })
        }
        "channel_rename" | "group_rename" => {
            let name = need("/channel/name")?.to_owned();
            (user, in_room(need("/channel/id")?), EventKind::RoomRenamed { name })
        }
        "pin_added" | "pin_removed" => {
            of_message(inner)?;
            let message_id = first_text_at(inner, &["/item/message/ts", "/item/ts"]);
            let message_id = message_id.ok_or(Skip::Malformed)?.to_owned();
            let kind = match name {
                "pin_added" => EventKind::MessagePinned { message_id },
                _ => EventKind::MessageUnpinned { message_id },
            };
            let room =
                first_text_at(inner, &["/channel_id", "/item/channel"]).ok_or(Skip::Malformed)?;
            (user, in_room(room), kind)
        }
        "file_shared" => (need("/user_id")?, in_room(need("/channel_id")?), only_slack(name)),
        "app_home_opened" => {
            // The home tab is the user's, as with what is clicked in it; the other tab is the direct
            // messages.
            let room = if text_at(inner, "/tab") == Some("home") { "/user" } else { "/channel" };
            (need("/user")?, in_room(need(room)?), only_slack(name))
        }
        "assistant_thread_started" | "assistant_thread_context_changed" => {
            let room = need("/assistant_thread/channel_id")?;
            let thread = Some(need("/assistant_thread/thread_ts")?);
            (need("/assistant_thread/user_id")?, Conversation { room, thread }, only_slack(name))
        }
        _ => return Err(Skip::Ignored),
    })
}

/// Files have reactions and pins as well.
fn of_message(inner: &Value) -> Result<(), Skip> {
    match text_at(inner, "/item/type") {
        Some("message") => Ok(()),
        Some(_) => Err(Skip::Ignored),
        None => Err(Skip::Malformed),
    }
}

/// Something that no other platform has: its extension says what.
pub(super) fn only_slack(name: &str) -> EventKind {
    EventKind::Unknown { name: name.to_owned() }
}

/// An event of `raw`.
pub(super) fn event(
    raw: &Value,
    kind: EventKind,
    sender: &str,
    conversation: &Conversation<'_>,
) -> Event {
    let mut event = Event::new("slack", sender, kind, raw.clone());
    event.target = Target {
        room: conversation.room.to_owned(),
        thread: conversation.thread.map(str::to_owned),
    };
    let stamps = ["/event/event_ts", "/event/ts", "/actions/0/action_ts", "/action_ts"];
    let stamp = stamps.iter().find_map(|pointer| time(text_at(raw, pointer)?));
    let seconds = || raw.get("event_time")?.as_u64()?.checked_mul(1000).map(Timestamp::from_millis);
    event.timestamp = stamp.or_else(seconds).unwrap_or_default();
    event
}

/// The key of a conversation: a thread is one of its own.
pub(super) fn session_key(event: &Event) -> String {
    let Target { room, thread } = &event.target;
    let team = team(&event.raw);
    match thread {
        Some(thread) => format!("{team}:{room}:{thread}"),
        None => format!("{team}:{room}"),
    }
}
