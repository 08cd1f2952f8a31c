//! The bot: what answers an event. A plain async function is one; [`Router`](super::Router) makes
//! one out of many.

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::context::Context;

/// Whatever stopped a bot. It is logged, so it must not carry what people wrote.
///
/// On a queued channel the [`SendError`](super::SendError) in it, which is it or one of its
/// [sources](std::error::Error::source), decides whether the bot is asked again, and when. An error
/// that only passes on the source of what it wraps hides that, as thiserror's `transparent` and
/// `anyhow::Error` do.
pub type BotError = Box<dyn std::error::Error + Send + Sync>;

/// What a bot's handler returns.
pub type BotResult = Result<(), BotError>;

/// Answers events.
#[async_trait]
pub trait Bot: Send + Sync + 'static {
    /// Answers one event. What was said before an error stays said; the state of the session
    /// stays as it was before the event.
    async fn handle(&self, context: Context) -> BotResult;

    /// The state of a session that has none yet, and after a reset.
    fn initial_state(&self) -> Map<String, Value> {
        Map::new()
    }
}

#[async_trait]
impl<F, Fut> Bot for F
where
    F: Fn(Context) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = BotResult> + Send,
{
    async fn handle(&self, context: Context) -> BotResult {
        self(context).await
    }
}
