//! What the CRM knows besides contacts, and how it tells of changes.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    sync::{Mutex, MutexGuard, PoisonError},
};

use axum::http::Method;
use reqwest::Url;
use serde_json::{Value, json};

use crate::standins::{
    outbox::Message,
    part::{Address, Change, Part},
};

/// The CRM's part.
#[derive(Default)]
pub struct Crm(Mutex<HashMap<(String, String), Made>>);

/// What an `Idempotency-Key` was used for.
#[derive(Clone, Debug)]
pub(super) struct Made {
    /// Of the request's fields.
    pub(super) fingerprint: u64,
    /// The contact's id.
    pub(super) id: String,
}

/// Which fields a request had.
pub(super) fn fingerprint(fields: &serde_json::Map<String, Value>) -> u64 {
    let mut hasher = DefaultHasher::new();
    fields.hash(&mut hasher);
    hasher.finish()
}

impl Crm {
    /// What the keys of all tenants were used for.
    pub(super) fn made(&self) -> MutexGuard<'_, HashMap<(String, String), Made>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Adds to a patch what it leaves as it is. What it removes stays null, so that whoever is told
/// knows what was cleared.
fn fill(patch: &mut Value, contact: Value) {
    match (patch, contact) {
        (Value::Object(patch), Value::Object(contact)) => {
            for (name, value) in contact {
                match patch.get_mut(&name) {
                    Some(patched) => fill(patched, value),
                    None => drop(patch.insert(name, value)),
                }
            }
        }
        (patch, contact) => *patch = contact,
    }
}

impl Part for Crm {
    fn default_key(&self) -> &'static str {
        "local-crm-key"
    }

    /// Not a number, so that nobody takes it for one of Botmatic's.
    fn id(&self, number: u64) -> String {
        format!("c-{number}")
    }

    fn number(&self, id: &str) -> Option<u64> {
        let number = id.strip_prefix("c-")?.parse().ok()?;
        (self.id(number) == id).then_some(number)
    }

    fn id_to_json(&self, id: &str) -> Value {
        Value::from(id)
    }

    fn message(&self, address: Address<'_>, change: Change<'_>) -> Message {
        let (method, id, body) = match change {
            Change::Created(contact) => (Method::POST, &*contact.id, Some(self.render(contact))),
            Change::Updated { contact, patch } => {
                let mut body = Value::Object(patch.clone());
                fill(&mut body, self.render(contact));
                (Method::PATCH, &*contact.id, Some(body))
            }
            Change::Deleted(id) => (Method::DELETE, id, None),
        };
        let base = address.url.trim_end_matches('/');
        let path = match method {
            Method::POST => format!("{base}/contacts"),
            _ => format!("{base}/contacts/{id}"),
        };
        Message {
            tenant: address.tenant.to_owned(),
            contact: id.to_owned(),
            about: method.to_string(),
            url: with_integration(&path, address.integration),
            method,
            bearer: address.bearer.to_owned(),
            body,
        }
    }

    fn state(&self) -> Value {
        json!({ "idempotency_keys": self.made().len() })
    }

    fn reset(&self) {
        self.made().clear();
    }
}

/// What is no URL stays as it is, and cannot be delivered to.
fn with_integration(url: &str, integration: &str) -> String {
    let with = Url::parse_with_params(url, [("integration", integration)]);
    with.map_or_else(|_| url.to_owned(), String::from)
}
