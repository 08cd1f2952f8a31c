//! Many contacts in one call to Botmatic.

use patchcord_local::standins::{BotmaticStandin, Reject, StandinOptions};
use serde_json::{Value, json};

use super::client::{Client, named};

async fn start() -> (BotmaticStandin, Client) {
    let botmatic = BotmaticStandin::start(StandinOptions::default()).await.unwrap();
    let client = Client::of(&botmatic, "local-token");
    (botmatic, client)
}

fn names(botmatic: &BotmaticStandin) -> Vec<Value> {
    botmatic.contacts("local").into_iter().map(|c| c.fields["firstname"].clone()).collect()
}

#[tokio::test]
async fn each_new_contact_has_its_result_in_order() {
    let (botmatic, client) = start().await;
    let contacts = json!([
        { "firstname": "Ada" },
        { "firstname": "Eve", "email": "nowhere" },
        "Bob",
        { "firstname": "Gil", "id": 4 },
        { "firstname": "Zoe" },
    ]);
    let answer = client.call("POST", "/api/contacts", json!({ "contacts": contacts })).await;
    let expected = json!({ "contacts": [
        { "success": true, "id": 1 },
        { "success": false, "error": "email: expected an e-mail address" },
        { "success": false, "error": "expected an object" },
        { "success": false, "error": "id: the server's, not to be written" },
        { "success": true, "id": 2 },
    ] });
    assert_eq!(answer, (201, expected));
    assert_eq!(names(&botmatic), ["Ada", "Zoe"]);
    let answer = client.call("POST", "/api/contacts", json!({ "contacts": [] })).await;
    assert_eq!(answer, (201, json!({ "contacts": [] })));
}

#[tokio::test]
async fn each_update_has_its_result_in_order() {
    let (botmatic, client) = start().await;
    for name in ["Ada", "Bob"] {
        botmatic.user_creates("local", named(name)).unwrap();
    }
    let contacts = json!([
        { "contact_id": "2", "contact_props": { "firstname": "Björn" } },
        { "contact_id": 7, "contact_props": {} },
        { "contact_id": 1, "contact": { "firstname": "Eve" } },
        { "contact_id": null, "contact_props": {} },
        { "contact_id": 1, "contact_props": { "firstname": "Aïda" } },
    ]);
    let answer = client.call("PATCH", "/api/contacts", json!({ "contacts": contacts })).await;
    let shape = "expected an object with `contact_id` and `contact_props`";
    let expected = json!({ "contacts": [
        { "success": true, "id": 2 },
        { "success": false, "id": 7, "error": "no such contact" },
        { "success": false, "error": shape },
        { "success": false, "error": "contact_id: expected a number or a text" },
        { "success": true, "id": 1 },
    ] });
    assert_eq!(answer, (200, expected));
    assert_eq!(names(&botmatic), ["Aïda", "Björn"]);
}

#[tokio::test]
async fn a_poisoned_contact_fails_alone_or_with_the_whole_call() {
    let (botmatic, client) = start().await;
    let body = json!({ "contacts": [{ "firstname": "Ada" }, { "firstname": "Mallory" }] });
    for (whole, status, created) in [(false, 201, 1), (true, 422, 0)] {
        botmatic.reset();
        botmatic.change_settings(|settings| {
            let (field, value) = ("firstname".to_owned(), json!("Mallory"));
            settings.reject = vec![Reject { field, value, whole }];
        });
        let answer = client.call("POST", "/api/contacts", body.clone()).await;
        assert_eq!(answer.0, status, "{answer:?}");
        assert_eq!(botmatic.count("local"), created);
        assert!(!answer.1.to_string().contains("Mallory"), "{answer:?}");
    }
}
