//! What Meta sends, as far as it is read
//! (<https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events>,
//! <https://developers.facebook.com/documentation/business-messaging/instagram-messaging/webhooks>).

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::extras::{AccountLinking, Attachment, Optin, Referral, Story};
use super::lenient::{each_readable, or_default, or_none};
use crate::ground::clock::Timestamp;

/// An id. Meta writes most of them as texts and some as numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Id(pub String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Value::deserialize(from)? {
            Value::String(id) if !id.is_empty() => Ok(Self(id)),
            Value::Number(id) if id.is_u64() => Ok(Self(id.to_string())),
            _ => Err(serde::de::Error::custom("expected an id")),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Envelope {
    pub object: String,
    pub entry: Vec<Value>,
}

/// What happened to one page or account. Its `time` is when Meta sent this, and is another if it
/// is sent again.
#[derive(Deserialize)]
pub(super) struct Entry {
    pub id: Id,
    #[serde(default, deserialize_with = "or_default")]
    pub messaging: Vec<Value>,
    #[serde(default, deserialize_with = "or_default")]
    pub standby: Vec<Value>,
    #[serde(default, deserialize_with = "or_default")]
    pub changes: Vec<Value>,
}

/// The form in which the dashboard's button “Test” sends events of the field that it names.
#[derive(Deserialize)]
pub(super) struct Change {
    pub field: String,
    pub value: Value,
}

/// One event. Which of the others is there says what happened.
#[derive(Deserialize)]
pub(super) struct Item {
    pub sender: Option<Party>,
    pub recipient: Option<Party>,
    #[serde(default)]
    pub timestamp: Moment,
    pub message: Option<Message>,
    pub postback: Option<Postback>,
    pub reaction: Option<Reaction>,
    pub message_edit: Option<MessageEdit>,
    #[serde(default, deserialize_with = "or_none")]
    pub referral: Option<Referral>,
    pub optin: Option<Optin>,
    pub account_linking: Option<AccountLinking>,
    pub pass_thread_control: Option<Control>,
    pub take_thread_control: Option<Control>,
    pub request_thread_control: Option<Control>,
}

/// Who is not known to the page has no id, but a `user_ref`.
#[derive(Deserialize)]
pub(super) struct Party {
    pub id: Option<Id>,
}

#[derive(Deserialize)]
pub(super) struct Message {
    pub mid: String,
    pub text: Option<String>,
    #[serde(default, deserialize_with = "or_none")]
    pub quick_reply: Option<QuickReply>,
    #[serde(default, deserialize_with = "each_readable")]
    pub attachments: Vec<Attachment>,
    #[serde(default, deserialize_with = "or_none")]
    pub reply_to: Option<ReplyTo>,
    #[serde(default, deserialize_with = "or_none")]
    pub referral: Option<Referral>,
    #[serde(default, deserialize_with = "or_default")]
    pub is_deleted: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub is_echo: bool,
    #[serde(default, deserialize_with = "or_default")]
    pub is_unsupported: bool,
    #[serde(default, deserialize_with = "or_none")]
    pub app_id: Option<Id>,
    #[serde(default, deserialize_with = "or_none")]
    pub metadata: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct QuickReply {
    pub payload: String,
}

#[derive(Deserialize)]
pub(super) struct ReplyTo {
    #[serde(default, deserialize_with = "or_none")]
    pub mid: Option<String>,
    #[serde(default, deserialize_with = "or_none")]
    pub story: Option<Story>,
}

/// The title is there in standby, too, the payload is not.
#[derive(Deserialize)]
pub(super) struct Postback {
    pub mid: Option<String>,
    #[serde(default, deserialize_with = "or_none")]
    pub title: Option<String>,
    pub payload: Option<String>,
    #[serde(default, deserialize_with = "or_none")]
    pub referral: Option<Referral>,
}

#[derive(Deserialize)]
pub(super) struct Reaction {
    pub mid: String,
    pub action: String,
    #[serde(default, rename = "reaction", deserialize_with = "or_none")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "or_none")]
    pub emoji: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct MessageEdit {
    pub mid: String,
    #[serde(default, deserialize_with = "or_default")]
    pub text: String,
    #[serde(default, deserialize_with = "or_none")]
    pub num_edit: Option<Id>,
}

#[derive(Deserialize)]
pub(super) struct Control {
    #[serde(default, deserialize_with = "or_none")]
    pub previous_owner_app_id: Option<Id>,
    #[serde(default, alias = "requested_owner_app_id", deserialize_with = "or_none")]
    pub new_owner_app_id: Option<Id>,
    #[serde(default, deserialize_with = "or_none")]
    pub metadata: Option<String>,
}

/// When something happened: milliseconds since the epoch, in the dashboard's tests seconds, as a
/// number or a text.
#[derive(Clone, Copy, Default)]
pub(super) struct Moment(pub Timestamp);

/// So many milliseconds after the epoch nobody had a page yet; so many seconds are the year 5138.
const FIRST_MILLISECONDS: u64 = 100_000_000_000;

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let number = match Value::deserialize(from)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        };
        let number = number.ok_or_else(|| serde::de::Error::custom("expected a time"))?;
        let is_seconds = number < FIRST_MILLISECONDS;
        let millis = if is_seconds { number.saturating_mul(1000) } else { number };
        Ok(Self(Timestamp::from_millis(millis)))
    }
}

/// An id that may be left out, or null.
pub(super) fn optional_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<Id>::deserialize(from)?.map(|Id(id)| id))
}
