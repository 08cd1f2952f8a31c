//! Messenger and Instagram, and what they will share with Meta's other platforms: how Meta signs
//! its webhooks and asks for them ([`webhook`]), and its Graph API ([`graph`]).
//!
//! The two differ in their limits and in little else, so there is one connector for both
//! ([`MetaConnector`]); what they differ in is [`Platform`]. Meta's documents:
//! <https://developers.facebook.com/documentation/business-messaging/messenger-platform> and
//! <https://developers.facebook.com/documentation/business-messaging/instagram-messaging>.
//!
//! Limits: 1,000 events in a request, 5 s for its answer (by default the events are queued); 24
//! hours to answer somebody; a text of less than 2,000 characters (Messenger) or of 1,000 bytes
//! (Instagram); 13 quick replies, 3 buttons, 10 cards; files of 25 MB. A message can be neither
//! changed nor taken back. Meta has no idempotent send, so sending is at least once.

mod attachment;
mod config;
mod connector;
mod context;
mod error;
mod events;
mod extras;
pub mod graph;
mod happened;
mod lenient;
mod platform;
mod replies;
mod signature;
mod templates;
pub mod webhook;
mod wire;

pub use config::MetaConfig;
pub use connector::MetaConnector;
pub use context::{MediaKind, MetaContext};
pub use extras::{
    AccountLinking, Ad, Attachment, ControlChange, Echo, MetaEvent, Optin, Product, Referral,
    Story, ThreadControl,
};
pub use platform::Platform;
