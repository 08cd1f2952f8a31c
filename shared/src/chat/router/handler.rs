//! Handlers: plain async functions of a context.

use async_trait::async_trait;

use super::flow::Flow;
use crate::chat::bot::{BotError, BotResult};
use crate::chat::context::Context;

/// Answers the events of a route. Every `async fn(Context) -> Result<(), BotError>` is one, and
/// every `async fn(Context) -> Result<Flow, BotError>`.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Answers one event, and says what comes next.
    async fn call(&self, context: Context) -> Result<Flow, BotError>;
}

#[async_trait]
impl<F, Fut, R> Handler for F
where
    F: Fn(Context) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<R, BotError>> + Send,
    R: Into<Flow>,
{
    async fn call(&self, context: Context) -> Result<Flow, BotError> {
        Ok(self(context).await?.into())
    }
}

/// Deals with a handler's error: every `async fn(Context, BotError) -> BotResult` is one. What it
/// returns is the bot's result.
#[async_trait]
pub trait ErrorHandler: Send + Sync + 'static {
    /// Deals with `error`.
    async fn call(&self, context: Context, error: BotError) -> BotResult;
}

#[async_trait]
impl<F, Fut> ErrorHandler for F
where
    F: Fn(Context, BotError) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = BotResult> + Send,
{
    async fn call(&self, context: Context, error: BotError) -> BotResult {
        self(context, error).await
    }
}
