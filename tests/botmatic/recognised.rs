//! By what a contact that was created is recognised when its side tells of it, if it has no address;
//! and for how long.

use patchcord_local::standins::{Fault, Faults};
use serde_json::json;

use crate::helpers::{SETTLE, event, fields, installed, pairs};
use crate::in_doubt::{creations_end_with, crm_tells};

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
