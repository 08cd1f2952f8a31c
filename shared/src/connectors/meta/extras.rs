//! What Messenger and Instagram tell and other platforms do not: [`MetaEvent`], an extension of the
//! event. Nothing here has a `Debug`: it is what people said, and tokens.

use serde::Deserialize;
use serde_json::Value;

use super::lenient::{id_or_none, or_none};
use super::wire::{Control, Id, Item};
use crate::chat::EventKind;

/// What is special about an event of Messenger or Instagram. In a bot:
///
/// ```
/// # use patchcord::chat::{BotResult, Context};
/// use patchcord::connectors::meta::MetaEvent;
///
/// async fn bot(context: Context) -> BotResult {
///     let meta = context.event().extensions.get::<MetaEvent>();
///     if let Some(referral) = meta.and_then(|meta| meta.referral.as_ref()) {
///         let campaign = referral.reference.as_deref().unwrap_or("an unknown place");
///         context.send_text(format!("You come from {campaign}.")).await?;
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, PartialEq)]
pub struct MetaEvent {
    /// The page or professional account it happened to.
    pub account: String,
    /// What happened, if another app has the conversation at the moment; otherwise empty.
    pub standby: Vec<EventKind>,
    /// How somebody came here: an ad, a link, a product.
    pub referral: Option<Referral>,
    /// The story that somebody answered.
    pub story: Option<Story>,
    /// All attachments of the message; each of them is an event of its own.
    pub attachments: Vec<Attachment>,
    /// What somebody agreed to get.
    pub optin: Option<Optin>,
    /// Somebody linked their account elsewhere, or undid it.
    pub account_linking: Option<AccountLinking>,
    /// Which app has the conversation from now on, or wants it.
    pub thread_control: Option<ThreadControl>,
    /// What another app, or a person, said in the page's name.
    pub echo: Option<Echo>,
}

/// How somebody came here
/// (<https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/messaging_referrals>).
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Referral {
    /// The parameter `ref` of the link or ad.
    #[serde(default, rename = "ref", deserialize_with = "or_none")]
    pub reference: Option<String>,
    /// `SHORTLINK` for m.me links, `ADS` for ads.
    #[serde(default, deserialize_with = "or_none")]
    pub source: Option<String>,
    /// The ad.
    #[serde(default, deserialize_with = "id_or_none")]
    pub ad_id: Option<String>,
    /// What the ad showed.
    #[serde(default, rename = "ads_context_data", deserialize_with = "or_none")]
    pub ad: Option<Ad>,
    /// The product in an Instagram shop.
    #[serde(default, deserialize_with = "or_none")]
    pub product: Option<Product>,
}

/// What an ad showed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Ad {
    /// Its title.
    #[serde(default, deserialize_with = "or_none")]
    pub ad_title: Option<String>,
    /// Its picture.
    #[serde(default, deserialize_with = "or_none")]
    pub photo_url: Option<String>,
    /// The preview of its film.
    #[serde(default, deserialize_with = "or_none")]
    pub video_url: Option<String>,
    /// The post it is.
    #[serde(default, deserialize_with = "id_or_none")]
    pub post_id: Option<String>,
    /// The product it shows.
    #[serde(default, deserialize_with = "id_or_none")]
    pub product_id: Option<String>,
}

/// A product in a shop.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Product {
    /// Its id.
    #[serde(default, deserialize_with = "id_or_none")]
    pub id: Option<String>,
}

/// A story on Instagram.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Story {
    /// Its id.
    #[serde(default, deserialize_with = "id_or_none")]
    pub id: Option<String>,
    /// Where it is, for a day. Its content may not be kept.
    #[serde(default, deserialize_with = "or_none")]
    pub url: Option<String>,
}

/// An attachment as Meta describes it.
#[derive(Clone, PartialEq, Deserialize)]
pub struct Attachment {
    /// `image`, `template`, `story_mention`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// What is written on it.
    #[serde(default, deserialize_with = "or_none")]
    pub title: Option<String>,
    /// The page that a link leads to.
    #[serde(default, deserialize_with = "or_none")]
    pub url: Option<String>,
    /// The rest.
    #[serde(default)]
    pub payload: Value,
}

/// What somebody agreed to get
/// (<https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/messaging_optins>).
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Optin {
    /// `notification_messages`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The parameter of the plugin.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// What the request carried.
    pub payload: Option<String>,
    /// What stands for the recipient of these messages.
    pub notification_messages_token: Option<String>,
    /// `STOP NOTIFICATIONS` or `RESUME NOTIFICATIONS`.
    pub notification_messages_status: Option<String>,
}

/// An account that was linked, or is not any more.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct AccountLinking {
    /// `linked` or `unlinked`.
    pub status: String,
    /// The code that the login page gave.
    pub authorization_code: Option<String>,
}

/// A change of who answers in the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadControl {
    /// Which.
    pub change: ControlChange,
    /// The app that had it; none if nobody had.
    pub previous_owner: Option<String>,
    /// The app that has it now, or wants it.
    pub new_owner: Option<String>,
    /// What that app said about it.
    pub metadata: Option<String>,
}

/// How a conversation changes hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlChange {
    /// An app has passed it to another.
    Passed,
    /// An app has taken it.
    Taken,
    /// An app would like to have it.
    Requested,
}

/// What another app, or a person, said in the page's name. Its words are in
/// [`Event::raw`](crate::chat::Event::raw).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Echo {
    /// Which app. People who answer in Meta's own inbox are an app, too.
    pub app_id: String,
    /// What that app sent along.
    pub metadata: Option<String>,
}

impl Attachment {
    /// Where its content is.
    pub fn content_url(&self) -> Option<&str> {
        self.payload.get("url").and_then(Value::as_str).or(self.url.as_deref())
    }
}

impl MetaEvent {
    /// What is special about `item`.
    pub(super) fn of(account: Id, item: Item, standby: Vec<EventKind>) -> Self {
        let thread_control = item.thread_control();
        let echo = item.message.as_ref().filter(|message| message.is_echo).and_then(|message| {
            let Id(app_id) = message.app_id.clone()?;
            Some(Echo { app_id, metadata: message.metadata.clone() })
        });
        let (of_message, story, attachments) = match item.message {
            Some(message) => {
                let story = message.reply_to.and_then(|reply_to| reply_to.story);
                (message.referral, story, message.attachments)
            }
            None => (None, None, Vec::new()),
        };
        let of_postback = item.postback.and_then(|postback| postback.referral);
        Self {
            account: account.0,
            standby,
            referral: item.referral.or(of_message).or(of_postback),
            story,
            attachments,
            optin: item.optin,
            account_linking: item.account_linking,
            thread_control,
            echo,
        }
    }
}

impl Item {
    /// Who answers from now on, if this is what happened.
    pub(super) fn thread_control(&self) -> Option<ThreadControl> {
        let changes = [
            (ControlChange::Passed, &self.pass_thread_control),
            (ControlChange::Taken, &self.take_thread_control),
            (ControlChange::Requested, &self.request_thread_control),
        ];
        changes.into_iter().find_map(|(change, control)| {
            let Control { previous_owner_app_id, new_owner_app_id, metadata } = control.as_ref()?;
            let owner = |id: &Option<Id>| id.as_ref().map(|Id(id)| id.clone());
            Some(ThreadControl {
                change,
                previous_owner: owner(previous_owner_app_id),
                new_owner: owner(new_owner_app_id),
                metadata: metadata.clone(),
            })
        })
    }
}
