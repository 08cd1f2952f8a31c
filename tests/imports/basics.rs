//! What an import brings over, and what it leaves alone.

use serde_json::json;

use super::{import, with_contacts};

#[tokio::test]
async fn every_contact_is_brought_over_once() {
    let (contacts, integration, function) = with_contacts(250).await;
    let request = json!({"integration": integration});
    let first = import(&function, request.clone()).await;
    assert_eq!(first["state"], "finished", "{first}");
    assert_eq!(first["counts"]["created"], 250, "{first}");
    contacts.idle().await;
    assert_eq!(contacts.botmatic.count("local"), 250);

    let second = import(&function, request).await;
    assert_eq!(second["counts"]["unchanged"], 250, "{second}");
    contacts.idle().await;
    assert_eq!((contacts.botmatic.count("local"), contacts.crm.count("local")), (250, 250));
}
