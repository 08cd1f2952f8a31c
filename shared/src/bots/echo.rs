//! Says what it hears, with a number that shows that the conversation has a state.

use async_trait::async_trait;
use serde_json::json;

use crate::chat::{Bot, BotResult, Context};

/// Answers `hello` with `1: hello`, and the next message with `2: …`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Echo;

#[async_trait]
impl Bot for Echo {
    async fn handle(&self, context: Context) -> BotResult {
        let Some(text) = context.event().text() else { return Ok(()) };
        let count = context.state_field::<u64>("count").unwrap_or_default() + 1;
        context.set_state(json!({ "count": count }))?;
        context.send_text(format!("{count}: {text}")).await?;
        Ok(())
    }
}
