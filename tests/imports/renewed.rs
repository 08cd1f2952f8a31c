//! An integration gets another token while it is imported.

use std::sync::Arc;

use patchcord::ground::http::client;
use patchcord_tests::at_once::AtOnce;
use patchcord_tests::contacts::{CONFIG, Contacts, TOKEN, answer};
use patchcord_tests::imports::ADMIN_KEY;
use serde_json::{Value, json};

use super::changed_meanwhile::Woken;
use super::import;

/// An import of four contacts in two pages, and what is done between the two.
async fn between_two_pages(contacts: &Contacts, meanwhile: impl AsyncFnOnce(&str)) -> Value {
    contacts.crm.generate("local", 4, 7).unwrap();
    let integration = contacts.install().await;
    let woken = Arc::<Woken>::default();
    let mut http = contacts.http();
    http.sleep = Arc::clone(&woken) as _;
    let services = AtOnce::start(contacts).await;
    let setup = contacts.import_setup_by(services.endpoint(), http).await;
    let function = setup.function().unwrap();
    let request = json!({ "integration": integration, "page_size": 2 });
    // The first page goes at once, the second one has to wait for its turn.
    let (status, ()) = tokio::join!(import(&function, request), async {
        woken.asleep.notified().await;
        meanwhile(&integration).await;
        woken.awake.notify_one();
    });
    status
}

fn one_call_a_second(config: &str) -> String {
    format!("{config}  import: {{concurrency: 1, requests_per_second: 1}}\n")
}

#[tokio::test]
async fn an_import_goes_on_with_the_new_token() {
    let contacts = Contacts::with(&one_call_a_second(CONFIG), |setup| setup).await;
    let status = between_two_pages(&contacts, async |integration| {
        contacts.botmatic.add_key("local", "renewed");
        let url = format!("{}/integrations/{integration}/token", contacts.url);
        let request = client().unwrap().put(url).bearer_auth(ADMIN_KEY);
        let renewed = answer(request.json(&json!({ "token": "renewed" }))).await;
        assert_eq!(renewed, (200, json!({ "success": true })));
        contacts.botmatic.revoke_key(TOKEN);
    })
    .await;
    let ended = (&status["state"], &status["counts"]["created"], &status["counts"]["failed"]);
    assert_eq!(ended, (&json!("finished"), &json!(4), &json!(0)), "{status}");
    assert_eq!(contacts.botmatic.count("local"), 4);
}

#[tokio::test]
async fn a_token_that_is_refused_and_still_the_same_ends_it() {
    let contacts = Contacts::with(&one_call_a_second(CONFIG), |setup| setup).await;
    let status = between_two_pages(&contacts, async |_| {
        contacts.botmatic.revoke_key(TOKEN);
    })
    .await;
    assert_eq!(status["state"], "failed", "{status}");
}
