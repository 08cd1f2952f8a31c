//! The contact that everything is about, and what the function is told of it.

use bytes::Bytes;
use http::Request;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::services::Services;
use crate::{
    bench::{
        BenchError,
        instance::{Instance, Invocation},
    },
    runtime_api::Answer,
};

/// The tenant that both stand-ins have, and what they know it by.
const TENANT: &str = "local";
const TOKEN: &str = "local-token";
const KEY: &str = "local-crm-key";

/// A contact with a pair. Both sides hold the same of it.
#[derive(Debug)]
pub(super) struct Contact {
    integration: String,
    botmatic_id: Value,
    external_id: String,
    /// How many first names it has had.
    names: u32,
    /// How many events there were of it.
    events: u32,
}

/// The health route: a request that neither the store nor a service sees.
pub(super) fn health() -> Invocation {
    Invocation::new(Request::get("https://example.com/").body(Bytes::new()), said("status", "ok"))
}

/// Installs the integration of the tenant that the stand-ins have, and returns its id.
pub(in crate::bench) async fn install(instance: &Instance) -> Result<String, BenchError> {
    let install = botmatic(&json!({ "event": "install" }), r#"\"success\":true"#.to_owned());
    said_in(&instance.answer(install).await?.0, "integration")
}

impl Contact {
    /// Installs the integration, and has the function create the contact on the CRM.
    pub(super) async fn create(
        services: &Services,
        instance: &Instance,
    ) -> Result<Self, BenchError> {
        let mut contact = Self {
            integration: install(instance).await?,
            botmatic_id: Value::Null,
            external_id: String::new(),
            names: 0,
            events: 0,
        };
        let fields = contact.fields().as_object().cloned().unwrap_or_default();
        let created = services.botmatic.user_creates(TENANT, fields)?;
        contact.botmatic_id = services.botmatic.to_json(&created)["id"].take();
        let event = contact.event("contact_created", "done");
        contact.external_id = said_in(&instance.answer(event).await?.0, "external_id")?;
        Ok(contact)
    }

    /// One field has another value.
    pub(super) fn updated(&mut self) -> Invocation {
        self.names += 1;
        self.event("contact_updated", "done")
    }

    /// It was written to, but holds what it held: what Botmatic tells of our own writing.
    pub(super) fn echoed(&mut self) -> Invocation {
        self.event("contact_updated", "unchanged")
    }

    /// The CRM has another value in one field, and pushes that.
    pub(super) fn pushed(&mut self, services: &Services) -> Result<Invocation, BenchError> {
        self.names += 1;
        let change = json!({ "first_name": self.first_name() });
        let fields = change.as_object().cloned().unwrap_or_default();
        services.crm.user_updates(TENANT, &self.external_id, fields)?;
        let Self { external_id, integration, .. } = self;
        let uri = format!("https://example.com/contacts/{external_id}?integration={integration}");
        let request = Request::patch(uri)
            .header("authorization", format!("Bearer {KEY}"))
            .header("content-type", "application/json")
            .body(Bytes::from(change.to_string()));
        Ok(Invocation::new(request, said("outcome", "done")))
    }

    fn event(&mut self, name: &str, outcome: &str) -> Invocation {
        self.events += 1;
        let mut data = self.fields();
        data["id"] = self.botmatic_id.clone();
        data["updated_at"] = json!(self.updated_at());
        botmatic(&json!({ "event": name, "data": data }), said("outcome", outcome))
    }

    fn fields(&self) -> Value {
        json!({
            "email": "ada@example.com",
            "firstname": self.first_name(),
            "lastname": "Lovelace",
            "phone": "+33 1 99 00 12 34",
            "score": 36,
            "birthday": "1815-12-10",
            "company": "Analytical Engines",
            "city": "London",
        })
    }

    fn first_name(&self) -> String {
        format!("Ada {}", self.names)
    }

    /// Later with each event, whatever the clock does.
    fn updated_at(&self) -> String {
        Timestamp::from_second(1_767_225_600 + i64::from(self.events))
            .unwrap_or_default()
            .to_string()
    }
}

fn botmatic(body: &Value, expected: String) -> Invocation {
    let request = Request::post("https://example.com/botmatic")
        .header("authorization", format!("Bearer {TOKEN}"))
        .header("content-type", "application/json")
        .body(Bytes::from(body.to_string()));
    Invocation::new(request, expected)
}

/// As it stands in the body, which is a text in the JSON of a buffered answer.
fn said(name: &str, value: &str) -> String {
    format!(r#"\"{name}\":\"{value}\""#)
}

/// What the function's answer to Botmatic says in its data.
fn said_in(answer: &Answer, name: &str) -> Result<String, BenchError> {
    let wrong = || BenchError::WrongAnswer {
        expected: name.to_owned(),
        answer: String::from_utf8_lossy(&answer.body).into_owned(),
    };
    let response: Value = serde_json::from_slice(&answer.body).map_err(|_| wrong())?;
    let body = response["body"].as_str().ok_or_else(wrong)?;
    let body: Value = serde_json::from_str(body).map_err(|_| wrong())?;
    body["data"][name].as_str().map(str::to_owned).ok_or_else(wrong)
}
