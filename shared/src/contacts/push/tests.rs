//! What the tests of pushes share.

mod bodies;
mod configuration;
mod document;
mod hubspot;
mod hubspot_requests;
mod pipedrive;
mod plain;
mod signature;

use http::HeaderMap;
use serde_json::{Value, json};

use super::{PushError, Pushed, Pushes};
use crate::contacts::Fields;
use crate::ground::config::{ConfigErrors, Place};

fn compile(config: Value) -> Result<Pushes, ConfigErrors> {
    let mut errors = ConfigErrors::default();
    let pushes = Pushes::compile(Some(config), &Place::root().key("contacts.push"), &mut errors);
    errors.into_result(pushes)
}

fn pushes(config: Value) -> Pushes {
    compile(config).unwrap_or_else(|errors| panic!("{errors}"))
}

fn headers(all: &[(&str, &str)]) -> HeaderMap {
    let parsed = all.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
    parsed.collect()
}

fn fields(value: Value) -> Fields {
    let Value::Object(fields) = value else { panic!("expected an object") };
    fields
}

fn malformed(expected: &str) -> PushError {
    PushError::Malformed { expected: expected.to_owned() }
}

/// What was pushed, to compare and to print.
fn shown(pushed: &[Pushed]) -> Value {
    pushed
        .iter()
        .map(|pushed| match pushed {
            Pushed::Created { id, fields } => json!(["created", id, fields]),
            Pushed::Changed { id, fields } => json!(["changed", id, fields]),
            Pushed::Deleted { id } => json!(["deleted", id]),
            Pushed::Ignored => json!("ignored"),
            Pushed::Unreadable { expected } => json!({"unreadable": expected}),
        })
        .collect()
}
