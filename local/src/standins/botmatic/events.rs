//! What Botmatic sends: `{"event": …, "data": …}` to the endpoint of the integration.

use axum::{
    Json,
    extract::State,
    http::{Method, StatusCode},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Botmatic;
use crate::standins::{
    Refusal,
    app::App,
    extract::AnyBody,
    outbox::Message,
    part::{Address, Change, Part},
    tenants::LOCAL,
};

/// A change of a contact. In the older shape it stands once more under the event's own name.
pub(super) fn of_change(part: &Botmatic, address: Address<'_>, change: Change<'_>) -> Message {
    let (name, id, data) = match change {
        Change::Created(contact) => ("contact_created", &*contact.id, part.render(contact)),
        Change::Updated { contact, .. } => ("contact_updated", &*contact.id, part.render(contact)),
        Change::Deleted(id) if address.settings.nested_events => {
            ("contact_deleted", id, json!({ "id": part.id_to_json(id) }))
        }
        Change::Deleted(id) => {
            ("contact_deleted", id, json!({ "contact_id": part.id_to_json(id) }))
        }
    };
    let data = if address.settings.nested_events { json!({ name: data }) } else { data };
    message(address, id, name, json!({ "event": name, "data": data }))
}

fn message(address: Address<'_>, contact: &str, about: &str, body: Value) -> Message {
    Message {
        tenant: address.tenant.to_owned(),
        contact: contact.to_owned(),
        about: about.to_owned(),
        method: Method::POST,
        url: address.url.to_owned(),
        bearer: address.bearer.to_owned(),
        body: Some(body),
    }
}

/// `POST /_control/events`: any event or action, such as `install`, `user_reply` or `quote_price`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sent {
    event: Option<String>,
    action: Option<String>,
    #[serde(default)]
    data: Value,
    tenant: Option<String>,
}

/// Sends any event or action through the outbox; those about one contact keep their order.
pub(super) async fn send(
    State(app): State<App<Botmatic>>,
    AnyBody(message): AnyBody<Sent>,
) -> Result<(StatusCode, Json<Value>), Refusal> {
    let tenant = message.tenant.as_deref().unwrap_or(LOCAL);
    let (kind, name) = match (&message.event, &message.action) {
        (Some(name), None) => ("event", name),
        (None, Some(name)) => ("action", name),
        _ => return Err(Refusal::Invalid("expected either `event` or `action`".to_owned())),
    };
    app.send(tenant, kind, name, &message.data)?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "success": true }))))
}

impl App<Botmatic> {
    pub(super) fn send(
        &self,
        tenant: &str,
        kind: &str,
        name: &str,
        data: &Value,
    ) -> Result<(), Refusal> {
        let contact = match &data["contact_id"] {
            Value::String(id) => id.clone(),
            Value::Number(id) => id.to_string(),
            _ => String::new(),
        };
        let body = json!({ kind: name, "data": data });
        let message =
            self.core.with_address(tenant, |address| message(address, &contact, name, body))?;
        let message = message.ok_or_else(|| {
            Refusal::Invalid("deliver_to: expected an address in the settings".to_owned())
        })?;
        self.core.outbox.send(message);
        Ok(())
    }
}
