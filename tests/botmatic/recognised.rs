//! By what a contact that was created is recognised when its side tells of it, if it has no address;
//! and for how long.

use patchcord_local::standins::{Fault, Faults};
use patchcord_tests::contacts::CONFIG;
use serde_json::json;

use crate::helpers::{SETTLE, event, fields, installed, pairs, silent_with};
use crate::in_doubt::{creations_end_with, crm_loses_its_answers, crm_tells};

#[tokio::test]
async fn a_stranger_is_not_taken_for_a_contact_whose_creation_was_in_doubt_long_ago() {
    let (contacts, integration) = installed().await;
    let ada = || fields(json!({ "firstname": "Ada" }));
    contacts.crm.user_creates("local", fields(json!({ "first_name": "Ada" }))).unwrap();
    let lost = creations_end_with("/api/contacts", Fault::DropBefore);
    contacts.botmatic.set_faults(lost).unwrap();
    assert_eq!(crm_tells(&contacts, &integration, "c-1").await.0, 503);
    contacts.botmatic.set_faults(Faults::default()).unwrap();
    contacts.clock.advance(SETTLE);
    let stranger = contacts.botmatic.user_creates("local", ada()).unwrap();
    let stranger = contacts.botmatic.to_json(&stranger);
    let (_, answer) = event(&contacts, "contact_created", stranger.clone()).await;
    assert_eq!(answer["data"]["outcome"], "done", "{answer}");
    assert_eq!(pairs(&contacts).await[0], (format!("b#{}", stranger["id"]), "c-2".to_owned()));
    // The one in doubt is created when its side tells of it again.
    assert_eq!(crm_tells(&contacts, &integration, "c-1").await.0, 201);
    assert_eq!(contacts.botmatic.count("local"), 2);
}

#[tokio::test]
async fn what_the_way_to_the_crm_changes_is_recognised_when_it_comes_back() {
    for (name, mapping, held) in [
        (
            "a transform",
            "{botmatic: {name: phone, type: text}, ext: {name: phone, transform: {phone: FR}}}",
            json!({ "firstname": "Ada", "phone": "01 42 68 53 00" }),
        ),
        (
            "a transform that reads another field",
            "{botmatic: {name: town}, ext: {name: town, \
              transform: {expression: 'value if contact.firstname'}}}",
            json!({ "firstname": "Ada", "town": "Paris" }),
        ),
        (
            "a default",
            "{botmatic: {name: stage}, ext: {name: stage, default: lead}}",
            json!({ "firstname": "Ada" }),
        ),
    ] {
        let mapping = format!("  mappings:\n    - {mapping}\n");
        let config = CONFIG.replace("  mappings:\n", &mapping);
        let contacts = silent_with(&config, |setup| setup).await;
        let integration = contacts.install().await;
        let ada = contacts.botmatic.user_creates("local", fields(held)).unwrap();
        crm_loses_its_answers(&contacts);
        let told = contacts.botmatic.to_json(&ada);
        assert_eq!(event(&contacts, "contact_created", told).await.0, 503, "{name}");
        contacts.crm.set_faults(Faults::default()).unwrap();
        let (_, answer) = crm_tells(&contacts, &integration, "c-1").await;
        assert_eq!(answer["contact_id"], json!(ada.id), "{name}: {answer}");
        assert_eq!(contacts.botmatic.count("local"), 1, "{name}");
    }
}

#[tokio::test]
async fn a_default_alone_is_nothing_to_be_recognised_by() {
    let stage = "  mappings:\n    - {botmatic: {name: stage}, ext: {name: stage, default: lead}}\n";
    let contacts = silent_with(&CONFIG.replace("  mappings:\n", stage), |setup| setup).await;
    contacts.install().await;
    crm_loses_its_answers(&contacts);
    assert_eq!(event(&contacts, "contact_created", json!({ "id": 1 })).await.0, 503);
    contacts.crm.set_faults(Faults::default()).unwrap();
    let (_, answer) = event(&contacts, "contact_created", json!({ "id": 2 })).await;
    assert_eq!(answer["data"]["outcome"], "done", "somebody else: {answer}");
}
