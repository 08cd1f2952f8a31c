//! Many contacts in one call: each has a result of its own, in the order of the request, and one
//! that fails does not keep the others from going through.

use axum::{Json, extract::State};
use patchcord::contacts::Fields;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Botmatic, contacts::id_of};
use crate::standins::{
    Refusal,
    app::App,
    core::{By, Core},
    extract::{Caller, JsonBody},
};

pub(super) fn create(core: &Core, tenant: &str, items: Vec<Value>) -> Result<Value, Refusal> {
    let fields = items.iter().filter_map(Value::as_object);
    refuse_whole(core, fields)?;
    let create = |item| match item {
        Value::Object(fields) => result(core, None, || core.create(tenant, fields, By::Api)),
        _ => failure(None, "expected an object"),
    };
    let results: Vec<Value> = items.into_iter().map(create).collect();
    Ok(json!({ "contacts": results }))
}

/// `{"contacts": [{"contact_id": …, "contact_props": {…}}]}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Updates {
    contacts: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Update {
    contact_id: Value,
    contact_props: Fields,
}

pub(super) async fn update(
    State(app): State<App<Botmatic>>,
    Caller(tenant): Caller,
    JsonBody(updates): JsonBody<Updates>,
) -> Result<Json<Value>, Refusal> {
    let core = &app.core;
    refuse_whole(
        core,
        updates.contacts.iter().filter_map(|item| item["contact_props"].as_object()),
    )?;
    let update = |item| match serde_json::from_value::<Update>(item) {
        Ok(Update { contact_id, contact_props }) => match id_of(&contact_id) {
            Some(id) => result(core, Some(&contact_id), || {
                core.update(&tenant, &id, &contact_props, By::Api)
            }),
            None => failure(None, "contact_id: expected a number or a text"),
        },
        Err(_) => failure(None, "expected an object with `contact_id` and `contact_props`"),
    };
    let results: Vec<Value> = updates.contacts.into_iter().map(update).collect();
    Ok(Json(json!({ "contacts": results })))
}

fn refuse_whole<'a>(
    core: &Core,
    mut items: impl Iterator<Item = &'a Fields>,
) -> Result<(), Refusal> {
    if items.any(|fields| core.is_rejected_whole(fields)) {
        return Err(Refusal::Invalid("contacts: one of them is not accepted".to_owned()));
    }
    Ok(())
}

fn result(
    core: &Core,
    id: Option<&Value>,
    work: impl FnOnce() -> Result<crate::standins::Contact, Refusal>,
) -> Value {
    match work() {
        Ok(contact) => json!({ "success": true, "id": core.part.id_to_json(&contact.id) }),
        Err(refusal) => failure(id, &refusal.to_string()),
    }
}

fn failure(id: Option<&Value>, error: &str) -> Value {
    match id {
        Some(id) => json!({ "success": false, "id": id, "error": error }),
        None => json!({ "success": false, "error": error }),
    }
}
