//! What Messenger and Instagram tell and other platforms do not: [`MetaEvent`], an extension of the
//! event. Nothing here has a `Debug`: it is what people said, and tokens.

mod message;
mod referral;
mod thread_control;

use serde::Deserialize;

pub use message::{Attachment, Echo, Story};
pub use referral::{Ad, Product, Referral};
pub use thread_control::{ControlChange, ThreadControl};

use super::wire::{Id, Item};
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
