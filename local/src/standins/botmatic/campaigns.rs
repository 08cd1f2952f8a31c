//! `POST /api/properties` and `POST /api/campaigns/execute-event`: both are written down.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Botmatic, CampaignEvent, contacts::id_of};
use crate::standins::{
    Refusal,
    app::App,
    extract::{Caller, JsonBody},
};

/// `{"properties": [{"name", "type"}]}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Properties {
    properties: Vec<Property>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Property {
    name: String,
    r#type: Type,
}

/// The types of a mapping's `botmatic.type`.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Type {
    Text,
    Date,
    Number,
}

impl Type {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Date => "date",
            Self::Number => "number",
        }
    }
}

/// A property that is there already gets the new type.
pub(super) async fn add_properties(
    State(app): State<App<Botmatic>>,
    Caller(tenant): Caller,
    JsonBody(new): JsonBody<Properties>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    if new.properties.iter().any(|property| property.name.is_empty()) {
        return Err(Refusal::Invalid("name: expected a text".to_owned()));
    }
    app.part.with(&tenant, |own| {
        let named = new.properties.into_iter().map(|p| (p.name, p.r#type.name().to_owned()));
        own.properties.extend(named);
    });
    Ok((StatusCode::CREATED, Json(json!({ "success": true }))))
}

/// `{"event_name", "contacts": [ids]}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Execution {
    event_name: String,
    contacts: Vec<Value>,
}

/// Only for contacts that exist.
pub(super) async fn execute(
    State(app): State<App<Botmatic>>,
    Caller(tenant): Caller,
    JsonBody(execution): JsonBody<Execution>,
) -> Result<Json<Value>, Refusal> {
    let ids: Option<Vec<String>> = execution.contacts.iter().map(id_of).collect();
    let contacts = ids.ok_or_else(|| Refusal::Invalid("contacts: expected ids".to_owned()))?;
    for id in &contacts {
        app.core.get(&tenant, id)?;
    }
    let event = CampaignEvent { event_name: execution.event_name, contacts };
    app.part.with(&tenant, |own| own.campaign_events.push(event));
    Ok(Json(json!({ "success": true })))
}
