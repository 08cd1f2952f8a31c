//! Plugins: what happens around every event, such as classifying it, timing it or refusing it.

use std::sync::Arc;

use async_trait::async_trait;

use super::routes::Routes;
use crate::chat::bot::BotResult;
use crate::chat::context::Context;

/// Wraps every event of a router.
///
/// ```
/// use patchcord::chat::context::Intent;
/// use patchcord::chat::router::{Next, Plugin};
/// use patchcord::chat::{BotResult, Context};
///
/// struct Classify;
///
/// #[async_trait::async_trait]
/// impl Plugin for Classify {
///     async fn around(&self, context: Context, next: Next<'_>) -> BotResult {
///         if context.event().text().is_some_and(|text| text.contains("refund")) {
///             context.set_intent(Intent { name: "refund".to_owned(), confidence: 0.9 });
///         }
///         next.run(context).await
///     }
/// }
/// ```
#[async_trait]
pub trait Plugin: Send + Sync + 'static {
    /// Does what it does before, calls `next` or does not, and does what it does after.
    async fn around(&self, context: Context, next: Next<'_>) -> BotResult;
}

/// The rest of the way: the plugins further in, and then the routes.
pub struct Next<'a> {
    pub(super) plugins: &'a [Arc<dyn Plugin>],
    pub(super) routes: &'a Routes,
}

impl Next<'_> {
    /// Goes on with the event.
    pub async fn run(self, context: Context) -> BotResult {
        match self.plugins.split_first() {
            Some((plugin, rest)) => {
                plugin.around(context, Next { plugins: rest, routes: self.routes }).await
            }
            None => self.routes.run(context).await,
        }
    }
}
