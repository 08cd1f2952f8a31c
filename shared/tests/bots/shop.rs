//! A shop's bot.

use async_trait::async_trait;
use patchcord::chat::context::Intent;
use patchcord::chat::router::{Flow, InvalidRoute, Kind, Next, Plugin};
use patchcord::chat::{BotError, BotResult, Button, Context, Router};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Which event goes where. The first route that matches wins.
pub fn shop() -> Result<Router, InvalidRoute> {
    Ok(Router::new()
        .text("hi", greet)
        .regex(r"(?i)^(\d+) (\w+)$", order)? // "2 teas"
        .payload("PAY", pay)
        .text("PAY", pay) // the REST channel's clients send a pressed button as words
        .kind(Kind::Image, |context: Context| async move {
            context.send_text("Nice picture.").await?;
            BotResult::Ok(())
        })
        .when(|context| context.intent().is_some_and(|it| it.name == "refund"), refund)
        .fallback(greet)
        .on_error(apologise)
        .plugin(Classify))
}

/// What the bot remembers of a conversation.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Order {
    items: Vec<String>,
    paid: bool,
}

async fn greet(context: Context) -> BotResult {
    context.send_text("Hello! What would you like?").await?;
    Ok(())
}

async fn order(context: Context) -> Result<Flow, BotError> {
    let captures = context.captures();
    let (Some(count), Some(item)) = (captures.get(1), captures.get(2)) else {
        return Ok(Flow::Next); // the next route that matches
    };
    let mut order: Order = context.state()?;
    order.items.push(format!("{count} {item}"));
    context.set_state(json!({ "items": order.items }))?; // `paid` stays as it is
    let buttons = vec![Button::payload("Pay", "PAY")];
    context.send_buttons(format!("So far: {}.", order.items.join(", ")), buttons).await?;
    Ok(Flow::Done)
}

async fn pay(context: Context) -> Result<Flow, BotError> {
    let order: Order = context.state()?;
    if order.items.is_empty() {
        return Ok(Flow::to(greet)); // hands over
    }
    context.set_state(Order { paid: true, ..order })?;
    context.send_text("Thank you!").await?;
    Ok(Flow::Done)
}

async fn refund(context: Context) -> BotResult {
    if !context.state::<Order>()?.paid {
        return Err("there is nothing to refund".into());
    }
    context.reset_state();
    context.send_text("You get your money back.").await?;
    Ok(())
}

/// Answers in place of a handler that failed, and lets the failure be logged and counted.
async fn apologise(context: Context, error: BotError) -> BotResult {
    context.send_text("Sorry, that did not work.").await?;
    Err(error)
}

/// Tells handlers what the sender wants.
struct Classify;

#[async_trait]
impl Plugin for Classify {
    async fn around(&self, context: Context, next: Next<'_>) -> BotResult {
        if context.event().text().is_some_and(|text| text.contains("money back")) {
            context.set_intent(Intent { name: "refund".to_owned(), confidence: 0.9 });
        }
        next.run(context).await // without this line nobody answers
    }
}
