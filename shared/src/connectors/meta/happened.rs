//! What an item of a webhook says that happened, and by which id it is known again.

use super::attachment::said;
use super::wire::{Id, Item, Message, Party, Postback, Reaction};
use crate::chat;
use crate::chat::event::{EventKind, Payload};

/// What happened, and the id by which it is known when it comes again.
pub(super) struct Happened {
    pub id: String,
    pub kinds: Vec<EventKind>,
}

impl Happened {
    /// As the bot is told of it while another app answers: nothing that a bot would answer without
    /// knowing of that.
    pub(super) fn in_standby(self) -> Self {
        let kinds = vec![EventKind::Unknown { name: "standby".to_owned() }];
        Self { id: format!("standby:{}", self.id), kinds }
    }
}

impl Item {
    /// None for receipts, and for what is not known.
    ///
    /// Messages and postbacks have ids. What changes a message names it, and is told apart by how.
    /// Everything else is known by its time and its sender, which are those of what happened:
    /// when it was sent is said elsewhere (`entry.time`), and “your server should handle
    /// deduplication”
    /// (<https://developers.facebook.com/docs/graph-api/webhooks/getting-started#event-notifications>).
    pub(super) fn happened(&self) -> Option<Happened> {
        let at = |name: &str| {
            let sender = self.sender.as_ref().and_then(Party::id).unwrap_or_default();
            format!("{name}:{}:{sender}", self.timestamp.0.as_millis())
        };
        let one = |id: String, kind| Some(Happened { id, kinds: vec![kind] });
        let unknown = |name: &str| one(at(name), EventKind::Unknown { name: name.to_owned() });
        if let Some(message) = &self.message {
            return Some(message.happened());
        }
        if let Some(postback) = &self.postback {
            let id = postback.mid.clone().unwrap_or_else(|| at("postback"));
            return one(id, postback.kind());
        }
        if let Some(reaction) = &self.reaction {
            return one(format!("{}:{}", at("reaction"), reaction.mid), reaction.kind());
        }
        if let Some(edit) = &self.message_edit {
            let count = edit.num_edit.clone().map(|Id(count)| count);
            let count = count.unwrap_or_else(|| self.timestamp.0.as_millis().to_string());
            let message = chat::Message::Text(edit.text.clone());
            let kind = EventKind::MessageEdited { message_id: edit.mid.clone(), message };
            return one(format!("{}:edit:{count}", edit.mid), kind);
        }
        let others = [
            ("referral", self.referral.is_some()),
            ("optin", self.optin.is_some()),
            ("account_linking", self.account_linking.is_some()),
            ("thread_control", self.thread_control().is_some()),
        ];
        others.into_iter().find(|(_, is_there)| *is_there).and_then(|(name, _)| unknown(name))
    }
}

impl Message {
    /// A deleted message has the id of the message that it was.
    fn happened(&self) -> Happened {
        let mid = &self.mid;
        if self.is_echo {
            let kinds = vec![EventKind::Unknown { name: "echo".to_owned() }];
            return Happened { id: mid.clone(), kinds };
        }
        let id = if self.is_deleted { format!("{mid}:deleted") } else { mid.clone() };
        Happened { id, kinds: said(self) }
    }
}

impl Postback {
    fn kind(&self) -> EventKind {
        match self.payload.clone() {
            Some(data) => EventKind::Payload(Payload { data, title: self.title.clone() }),
            None => EventKind::Unknown { name: "postback".to_owned() },
        }
    }
}

impl Reaction {
    fn kind(&self) -> EventKind {
        let emoji = self.emoji.clone().or_else(|| self.name.clone()).unwrap_or_default();
        let removed = self.action == "unreact";
        EventKind::Reaction { message_id: self.mid.clone(), emoji, removed }
    }
}

impl Party {
    fn id(&self) -> Option<&str> {
        self.id.as_ref().map(|Id(id)| id.as_str())
    }
}
