//! The chat wing: what a platform told us ([`Event`]), the [`Connector`] that translates, the
//! [`sessions`] that remember, the [`Bot`] that answers through its [`Context`], what it says
//! ([`Reply`]) and where that goes ([`OutputChannel`]), and the [`Dispatcher`] that joins them.

pub mod bot;
pub mod connector;
pub mod context;
pub mod dispatcher;
pub mod event;
pub mod fallback;
pub mod growing;
pub mod media;
pub mod output;
pub mod queue;
pub mod reply;
pub mod router;
pub mod sessions;
pub mod split;
pub mod state;

pub use bot::{Bot, BotError, BotResult};
pub use connector::{
    AnswerMode, Connector, ConnectorError, Delivery, Received, RequestError, WebhookRequest,
};
pub use context::Context;
pub use dispatcher::Dispatcher;
pub use event::{Event, EventKind, Message, Target};
pub use fallback::Unsupported;
pub use growing::Growing;
pub use media::{Media, Source};
pub use output::{Outgoing, OutputChannel, SendError, Sent};
pub use reply::{Button, Card, Reply, ReplyKind};
pub use router::Router;
pub use state::State;
