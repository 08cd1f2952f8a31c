//! What is to happen, and what is to go wrong.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::Value;

use crate::standins::{
    BadFaults, DeliveryFaults, Faults, OutboxSnapshot, Refusal, Settings, contacts::merge,
    core::Core, extract::AnyBody,
};

type Answer<T> = Result<Json<T>, Refusal>;

/// Changes the settings that are named, and leaves the others.
pub(super) async fn put(
    State(core): State<Arc<Core>>,
    AnyBody(change): AnyBody<serde_json::Map<String, Value>>,
) -> Answer<Settings> {
    let invalid = |error: serde_json::Error| Refusal::Invalid(error.to_string());
    let settings = serde_json::to_value(core.settings()).map_err(invalid)?;
    let mut settings = serde_json::from_value(settings).map_err(invalid)?;
    merge(&mut settings, change);
    let settings: Settings = serde_json::from_value(Value::Object(settings)).map_err(invalid)?;
    core.set_settings(settings.clone());
    Ok(Json(settings))
}

/// Takes the place of all faults there were.
pub(super) async fn put_faults(
    State(core): State<Arc<Core>>,
    AnyBody(faults): AnyBody<Faults>,
) -> Answer<Faults> {
    faults.check().map_err(refuse)?;
    core.faults.set(faults.clone());
    Ok(Json(faults))
}

/// The same for deliveries.
pub(super) async fn put_delivery_faults(
    State(core): State<Arc<Core>>,
    AnyBody(faults): AnyBody<DeliveryFaults>,
) -> Answer<DeliveryFaults> {
    faults.check().map_err(refuse)?;
    core.outbox.set_faults(faults);
    Ok(Json(faults))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pause {
    paused: bool,
}

pub(super) async fn put_outbox(
    State(core): State<Arc<Core>>,
    AnyBody(pause): AnyBody<Pause>,
) -> Json<OutboxSnapshot> {
    core.outbox.pause(pause.paused);
    Json(core.outbox.snapshot())
}

pub(super) async fn outbox(State(core): State<Arc<Core>>) -> Json<OutboxSnapshot> {
    Json(core.outbox.snapshot())
}

fn refuse(error: BadFaults) -> Refusal {
    Refusal::Invalid(error.to_string())
}
