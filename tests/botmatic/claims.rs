//! For how long an event has its contact, and works on it.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use patchcord::ground::clock::{Clock as _, Deadline};
use patchcord_local::standins::{Fault, Faults, Rule};
use patchcord_tests::contacts::{CONFIG, TOKEN};
use patchcord_tests::wait::until;
use serde_json::json;

use crate::helpers::{SETTLE, event, silent_with};

#[tokio::test]
async fn nothing_is_written_once_somebody_else_may_have_the_contact() {
    let config = CONFIG.replace("base_url: CRM,", "base_url: CRM, timeout_seconds: 2,");
    let contacts = silent_with(&config, |setup| setup).await;
    contacts.install().await;
    event(&contacts, "contact_created", json!({ "id": 1, "firstname": "Ada" })).await;
    let rule = Rule { times: 1_000, ..Rule::once("PATCH", "/contacts/c-1", Fault::Timeout) };
    contacts.crm.set_faults(Faults { script: vec![rule], ..Faults::default() }).unwrap();

    let data = json!({ "id": 1, "firstname": "Augusta" });
    let body = json!({ "event": "contact_updated", "data": data }).to_string();
    let request = Request::post("/botmatic").header("authorization", format!("Bearer {TOKEN}"));
    let request = request.body(Bytes::from(body)).unwrap();
    // Much longer than any claim.
    let deadline = Deadline::after(Duration::from_hours(1), contacts.clock.now());
    let attempts = || contacts.crm.requests().count("PATCH", "/contacts/{id}");
    let (answer, attempted) = tokio::join!(contacts.function.handle(request, deadline), async {
        until(|| attempts() > 0).await;
        contacts.clock.advance(SETTLE);
        attempts()
    });
    assert_eq!(answer.status(), 503);
    assert_eq!(attempts(), attempted, "the old value is not sent any more");

    contacts.crm.set_faults(Faults::default()).unwrap();
    let newer = json!({ "id": 1, "firstname": "Ada King" });
    let (_, answer) = event(&contacts, "contact_updated", newer).await;
    assert_eq!(answer["data"]["outcome"], "done", "{answer}");
}
