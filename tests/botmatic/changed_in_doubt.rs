//! Changes of a contact whose creation is in doubt: what was sent then does not come back over
//! them.

use std::time::Duration;

use patchcord_local::standins::{Fault, Faults};
use patchcord_tests::contacts::{CONFIG, Contacts};
use serde_json::{Value, json};

use crate::helpers::{SETTLE, event, fields, only_on_crm, push, silent_with};
use crate::in_doubt::{creations_end_with, crm_loses_its_answers, crm_tells};

/// A CRM for which `operations` says more, with the integration installed.
async fn installed_with(operations: &str) -> (Contacts, String) {
    let operations = format!("token: local-crm-key, operations: {{{operations}}}}}");
    let config = CONFIG.replace("token: local-crm-key}", &operations);
    let contacts = silent_with(&config, |setup| setup).await;
    let integration = contacts.install().await;
    (contacts, integration)
}

/// What the CRM may be able to do.
const CRMS: [&str; 3] = ["", "get_contact: null", "create_contact: {idempotent: false}"];

/// Botmatic's contact, which the CRM was given when its name was Ada and the city Paris, and whose
/// name is Augusta by now. The CRM's answer got lost.
async fn changed_on_botmatic(contacts: &Contacts, email: Value) -> Value {
    let ada = fields(json!({ "email": email, "firstname": "Ada", "city": "Paris" }));
    let ada = contacts.botmatic.user_creates("local", ada).unwrap();
    crm_loses_its_answers(contacts);
    let created = contacts.botmatic.to_json(&ada);
    assert_eq!(event(contacts, "contact_created", created).await.0, 503);
    contacts.crm.set_faults(Faults::default()).unwrap();
    let augusta = fields(json!({ "firstname": "Augusta", "city": "" }));
    let ada = contacts.botmatic.user_updates("local", &ada.id, augusta).unwrap();
    contacts.botmatic.to_json(&ada)
}

/// The CRM's contact, which Botmatic was given, and whose name is Ada. Botmatic's answer got lost.
async fn created_on_crm(contacts: &Contacts, integration: &str) {
    let faults = creations_end_with("/api/contacts", Fault::DropAfter);
    contacts.botmatic.set_faults(faults).unwrap();
    let ada = json!({ "email": "ada@example.com", "first_name": "Ada" });
    contacts.crm.user_creates("local", fields(ada)).unwrap();
    assert_eq!(crm_tells(contacts, integration, "c-1").await.0, 503);
    contacts.botmatic.set_faults(Faults::default()).unwrap();
}

fn on_botmatic(contacts: &Contacts) -> Value {
    let held = contacts.botmatic.contacts("local");
    assert_eq!(held.len(), 1, "{held:?}");
    contacts.botmatic.to_json(&held[0])
}

fn expect(contacts: &Contacts, firstname: &str, city: &Value, case: &str) {
    let (botmatic, crm) = (on_botmatic(contacts), only_on_crm(contacts));
    assert_eq!(
        (&botmatic["firstname"], &crm["first_name"]),
        (&json!(firstname), &json!(firstname)),
        "{case}"
    );
    let city_on_botmatic = if botmatic["city"] == "" { &Value::Null } else { &botmatic["city"] };
    assert_eq!((city_on_botmatic, &crm["address"]["city"]), (city, city), "{case}");
}

#[tokio::test]
async fn what_was_sent_does_not_undo_a_change_on_botmatic_when_the_crm_tells_of_it() {
    for operations in CRMS {
        for email in [json!("ada@example.com"), Value::Null] {
            let case = format!("{operations} {email}");
            let (contacts, integration) = installed_with(operations).await;
            let changed = changed_on_botmatic(&contacts, email).await;
            let (_, answer) = crm_tells(&contacts, &integration, "c-1").await;
            assert_eq!(answer["success"], true, "{case}: {answer}");
            assert_eq!(on_botmatic(&contacts)["firstname"], "Augusta", "{case}");
            let (_, answer) = event(&contacts, "contact_updated", changed).await;
            assert_eq!(answer["data"]["outcome"], "done", "{case}: {answer}");
            expect(&contacts, "Augusta", &Value::Null, &case);
        }
    }
}

#[tokio::test]
async fn what_was_sent_does_not_undo_a_change_on_botmatic_when_it_is_found_on_the_crm() {
    // With an idempotency key it is looked for at once.
    let later = CRMS.map(|it| (it, SETTLE)).into_iter();
    for (operations, later) in later.chain([("", Duration::ZERO)]) {
        let (contacts, _) = installed_with(operations).await;
        let changed = changed_on_botmatic(&contacts, json!("ada@example.com")).await;
        let score = fields(json!({ "score": 5 }));
        contacts.crm.user_updates("local", "c-1", score).unwrap();
        contacts.clock.advance(later);
        let (_, answer) = event(&contacts, "contact_updated", changed).await;
        assert_eq!(answer["data"]["outcome"], "adopted", "{operations}: {answer}");
        expect(&contacts, "Augusta", &Value::Null, operations);
        assert_eq!(on_botmatic(&contacts)["score"], 5, "the CRM's own change counts");
        let echo = on_botmatic(&contacts);
        let (_, answer) = event(&contacts, "contact_updated", echo).await;
        assert_eq!(answer["data"]["outcome"], "unchanged", "{operations}: {answer}");
    }
}

#[tokio::test]
async fn what_was_sent_does_not_undo_a_change_on_the_crm() {
    for operations in CRMS {
        let (contacts, integration) = installed_with(operations).await;
        created_on_crm(&contacts, &integration).await;
        let augusta = fields(json!({ "first_name": "Augusta", "address": { "city": "Rome" } }));
        contacts.crm.user_updates("local", "c-1", augusta).unwrap();
        let created = on_botmatic(&contacts);
        let (_, answer) = event(&contacts, "contact_created", created).await;
        assert_eq!(answer["success"], true, "{operations}: {answer}");
        assert_eq!(only_on_crm(&contacts)["first_name"], "Augusta", "{operations}");
        let change = json!({ "first_name": "Augusta", "address": { "city": "Rome" } });
        push(&contacts, &integration, ("PATCH", "/contacts/c-1"), change).await;
        expect(&contacts, "Augusta", &json!("Rome"), operations);
    }
}

#[tokio::test]
async fn what_was_sent_does_not_undo_a_change_of_what_was_made_of_it() {
    for operations in CRMS {
        let (contacts, integration) = installed_with(operations).await;
        created_on_crm(&contacts, &integration).await;
        let made = contacts.botmatic.contacts("local").remove(0);
        let augusta = fields(json!({ "firstname": "Augusta", "city": "Rome" }));
        contacts.botmatic.user_updates("local", &made.id, augusta).unwrap();
        // The first one was late.
        let changed = on_botmatic(&contacts);
        let (_, answer) = event(&contacts, "contact_updated", changed).await;
        assert_eq!(answer["success"], true, "{operations}: {answer}");
        expect(&contacts, "Augusta", &json!("Rome"), operations);
    }
}
