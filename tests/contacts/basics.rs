//! One contact at a time, from each side.

use patchcord_tests::contacts::{Contacts, fields};
use serde_json::{Value, json};

#[tokio::test]
async fn what_happens_on_botmatic_happens_on_the_crm() {
    let contacts = Contacts::start().await;
    contacts.install().await;
    let ada = contacts.botmatic.user_creates(
        "local",
        fields(
            json!({"email": "Ada@Example.com", "firstname": "Ada", "score": 3, "city": "Paris"}),
        ),
    );
    let ada = ada.unwrap();
    contacts.idle().await;
    let held = contacts.crm.contacts("local");
    assert_eq!(held.len(), 1);
    let crm: Value = contacts.crm.to_json(&held[0]);
    assert_eq!(crm["first_name"], "Ada");
    assert_eq!(crm["score"], 3);
    assert_eq!(crm["address"], json!({"city": "Paris"}));

    contacts
        .botmatic
        .user_updates("local", &ada.id, fields(json!({"firstname": "Augusta", "city": ""})))
        .unwrap();
    contacts.idle().await;
    let crm = contacts.crm.to_json(&contacts.crm.contacts("local")[0]);
    assert_eq!((&crm["first_name"], &crm["score"]), (&json!("Augusta"), &json!(3)));

    contacts.botmatic.user_deletes("local", &ada.id).unwrap();
    contacts.idle().await;
    assert!(contacts.crm.contacts("local").is_empty());
}

#[tokio::test]
async fn what_happens_on_the_crm_happens_on_botmatic() {
    let contacts = Contacts::start().await;
    contacts.install().await;
    let ada = contacts
        .crm
        .user_creates("local", fields(json!({"email": "ada@example.com", "first_name": "Ada"})))
        .unwrap();
    contacts.idle().await;
    let held = contacts.botmatic.contacts("local");
    assert_eq!(held.len(), 1);
    assert_eq!(contacts.botmatic.to_json(&held[0])["firstname"], "Ada");

    let change = fields(json!({"first_name": "Augusta"}));
    contacts.crm.user_updates("local", &ada.id, change).unwrap();
    contacts.idle().await;
    let botmatic = contacts.botmatic.to_json(&contacts.botmatic.contacts("local")[0]);
    assert_eq!(botmatic["firstname"], "Augusta");

    contacts.crm.user_deletes("local", &ada.id).unwrap();
    contacts.idle().await;
    assert!(contacts.botmatic.contacts("local").is_empty());
    assert_eq!(contacts.crm.contacts("local").len(), 0);
}
