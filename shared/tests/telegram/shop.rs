//! A shop on Telegram: it greets who comes by a link, asks for a phone number, and finds shoes for
//! people who write to somebody else.

use patchcord::chat::{BotResult, Context, Media, Reply};
use patchcord::connectors::telegram::TelegramContext as _;
use patchcord::connectors::telegram::extras::{Command, Contact, DeepLink, InlineQuery, User};
use serde_json::json;

/// Answers one event.
pub async fn shop(context: Context) -> BotResult {
    let extras = &context.event().extensions;
    if let Some(query) = extras.get::<InlineQuery>() {
        let found = format!("Our best {}", query.query);
        let article = json!({
            "type": "article", "id": "1", "title": found,
            "input_message_content": { "message_text": found },
        });
        context.answer_inline_query(vec![article], json!({ "cache_time": 300 })).await?;
    } else if let Some(contact) = extras.get::<Contact>() {
        let is_own = extras.get::<User>().is_some_and(|user| contact.user_id == Some(user.id));
        let answer = if is_own { "Thank you, we call you." } else { "This is somebody else's." };
        context.send_text(answer).await?;
    } else if let Some(command) = extras.get::<Command>() {
        match (command.name.as_str(), extras.get::<DeepLink>()) {
            ("start", Some(DeepLink(campaign))) => {
                context.send_text(format!("You come from {campaign}. Welcome!")).await?;
            }
            ("start", None) => {
                context.send_text("Welcome!").await?;
            }
            ("new", _) => {
                let shoes = ["red", "blue"].map(|it| format!("https://shop.example.com/{it}.jpg"));
                context.send_album(&shoes.map(|url| Reply::Image(Media::url(url)))).await?;
            }
            _ => ask_for_a_phone_number(&context).await?,
        }
    }
    Ok(())
}

/// With a keyboard that no other platform has: any method of the Bot API is one call away.
async fn ask_for_a_phone_number(context: &Context) -> BotResult {
    let key = json!({ "text": "Share my number", "request_contact": true });
    let keyboard = json!({ "keyboard": [[key]], "one_time_keyboard": true });
    let message = json!({
        "method": "sendMessage", "text": "May we call you?", "reply_markup": keyboard,
    });
    context.send_custom(message).await?;
    Ok(())
}
