//! `/imports` on the function `botmatic`: what it answers.

use std::time::Duration;

use http::Method;
use patchcord::ground::http::client;
use patchcord_local::standins::Reject;
use patchcord_tests::contacts::{Contacts, TOKEN, answer};
use patchcord_tests::imports::{ADMIN_KEY, Imports};
use serde_json::{Value, json};

/// What is to be answered: the status, and a part of the detail.
type Expected = (u16, &'static str);

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn what_is_wrong_is_said_with_its_place() {
    let imports = Imports::start(10).await;
    let ours = &imports.integration;
    let unknown = format!("/imports/{ours}.018bcfe568000000000");
    let running = imports.begin(json!({})).await;
    let is_running = format!("/imports/{running}/retry");
    let list = format!("/imports?integration={ours}");
    let of = |members: Value| {
        let mut body = json!({ "integration": ours });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        Some(body.to_string())
    };
    let cases: Vec<(&str, Method, String, Option<String>, Expected)> = vec![
        ("a list of nobody's", Method::GET, "/imports".into(), None, (400, "?integration=")),
        (
            "a list of no id",
            Method::GET,
            "/imports?integration=a/b".into(),
            None,
            (400, "?integration="),
        ),
        (
            "a list with a slash",
            Method::GET,
            format!("/imports/?integration={ours}"),
            None,
            (200, ""),
        ),
        ("an import without its id", Method::GET, "/imports/".into(), None, (400, "/imports/{id}")),
        (
            "a list of something else",
            Method::GET,
            format!("{list}&state=running"),
            None,
            (400, "`state`: expected `integration`"),
        ),
        ("a list", Method::GET, list, None, (200, "")),
        ("no method of theirs", Method::DELETE, "/imports".into(), None, (405, "GET, POST")),
        (
            "no body",
            Method::POST,
            "/imports".into(),
            None,
            (400, r#"such as {"integration": "ID"}"#),
        ),
        (
            "no JSON",
            Method::POST,
            "/imports".into(),
            Some("{".into()),
            (400, "malformed JSON: EOF"),
        ),
        (
            "no integration",
            Method::POST,
            "/imports".into(),
            Some("{}".into()),
            (400, "integration"),
        ),
        (
            "an unknown mode",
            Method::POST,
            "/imports".into(),
            of(json!({"mode": "fast"})),
            (400, "mode: "),
        ),
        (
            "no page",
            Method::POST,
            "/imports".into(),
            of(json!({"page_size": 0})),
            (400, "page_size: expected a page size from 1 to 500"),
        ),
        (
            "a large page",
            Method::POST,
            "/imports".into(),
            of(json!({"page_size": 501})),
            (400, "page_size: "),
        ),
        (
            "a text for a yes",
            Method::POST,
            "/imports".into(),
            of(json!({"dry_run": "yes"})),
            (400, "dry_run: "),
        ),
        (
            "an unknown member",
            Method::POST,
            "/imports".into(),
            of(json!({"dryrun": true})),
            (400, "dryrun"),
        ),
        (
            "nobody's integration",
            Method::POST,
            "/imports".into(),
            Some(json!({"integration": "nobody"}).to_string()),
            (404, "no such integration"),
        ),
        (
            "a file of the server's",
            Method::POST,
            "/imports".into(),
            of(json!({"source": "/etc/passwd.csv"})),
            (422, "source: "),
        ),
        ("no id", Method::GET, "/imports/7".into(), None, (400, "expected an import's id")),
        ("no such import", Method::GET, unknown.clone(), None, (404, "no such import")),
        (
            "no number of failures",
            Method::GET,
            format!("/imports/{running}?failures=many"),
            None,
            (400, "failures: "),
        ),
        (
            "too many failures",
            Method::GET,
            format!("/imports/{running}?failures=1001"),
            None,
            (400, "failures: "),
        ),
        (
            "failures by an unknown name",
            Method::GET,
            format!("/imports/{running}?limit=5"),
            None,
            (400, "`limit`: expected `failures` or `failures_after`"),
        ),
        ("not to be changed", Method::PUT, unknown.clone(), None, (405, "GET")),
        (
            "no id to cancel",
            Method::POST,
            "/imports/7/cancel".into(),
            None,
            (400, "expected an import's id"),
        ),
        (
            "nothing to cancel",
            Method::POST,
            format!("{unknown}/cancel"),
            None,
            (404, "no such import"),
        ),
        ("not cancelled by looking", Method::GET, format!("{unknown}/cancel"), None, (405, "POST")),
        (
            "no id to retry",
            Method::POST,
            "/imports/7/retry".into(),
            None,
            (400, "expected an import's id"),
        ),
        (
            "nothing to retry",
            Method::POST,
            format!("{unknown}/retry"),
            None,
            (404, "no such import"),
        ),
        ("not ended yet", Method::POST, is_running.clone(), None, (409, "still running")),
        (
            "a wrong body",
            Method::POST,
            is_running.clone(),
            Some(json!({"create_doubtful": 1}).to_string()),
            (400, "create_doubtful: "),
        ),
        ("not retried by looking", Method::GET, is_running, None, (405, "POST")),
    ];
    for (name, method, path, body, (status, part)) in cases {
        let url = format!("{}{path}", imports.contacts.url);
        let request = || {
            client().unwrap().request(method.clone(), &url).body(body.clone().unwrap_or_default())
        };
        for (whose, unauthorized) in [
            ("no key", request()),
            ("a wrong key", request().bearer_auth("the-admins-kez")),
            ("Botmatic's token", request().bearer_auth(TOKEN)),
        ] {
            let refused = answer(unauthorized).await;
            assert_eq!(refused, (401, json!("Not authorized")), "{name}: {whose}");
        }
        let (found, said) = answer(request().bearer_auth(ADMIN_KEY)).await;
        assert_eq!(found, status, "{name}: {said}");
        assert!(said["detail"].as_str().unwrap_or_default().contains(part), "{name}: {said}");
    }
    assert_eq!(imports.contacts.crm.requests().count("GET", "/contacts"), 0, "nothing was begun");
}

#[tokio::test]
async fn without_a_queue_none_is_started() {
    let contacts = Contacts::start().await;
    let integration = contacts.install().await;
    let body = json!({ "integration": integration }).to_string();
    let url = format!("{}/imports", contacts.url);
    let request = client().unwrap().post(url).bearer_auth(ADMIN_KEY).body(body);
    let (status, said) = answer(request).await;
    assert_eq!(status, 503, "{said}");
    assert!(said["detail"].as_str().unwrap().contains("IMPORT_QUEUE_URL"), "{said}");
}

#[tokio::test]
async fn a_list_has_the_newest_first_and_failures_come_in_pages() {
    let imports = Imports::start(250).await;
    imports.contacts.botmatic.change_settings(|settings| {
        let (field, value) = ("email".to_owned(), Value::Null);
        settings.reject = vec![Reject { field, value, whole: false }];
    });
    imports.contacts.crm.change_settings(|settings| settings.deliver_to = None);
    let scores = (0..1_000).map(|score| Reject {
        field: "score".to_owned(),
        value: json!(score),
        whole: false,
    });
    imports.contacts.botmatic.change_settings(|settings| settings.reject.extend(scores));
    let mapping = imports.run(1, Duration::from_secs(20)).await;
    let first = imports.begin(json!({})).await;
    let status = imports.ended(&first).await;
    assert_eq!(status["counts"]["failed"], 250, "{}", status["counts"]);
    let (mut found, mut path) = (0, format!("/imports/{first}?failures=100"));
    loop {
        let (_, page) = imports.ask(Method::GET, &path, None).await;
        found += page["failures"].as_array().unwrap().len();
        let Some(next) = page["failures_next"].as_str() else { break };
        let next = next.replace('#', "%23");
        path = format!("/imports/{first}?failures=100&failures_after={next}");
    }
    assert_eq!(found, 250);
    let second = imports.begin(json!({ "dry_run": true })).await;
    imports.ended(&second).await;
    let path = format!("/imports?integration={}", imports.integration);
    let (_, list) = imports.ask(Method::GET, &path, None).await;
    let ids: Vec<_> = list["imports"].as_array().unwrap().iter().map(|it| &it["import"]).collect();
    assert_eq!(ids, [second.as_str(), first.as_str()]);
    mapping.stop().await;
}
