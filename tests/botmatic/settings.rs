//! The settings page through its route. What it looks like in a browser is in `settings_page.rs`.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, OnceLock};

use patchcord::botmatic::settings::{Entered, FieldErrors};
use patchcord::ground::http::client;
use patchcord_tests::contacts::{CONFIG, Contacts, SETTINGS, TOKEN, answer};
use serde_json::{Value, json};

use crate::helpers::{
    Answered, botmatic_is_down, event, installed, items, only_on_crm, silent, silent_with,
};

async fn page(contacts: &Contacts, query: &str) -> reqwest::Response {
    let url = format!("{}/botmatic/settings{query}", contacts.url);
    client().unwrap().get(url).send().await.unwrap()
}

async fn html(contacts: &Contacts) -> String {
    page(contacts, &format!("?token={TOKEN}")).await.text().await.unwrap()
}

async fn save(contacts: &Contacts, body: Value) -> Answered {
    let request = client().unwrap().post(format!("{}/botmatic/settings", contacts.url));
    answer(request.json(&body)).await
}

/// How the page says of the one secret whether it is set; its style sheet has both words as well.
const SET: &str = "<div class=\"state\" data-state=\"set\">";
const UNSET: &str = "<div class=\"state\" data-state=\"unset\">";
const REQUIRED: &str = "fields: [{name: api_key, type: secret, label: API key, required: true}]";

#[tokio::test]
async fn values_are_saved_sealed_and_a_secret_is_never_shown() {
    let (contacts, integration) = installed().await;
    let response = page(&contacts, &format!("?token={TOKEN}")).await;
    assert_eq!(response.status(), 200);
    let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert!(header("content-security-policy").contains("frame-ancestors https://app.botmatic.ai"));
    let text = response.text().await.unwrap();
    assert!(text.contains(&integration) && text.contains(UNSET), "{text}");

    let saved = save(&contacts, json!({ "token": TOKEN, "api_key": "s3same" })).await;
    assert_eq!(saved, (200, json!({ "success": true })));
    let text = html(&contacts).await;
    assert!(text.contains(SET) && !text.contains("s3same"), "{text}");
    assert!(!format!("{:?}", items(&contacts).await).contains("s3same"), "sealed");

    // Left empty, it stays what it was.
    assert_eq!(save(&contacts, json!({ "token": TOKEN, "api_key": "" })).await.0, 200);
    assert!(html(&contacts).await.contains(SET));
}

#[tokio::test]
async fn each_mistake_is_named_by_its_field_and_nothing_is_saved() {
    let config =
        CONFIG.replace("fields: [{name: api_key, type: secret, label: API key}]", REQUIRED);
    let contacts = silent_with(&config, |setup| setup).await;
    contacts.install().await;
    let expected = json!({ "success": false, "errorFields": { "api_key": "Field required" } });
    assert_eq!(save(&contacts, json!({ "token": TOKEN })).await, (200, expected));
    assert!(html(&contacts).await.contains(UNSET));
}

#[tokio::test]
async fn a_check_of_ones_own_decides_about_what_is_as_declared() {
    static CHECKED: AtomicUsize = AtomicUsize::new(0);
    let check = |entered: Entered| async move {
        CHECKED.fetch_add(1, SeqCst);
        assert!(!entered.integration.as_str().is_empty());
        match entered.settings["api_key"].as_str() {
            Some("good") => Ok(()),
            _ => {
                Err(FieldErrors::from([("api_key".to_owned(), "Acme does not know it".to_owned())]))
            }
        }
    };
    let config =
        CONFIG.replace("fields: [{name: api_key, type: secret, label: API key}]", REQUIRED);
    let contacts = silent_with(&config, |setup| setup.check_settings(check)).await;
    contacts.install().await;
    let refused =
        |text: &str| (200, json!({ "success": false, "errorFields": { "api_key": text } }));
    for (name, key, expected, checked) in [
        ("not as declared", "", refused("Field required"), 0),
        ("refused", "bad", refused("Acme does not know it"), 1),
        ("nothing was stored", "", refused("Field required"), 1),
        ("accepted", "good", (200, json!({ "success": true })), 2),
        ("what is stored is checked again", "", (200, json!({ "success": true })), 3),
    ] {
        let answer = save(&contacts, json!({ "token": TOKEN, "api_key": key })).await;
        assert_eq!((answer, CHECKED.load(SeqCst)), (expected, checked), "{name}");
    }
    assert!(html(&contacts).await.contains(SET));
}

/// Somebody saves another key while the check of a form goes on in which it was left empty.
#[tokio::test]
async fn what_was_stored_during_a_check_stays() {
    static URL: OnceLock<String> = OnceLock::new();
    static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let check = |entered: Entered| async move {
        let key = entered.settings["api_key"].as_str().unwrap().to_owned();
        let times = {
            let mut seen = SEEN.lock().unwrap();
            seen.push(key);
            seen.len()
        };
        if times == 2 {
            let request = client().unwrap().post(URL.get().unwrap());
            let saved = answer(request.json(&json!({ "token": TOKEN, "api_key": "new" }))).await;
            assert_eq!(saved, (200, json!({ "success": true })));
        }
        Ok::<_, FieldErrors>(())
    };
    let contacts = silent_with(CONFIG, |setup| setup.check_settings(check)).await;
    URL.set(format!("{}/botmatic/settings", contacts.url)).unwrap();
    contacts.install().await;
    for key in ["old", "", ""] {
        let saved = save(&contacts, json!({ "token": TOKEN, "api_key": key })).await;
        assert_eq!(saved, (200, json!({ "success": true })));
    }
    assert_eq!(*SEEN.lock().unwrap(), ["old", "old", "new", "new"]);
}

#[tokio::test]
async fn only_an_installed_token_that_botmatic_knows_gets_the_page() {
    let contacts = silent().await;
    let refused = (401, json!("Not authorized."));
    // Botmatic knows it, and it is not installed.
    assert_eq!(page(&contacts, &format!("?token={TOKEN}")).await.status(), 401);
    assert_eq!(save(&contacts, json!({ "token": TOKEN, "api_key": "x" })).await, refused);
    contacts.install().await;
    for query in ["", "?token=", "?token=unknown", &format!("?other={TOKEN}")] {
        let response = page(&contacts, query).await;
        assert_eq!(response.status(), 401, "{query}");
        assert_eq!(response.text().await.unwrap(), "Not authorized.", "{query}");
    }
    assert_eq!(save(&contacts, json!({ "token": "unknown", "api_key": "x" })).await, refused);
    assert_eq!(save(&contacts, json!({ "api_key": "x" })).await.0, 401);
    contacts.botmatic.revoke_key(TOKEN);
    assert_eq!(page(&contacts, &format!("?token={TOKEN}")).await.status(), 401);
    assert_eq!(save(&contacts, json!({ "token": TOKEN, "api_key": "x" })).await, refused);
}

#[tokio::test]
async fn botmatic_not_answering_is_503() {
    let (contacts, _) = installed().await;
    botmatic_is_down(&contacts);
    assert_eq!(page(&contacts, &format!("?token={TOKEN}")).await.status(), 503);
    assert_eq!(save(&contacts, json!({ "token": TOKEN, "api_key": "x" })).await.0, 503);
}

#[tokio::test]
async fn bodies_that_are_no_form_are_refused() {
    let (contacts, _) = installed().await;
    let url = format!("{}/botmatic/settings", contacts.url);
    for (name, content_type, body, expected) in [
        ("malformed", "application/json", "{", 400),
        ("a list", "application/json", "[]", 400),
        ("another type", "text/plain", "{}", 415),
        ("no parts", "multipart/form-data; boundary=x", "", 400),
        ("too long", "application/json", &*"x".repeat(600_000), 413),
    ] {
        let request = client().unwrap().post(&url).header("content-type", content_type);
        assert_eq!(answer(request.body(body.to_owned())).await.0, expected, "{name}");
    }
}

#[tokio::test]
async fn what_was_saved_counts_for_the_next_event() {
    let key = "token: \"{{ settings.api_key }}\"";
    let config = CONFIG.replace("token: local-crm-key", key);
    let contacts = silent_with(&config, |setup| setup).await;
    contacts.install().await;
    let ada = json!({ "id": 1, "firstname": "Ada" });
    let (_, answer) = event(&contacts, "contact_created", ada.clone()).await;
    assert_ne!(answer["success"], true, "{answer}");
    save(&contacts, json!({ "token": TOKEN, "api_key": "local-crm-key" })).await;
    let (_, answer) = event(&contacts, "contact_created", ada).await;
    assert_eq!(answer["success"], true, "{answer}");
    assert_eq!(only_on_crm(&contacts)["first_name"], "Ada");
}

#[tokio::test]
async fn without_a_form_there_is_no_page() {
    let config = CONFIG.replace(SETTINGS, "");
    let contacts = silent_with(&config, |setup| setup).await;
    contacts.install().await;
    assert_eq!(page(&contacts, &format!("?token={TOKEN}")).await.status(), 404);
    assert_eq!(save(&contacts, json!({ "token": TOKEN })).await.0, 404);
}
