//! `/api/bots`: a list, one bot, and its replacement.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Botmatic, part::Own};
use crate::standins::{
    Refusal,
    app::App,
    extract::{Caller, JsonBody},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    #[serde(default = "ten")]
    page_size: usize,
}

const fn ten() -> usize {
    10
}

pub(super) async fn list(
    State(app): State<App<Botmatic>>,
    Caller(tenant): Caller,
    Query(page): Query<Page>,
) -> Json<Value> {
    let bots = app.part.with(&tenant, |own| own.bots.clone());
    Json(json!({ "bots": &bots[..bots.len().min(page.page_size)] }))
}

pub(super) async fn get(
    State(app): State<App<Botmatic>>,
    Caller(tenant): Caller,
    Path(id): Path<u64>,
) -> Result<Json<Value>, Refusal> {
    app.part.with(&tenant, |own| Ok(Json(find(own, id)?.clone())))
}

/// `{"bot": "<json>", "is_draft": true}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Replacement {
    bot: String,
    is_draft: bool,
}

pub(super) async fn replace(
    State(app): State<App<Botmatic>>,
    Caller(tenant): Caller,
    Path(id): Path<u64>,
    JsonBody(new): JsonBody<Replacement>,
) -> Result<Json<Value>, Refusal> {
    if serde_json::from_str::<Value>(&new.bot).is_err() {
        return Err(Refusal::Invalid("bot: expected JSON in a text".to_owned()));
    }
    app.part.with(&tenant, |own| {
        let bot = find(own, id)?;
        bot["bot"] = Value::String(new.bot);
        bot["is_draft"] = Value::Bool(new.is_draft);
        Ok(Json(json!({ "success": true })))
    })
}

fn find(own: &mut Own, id: u64) -> Result<&mut Value, Refusal> {
    own.bots.iter_mut().find(|bot| bot["id"] == id).ok_or(Refusal::NotFound("bot"))
}
