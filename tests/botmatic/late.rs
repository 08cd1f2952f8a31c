//! Events that come late, or in another order, and what is there no more.

use patchcord_tests::contacts::Contacts;
use serde_json::{Value, json};

use crate::helpers::{Answered, SETTLE, event, fields, installed, push};

async fn crm_changed(contacts: &Contacts, integration: &str, change: Value) -> Answered {
    push(contacts, integration, ("PATCH", "/contacts/c-1"), change).await
}

#[tokio::test]
async fn a_change_that_was_taken_back_is_not_made_when_it_is_told_last() {
    let (contacts, integration) = installed().await;
    let ada = fields(json!({ "first_name": "Ada", "score": 3 }));
    contacts.crm.user_creates("local", ada).unwrap();
    let created = json!({ "id": "c-1", "first_name": "Ada", "score": 3 });
    push(&contacts, &integration, ("POST", "/contacts"), created).await;
    contacts.clock.advance(SETTLE);
    // From 3 to 5, and back.
    let (_, answer) = crm_changed(&contacts, &integration, json!({ "score": 3 })).await;
    assert_eq!(answer["outcome"], "unchanged", "{answer}");
    let (_, answer) = crm_changed(&contacts, &integration, json!({ "score": 5 })).await;
    assert_eq!(answer["outcome"], "unchanged", "it holds 3: {answer}");
    assert_eq!(contacts.botmatic.contacts("local")[0].fields["score"], 3);
}

#[tokio::test]
async fn a_contact_that_is_gone_from_the_crm_is_neither_made_again_nor_deleted() {
    let (contacts, integration) = installed().await;
    let ada = contacts.botmatic.user_creates("local", fields(json!({ "firstname": "Ada" })));
    let ada = contacts.botmatic.to_json(&ada.unwrap());
    event(&contacts, "contact_created", ada.clone()).await;
    contacts.crm.user_deletes("local", "c-1").unwrap();
    let changed = json!({ "id": ada["id"], "firstname": "Augusta" });
    for attempt in 1..=2 {
        let (status, answer) = event(&contacts, "contact_updated", changed.clone()).await;
        assert_eq!((status, &answer["success"]), (200, &json!(false)), "{attempt}: {answer}");
        assert_eq!(answer["data"]["error"], "resource not found", "{attempt}");
    }
    assert_eq!((contacts.crm.count("local"), contacts.botmatic.count("local")), (0, 1));
    // The deletion is told at last.
    let delete = ("DELETE", "/contacts/c-1");
    assert_eq!(push(&contacts, &integration, delete, Value::Null).await.0, 204);
    assert_eq!(contacts.botmatic.count("local"), 0);
}
