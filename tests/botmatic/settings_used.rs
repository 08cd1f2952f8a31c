//! What templates see of an integration's settings: what was entered, and the defaults of fields
//! that nobody has entered. An empty field is missing.

use patchcord::ground::http::client;
use patchcord_tests::contacts::{CONFIG, Contacts, SETTINGS, TOKEN, answer};
use serde_json::{Value, json};

use crate::helpers::{event, only_on_crm, silent_with};

async fn with(fields: &str, from: &str, to: &str) -> (Contacts, String) {
    assert!(CONFIG.contains(from), "{from}");
    let settings = format!("settings: {{fields: [{fields}]}}");
    let config = CONFIG.replace(SETTINGS, &settings).replace(from, to);
    let contacts = silent_with(&config, |setup| setup).await;
    let integration = contacts.install().await;
    (contacts, integration)
}

async fn save(contacts: &Contacts, body: Value) {
    let request = client().unwrap().post(format!("{}/botmatic/settings", contacts.url));
    let saved = answer(request.json(&body)).await;
    assert_eq!(saved, (200, json!({ "success": true })));
}

#[tokio::test]
async fn a_default_counts_until_something_else_is_saved() {
    let field = "{name: key, type: select, label: Key, options: [local-crm-key, another], \
                 default: local-crm-key}";
    let used = "token: \"{{ settings.key }}\"";
    let (contacts, _) = with(field, "token: local-crm-key", used).await;
    let ada = json!({ "id": 1, "firstname": "Ada" });
    let (_, answer) = event(&contacts, "contact_created", ada).await;
    assert_eq!(answer["success"], true, "{answer}");
    assert_eq!(only_on_crm(&contacts)["first_name"], "Ada");
    save(&contacts, json!({ "token": TOKEN, "key": "another" })).await;
    let grace = json!({ "id": 2, "firstname": "Grace" });
    let (_, answer) = event(&contacts, "contact_created", grace).await;
    assert_eq!(answer["success"], false, "{answer}");
}

#[tokio::test]
async fn a_push_key_made_of_an_empty_field_opens_nothing() {
    let fields = "{name: push_key, type: text, label: Key}, {name: note, type: text, label: Note}";
    let used = "push: {key: \"acme-{{ settings.push_key }}\"}";
    let (contacts, integration) = with(fields, "push: {key: local-crm-key}", used).await;
    let push = async |key: &str| {
        let url = format!("{}/contacts?integration={integration}", contacts.url);
        let request = client().unwrap().post(url).bearer_auth(key);
        answer(request.json(&json!({ "id": "7", "first_name": "Eve" }))).await.0
    };
    let guesses = ["acme-", "acme-none", "acme-null", "acme"];
    for key in guesses {
        assert_eq!(push(key).await, 401, "{key}, with nothing saved");
    }
    save(&contacts, json!({ "token": TOKEN, "note": "x" })).await;
    for key in guesses {
        assert_eq!(push(key).await, 401, "{key}, saved empty");
    }
    save(&contacts, json!({ "token": TOKEN, "push_key": "s3same" })).await;
    assert_eq!(push("acme-s3same").await, 201);
}

#[tokio::test]
async fn an_empty_field_prints_nothing() {
    let fields = "{name: suffix, type: text, label: Suffix}";
    let used = "token: local-crm-key, \
                operations: {create_contact: {json: {first_name: \"Ada{{ settings.suffix }}\"}}}}";
    let (contacts, _) = with(fields, "token: local-crm-key}", used).await;
    save(&contacts, json!({ "token": TOKEN, "suffix": "" })).await;
    let (_, answer) = event(&contacts, "contact_created", json!({ "id": 1 })).await;
    assert_eq!(answer["success"], true, "{answer}");
    assert_eq!(only_on_crm(&contacts)["first_name"], "Ada");
}
