//! A bot at a reception desk on Messenger and Instagram.

use patchcord::chat::{BotResult, Context, EventKind, Router};
use patchcord::connectors::meta::{MetaContext as _, MetaEvent};

/// The app that is Meta's own inbox, where people answer.
const INBOX: &str = "263902037430900";

/// Greets who comes by a link, and leaves the rest to people.
pub fn desk() -> Router {
    Router::new().when(comes_by_link, greet).payload("HUMAN", hand_over)
}

fn link(context: &Context) -> Option<String> {
    let meta = context.event().extensions.get::<MetaEvent>()?;
    meta.referral.as_ref()?.reference.clone()
}

/// In standby, somebody else is answering.
fn comes_by_link(context: &Context) -> bool {
    let is_standby = context.event().kind == EventKind::Unknown { name: "standby".to_owned() };
    !is_standby && link(context).is_some()
}

async fn greet(context: Context) -> BotResult {
    let link = link(&context).unwrap_or_default();
    context.send_text(format!("Welcome! You come from {link}.")).await?;
    Ok(())
}

async fn hand_over(context: Context) -> BotResult {
    context.mark_seen().await?;
    context.send_text("Somebody will answer you soon.").await?;
    context.pass_thread_control(INBOX, "asked for a person").await?;
    Ok(())
}
