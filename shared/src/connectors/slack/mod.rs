//! Slack: the Events API, interactivity and slash commands come in
//! (<https://docs.slack.dev/apis/events-api/>, <https://docs.slack.dev/interactivity/>), and calls of
//! the Web API go out.
//!
//! Limits: a text of 3,000 bytes, as it is sent; cards with 50 blocks in all. Slack waits three
//! seconds for an acknowledgement, so events are queued. An event that it gets none for comes three
//! times more, at once, after one minute and after five; the app is disabled if that happens to
//! nearly all of them.

mod blocks;
mod client;
mod config;
mod connector;
mod context;
mod emoji;
mod errors;
mod events;
mod extras;
mod files;
mod interactions;
mod messages;
mod replies;
mod sending;
mod signature;
#[cfg(test)]
mod tests;
mod text;
mod wire;

pub use connector::SlackConnector;
pub use context::{SlackContext, SlackError};
pub use extras::{
    AssistantThread, BlockAction, FileShared, HomeOpened, Shortcut, SlackEvent, SlashCommand, View,
    ViewClosed, ViewSubmission,
};
