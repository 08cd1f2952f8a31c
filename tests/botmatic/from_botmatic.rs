//! "The operations", from Botmatic: contacts that are created, updated and deleted there.

use patchcord_tests::contacts::CONFIG;
use serde_json::{Value, json};

use crate::helpers::{event, fields, installed, only_on_crm, pairs, push, silent_with};

#[tokio::test]
async fn a_created_contact_is_created_outside_and_paired_in_either_shape() {
    for (name, data) in [
        ("plain", json!({ "id": 122, "firstname": "Giselle", "email": "g@example.com" })),
        ("nested", json!({ "contact_created": { "id": "122", "firstname": "Giselle" } })),
        ("id as a text", json!({ "id": "122", "firstname": "Giselle" })),
    ] {
        let (contacts, _) = installed().await;
        let (status, answer) = event(&contacts, "contact_created", data).await;
        assert_eq!((status, &answer["data"]["outcome"]), (200, &json!("done")), "{name}");
        assert_eq!(answer["data"]["contact_id"], "122", "{name}");
        let crm = only_on_crm(&contacts);
        assert_eq!(crm["first_name"], "Giselle", "{name}");
        assert_eq!(answer["data"]["external_id"], crm["id"], "{name}");
        let (there, back) = (("b#122".into(), "c-1".into()), ("e#c-1".into(), "122".into()));
        assert_eq!(pairs(&contacts).await, [there, back], "{name}: both ways");
    }
}

#[tokio::test]
async fn one_contact_with_the_same_address_is_adopted_and_completes_botmatics() {
    let (contacts, _) = installed().await;
    let theirs = json!({ "email": "ada@example.com", "first_name": "Augusta", "score": 7 });
    contacts.crm.user_creates("local", fields(theirs)).unwrap();
    let ours = json!({ "email": "Ada@example.com", "firstname": "Ada", "city": "Paris" });
    let ours = contacts.botmatic.user_creates("local", fields(ours)).unwrap();
    let before = contacts.botmatic.to_json(&ours);

    let (_, answer) = event(&contacts, "contact_created", before).await;
    assert_eq!(answer["success"], true, "{answer}");
    assert_eq!(answer["data"]["outcome"], "adopted");
    let crm = only_on_crm(&contacts);
    assert_eq!(crm["first_name"], "Augusta", "what the external service holds counts");
    assert_eq!(crm["address"], json!({ "city": "Paris" }), "what it does not hold is added");
    let botmatic =
        contacts.botmatic.to_json(&contacts.botmatic.contact("local", &ours.id).unwrap());
    assert_eq!((&botmatic["firstname"], &botmatic["score"]), (&json!("Augusta"), &json!(7)));
    assert_eq!(botmatic["city"], "Paris");
    assert_eq!(pairs(&contacts).await.len(), 2);
    assert_eq!(contacts.crm.requests().count("POST", "/contacts"), 0);
}

#[tokio::test]
async fn a_default_is_not_taken_for_what_an_adopted_contact_holds() {
    let mapping = "{botmatic: {name: status, default: new}, ext: {name: status}}";
    let config = CONFIG.replace("  consumer:", &format!("    - {mapping}\n  consumer:"));
    let contacts = silent_with(&config, |setup| setup).await;
    let integration = contacts.install().await;
    let theirs = fields(json!({ "email": "ada@example.com" }));
    contacts.crm.user_creates("local", theirs).unwrap();
    let ours = fields(json!({ "email": "ada@example.com" }));
    let ours = contacts.botmatic.user_creates("local", ours).unwrap();
    let told = contacts.botmatic.to_json(&ours);
    let (_, answer) = event(&contacts, "contact_created", told).await;
    assert_eq!(answer["data"]["outcome"], "adopted", "{answer}");

    let change = json!({ "status": "new" });
    contacts.crm.user_updates("local", "c-1", fields(change.clone())).unwrap();
    push(&contacts, &integration, ("PATCH", "/contacts/c-1"), change).await;
    let botmatic = contacts.botmatic.contact("local", &ours.id).unwrap();
    assert_eq!(botmatic.fields.get("status"), Some(&json!("new")));
}

#[tokio::test]
async fn of_several_with_the_same_address_none_is_adopted() {
    let (contacts, _) = installed().await;
    let twin = fields(json!({ "email": "ada@example.com" }));
    contacts.crm.user_creates("local", twin.clone()).unwrap();
    contacts.crm.user_creates("local", twin).unwrap();
    let ada = json!({ "id": 1, "email": "ada@example.com", "firstname": "Ada" });
    let (_, answer) = event(&contacts, "contact_created", ada).await;
    assert_eq!(answer["data"]["outcome"], "done", "{answer}");
    assert_eq!(answer["data"]["external_id"], "c-3");
    let untouched = contacts.crm.contact("local", "c-1").unwrap();
    assert_eq!(untouched.fields, fields(json!({ "email": "ada@example.com" })));
}

#[tokio::test]
async fn an_update_reaches_the_paired_contact_in_either_shape() {
    let (contacts, _) = installed().await;
    event(&contacts, "contact_created", json!({ "id": 1, "firstname": "Ada", "score": 3 })).await;
    for data in [
        json!({ "id": 1, "firstname": "Augusta", "score": 3 }),
        json!({ "contact_updated": { "id": "1", "firstname": "Ada King", "score": 3 } }),
    ] {
        let expected =
            data["contact_updated"].get("firstname").unwrap_or(&data["firstname"]).clone();
        let (_, answer) = event(&contacts, "contact_updated", data).await;
        assert_eq!(answer["data"]["outcome"], "done", "{answer}");
        assert_eq!(only_on_crm(&contacts)["first_name"], expected);
        assert_eq!(only_on_crm(&contacts)["score"], 3);
    }
    let requests = contacts.crm.requests();
    assert_eq!(requests.count("PATCH", "/contacts/{id}"), 2, "{:?}", requests.counts);
}

#[tokio::test]
async fn an_update_without_a_pair_finds_by_email_and_else_creates() {
    let (contacts, _) = installed().await;
    contacts.crm.user_creates("local", fields(json!({ "email": "ada@example.com" }))).unwrap();
    let ada = json!({ "id": 1, "email": "ada@example.com", "firstname": "Ada" });
    let ada = event(&contacts, "contact_updated", ada).await.1;
    // Completing it is told to Botmatic, where there is no contact 1: see the outcome there.
    assert_eq!(ada["data"]["outcome"], "adopted", "{ada}");
    assert_eq!(only_on_crm(&contacts)["first_name"], "Ada");
    let bob = json!({ "id": 2, "email": "bob@example.com", "firstname": "Bob" });
    let bob = event(&contacts, "contact_updated", bob).await.1;
    assert_eq!(bob["data"]["outcome"], "done", "{bob}");
    assert_eq!(contacts.crm.count("local"), 2);
    assert_eq!(pairs(&contacts).await.len(), 4);
}

#[tokio::test]
async fn a_deletion_deletes_the_paired_contact_and_the_pair_in_every_shape() {
    for (name, data) in [
        ("contact_id", json!({ "contact_id": 122 })),
        ("contact_id as a text", json!({ "contact_id": "122" })),
        ("id", json!({ "id": 122 })),
        ("nested id", json!({ "contact_deleted": { "id": 122, "email": "g@example.com" } })),
        ("nested contact_id", json!({ "contact_deleted": { "contact_id": "122" } })),
    ] {
        let (contacts, _) = installed().await;
        event(&contacts, "contact_created", json!({ "id": 122, "firstname": "Giselle" })).await;
        let (status, answer) = event(&contacts, "contact_deleted", data).await;
        assert_eq!((status, &answer["success"]), (200, &json!(true)), "{name}: {answer}");
        assert_eq!(contacts.crm.count("local"), 0, "{name}");
        assert!(pairs(&contacts).await.is_empty(), "{name}");
    }
}

#[tokio::test]
async fn a_deletion_without_a_pair_succeeds_and_calls_nothing() {
    let (contacts, _) = installed().await;
    contacts.crm.user_creates("local", fields(json!({ "first_name": "Ada" }))).unwrap();
    let asked = contacts.botmatic.requests().total();
    let (_, answer) = event(&contacts, "contact_deleted", json!({ "contact_id": 122 })).await;
    assert_eq!((&answer["success"], &answer["data"]["outcome"]), (&json!(true), &json!("no pair")));
    assert_eq!(contacts.crm.requests().total(), 0);
    assert_eq!(contacts.botmatic.requests().total(), asked);
    assert_eq!(contacts.crm.count("local"), 1);
}

#[tokio::test]
async fn an_event_that_arrives_after_the_deletion_creates_nothing() {
    let (contacts, _) = installed().await;
    let ada = json!({ "id": 1, "firstname": "Ada" });
    event(&contacts, "contact_created", ada.clone()).await;
    event(&contacts, "contact_deleted", json!({ "contact_id": 1 })).await;
    for name in ["contact_created", "contact_updated", "contact_deleted"] {
        let mut data = ada.clone();
        data["firstname"] = json!("late");
        let (_, answer) = event(&contacts, name, data).await;
        assert_eq!(answer["data"]["outcome"], "deleted before", "{name}");
    }
    assert_eq!(contacts.crm.count("local"), 0);
}

#[tokio::test]
async fn without_contacts_in_the_configuration_nobody_handles_their_events() {
    let (botmatic, _) = CONFIG.split_once("contacts:").unwrap();
    let contacts = silent_with(botmatic, |setup| setup).await;
    contacts.install().await;
    for (name, data) in [
        ("contact_created", json!({ "id": 1, "firstname": "Ada" })),
        ("contact_updated", json!({ "id": 1 })),
        ("contact_updated", json!("not a contact")),
        ("contact_deleted", json!({ "contact_id": 1 })),
        ("contact_deleted", Value::Null),
    ] {
        let error = json!({ "error": format!("No event \"{name}\" defined") });
        let expected = json!({ "success": false, "type": "data", "data": error });
        assert_eq!(event(&contacts, name, data).await, (200, expected));
    }
}
