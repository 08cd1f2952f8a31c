//! Webhooks as events: a pure mapping.

use std::collections::HashSet;

use serde::Deserialize as _;
use serde_json::{Value, json};

use super::extras::MetaEvent;
use super::happened::Happened;
use super::platform::Platform;
use super::wire::{Change, Entry, Envelope, Id, Item, Message};
use crate::chat::{Event, Received, RequestError, Target};
use crate::ground::clock::Timestamp;

/// Reads the webhooks of one channel.
pub(super) struct Reader {
    pub platform: Platform,
    /// The only page or account whose events count.
    pub account: Option<String>,
    /// The app that the channel is.
    pub app: Option<String>,
}

/// Which of the two lists of an entry an event is in. Those in `standby` happened while another
/// app has the conversation
/// (<https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/standby>).
#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Messaging,
    Standby,
}

impl List {
    const fn name(self) -> &'static str {
        match self {
            Self::Messaging => "messaging",
            Self::Standby => "standby",
        }
    }
}

/// What became of an event.
enum Read {
    Told(Vec<Event>),
    Ignored,
    Malformed,
}

impl Reader {
    /// The events of a request, in their order.
    pub(super) fn read(&self, body: &[u8]) -> Result<Received, RequestError> {
        let object = self.platform.object();
        let expected = || {
            RequestError::malformed(format!(r#"expected {{"object": "{object}", "entry": […]}}"#))
        };
        let envelope: Envelope = serde_json::from_slice(body).map_err(|_| expected())?;
        if envelope.object != object {
            return Err(expected());
        }
        let mut received = Received::default();
        let mut seen = HashSet::new();
        for entry in &envelope.entry {
            let Ok(Entry { id, messaging, standby, changes }) = Entry::deserialize(entry) else {
                received.malformed += 1;
                continue;
            };
            let messaging = messaging.into_iter().map(|item| Some((List::Messaging, item)));
            let standby = standby.into_iter().map(|item| Some((List::Standby, item)));
            for item in messaging.chain(standby).chain(changes.into_iter().map(change)) {
                let read = item.map_or(Read::Ignored, |(list, item)| {
                    self.item(&id, entry.get("time"), list, &item)
                });
                match read {
                    Read::Told(mut events) => {
                        // What comes once more is known by the one id that all its events have.
                        let is_new = events.first().is_none_or(|it| seen.insert(it.id.clone()));
                        if is_new {
                            received.events.append(&mut events);
                        } else {
                            received.ignored += events.len();
                        }
                    }
                    Read::Ignored => received.ignored += 1,
                    Read::Malformed => received.malformed += 1,
                }
            }
        }
        Ok(received)
    }

    fn item(&self, account: &Id, time: Option<&Value>, list: List, raw: &Value) -> Read {
        if self.account.as_ref().is_some_and(|ours| *ours != account.0) {
            return Read::Ignored;
        }
        let Ok(item) = Item::deserialize(raw) else { return Read::Malformed };
        let Some(happened) = item.happened() else { return Read::Ignored };
        // “Every event includes timestamp”; without it, what has no id could not be told apart.
        if item.message.is_none() && item.timestamp.0 == Timestamp::default() {
            return Read::Malformed;
        }
        if item.message.as_ref().is_some_and(|message| message.is_echo && !self.is_told(message)) {
            return Read::Ignored;
        }
        let (Some(sender), Some(recipient)) = (&item.sender, &item.recipient) else {
            return Read::Malformed;
        };
        // Who has no id has a `user_ref`, which nothing but plugins of web pages knew.
        let (Some(Id(sender)), Some(Id(recipient))) = (&sender.id, &recipient.id) else {
            return Read::Ignored;
        };
        // An echo is sent by the account, whatever id it has there. What else the account has done,
        // by the id of the entry, nobody has to answer.
        let is_echo = item.message.as_ref().is_some_and(|message| message.is_echo);
        if !is_echo && *sender == account.0 {
            return Read::Ignored;
        }
        let person = if is_echo { recipient } else { sender };
        let Happened { id, kinds } = match list {
            List::Messaging => happened,
            List::Standby => happened.in_standby(),
        };
        let raw = json!({ "id": account.0, "time": time, list.name(): [raw] });
        // What a message consists of has the message's id; whoever handles the request tells it apart.
        let event = |kind| {
            let mut event = Event::new(self.platform.name(), sender, kind, raw.clone());
            event.id = Some(id.clone());
            event.target = Target::room(person);
            event.timestamp = item.timestamp.0;
            event
        };
        Read::Told(kinds.into_iter().map(event).collect())
    }

    /// Whether the bot is told of what was said in the page's name: never of what it has said
    /// itself, and so only of what certainly comes from another app.
    fn is_told(&self, echo: &Message) -> bool {
        match (&self.app, &echo.app_id) {
            (Some(ours), Some(Id(theirs))) => ours != theirs,
            _ => false,
        }
    }
}

/// A change of a field that has to do with messages, as the dashboard's button “Test” sends them.
fn change(raw: Value) -> Option<(List, Value)> {
    let Change { field, value } = Change::deserialize(raw).ok()?;
    match field.as_str() {
        "standby" => Some((List::Standby, value)),
        field if field.starts_with("messag") => Some((List::Messaging, value)),
        _ => None,
    }
}

/// What is special about an event, from what Meta sent of it.
pub(super) fn special(raw: &Value) -> Option<MetaEvent> {
    let Entry { id, messaging, standby, .. } = Entry::deserialize(raw).ok()?;
    let is_standby = messaging.is_empty();
    let item = Item::deserialize(messaging.into_iter().chain(standby).next()?).ok()?;
    let kinds = if is_standby { item.happened()?.kinds } else { Vec::new() };
    Some(MetaEvent::of(id, item, kinds))
}
