//! A bot that reserves tables: `/table` opens a modal, and what somebody sends with it is announced
//! in the channel.

use patchcord::chat::{BotResult, Context, Reply, Router, Target};
use patchcord::connectors::slack::{SlackContext as _, SlashCommand, ViewSubmission};
use serde_json::{Value, json};

/// The bot.
pub fn tables() -> Router {
    Router::new().extension::<SlashCommand>(ask).extension::<ViewSubmission>(reserve)
}

async fn ask(context: Context) -> BotResult {
    context.open_view(form(&context.event().target.room)).await?;
    Ok(())
}

async fn reserve(context: Context) -> BotResult {
    let Some(ViewSubmission(view)) = context.event().extensions.get() else { return Ok(()) };
    let guests = view.value("guests", "number").unwrap_or_default();
    let text = format!("<@{}> has a table for {guests}.", context.event().sender.id);
    context.send_to(&Target::room(&view.private_metadata), Reply::text(text)).await?;
    Ok(())
}

/// Slack itself takes a number of guests from 1 to 12 and nothing else.
fn form(channel: &str) -> Value {
    let text = |text: &str| json!({"type": "plain_text", "text": text});
    json!({
        "type": "modal",
        "private_metadata": channel,
        "title": text("A table"),
        "submit": text("Reserve"),
        "blocks": [{
            "type": "input",
            "block_id": "guests",
            "label": text("How many are you?"),
            "element": {
                "type": "number_input",
                "action_id": "number",
                "is_decimal_allowed": false,
                "min_value": "1",
                "max_value": "12",
            },
        }],
    })
}
