//! Tells people that their parcel is on its way, and answers what they ask.

use patchcord::chat::{BotResult, Context, EventKind};
use patchcord::connectors::standard_webhook::WebhookType;

/// The bot.
pub async fn bot(context: Context) -> BotResult {
    let event = context.event();
    if let EventKind::Unknown { name } = &event.kind
        && name == "order.shipped"
    {
        let parcel = event.raw["data"]["parcel"].as_str().unwrap_or("your parcel");
        context.send_text(format!("{parcel} is on its way.")).await?;
    }
    if let (Some(text), Some(WebhookType(name))) = (event.text(), event.extensions.get()) {
        context.send_text(format!("You said {text}, I was told by {name}.")).await?;
    }
    Ok(())
}
