//! A bot for barriers.

use patchcord::chat::{BotResult, Context, Router};
use serde_json::json;

use crate::barrier::{BarrierContext as _, BarrierEvent};

/// Lets cars in, and counts them.
pub fn gatekeeper() -> Router {
    Router::new().when(is_car, let_in).payload("HELP", |context: Context| async move {
        context.send_text("Somebody is on the way.").await?;
        BotResult::Ok(())
    })
}

fn barrier_event(context: &Context) -> Option<&BarrierEvent> {
    context.event().extensions.get()
}

fn is_car(context: &Context) -> bool {
    matches!(barrier_event(context), Some(BarrierEvent::CarArrived { .. }))
}

async fn let_in(context: Context) -> BotResult {
    let cars = context.state_field::<u64>("cars").unwrap_or_default() + 1;
    context.set_state(json!({ "cars": cars }))?;
    context.open_barrier().await?;
    let gate = context.session().and_then(|session| session.data["name"].as_str());
    let gate = gate.unwrap_or("our car park");
    context.send_text(format!("Welcome to {gate}, car {cars}!")).await?;
    Ok(())
}
