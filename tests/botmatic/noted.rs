//! What becomes of a contact is a line in the log, with ids only, and a metric. Nothing else that is
//! printed shows a contact or a secret either, at the level that prints the most.

use std::collections::BTreeSet;
use std::time::Duration;

use patchcord_local::runtime_api::Lambda;
use patchcord_local::standins::Reject;
use patchcord_tests::contacts::{CONFIG, PUSH_KEY, TOKEN};
use patchcord_tests::private::nothing_private;
use serde_json::{Value, json};

use crate::helpers::{
    Answered, botmatic_is_down, config_with, crm_is_down, fields, installed, silent,
};
use crate::lambda::{ask, instance};

/// In every value of these tests.
const MARK: &str = "s3same";
/// What may be in no log.
const PRIVATE: [&str; 6] =
    [MARK, TOKEN, PUSH_KEY, "the-admins-key", "only for these tests", "Bearer"];
/// What a line has besides ids.
const LINE: [&str; 5] = ["timestamp", "level", "target", "message", "outcome"];

/// Everything that is asked.
struct Asking<'a> {
    lambda: &'a Lambda,
    integration: &'a str,
}

impl Asking<'_> {
    async fn event(&self, name: &str, data: Value) -> Answered {
        let auth = format!("Bearer {TOKEN}");
        let body = json!({ "event": name, "data": data }).to_string();
        ask(self.lambda, ("POST", "/botmatic"), &[("authorization", &auth)], &body).await
    }

    async fn push(&self, method: &str, path: &str, body: Value) -> Answered {
        let auth = format!("Bearer {PUSH_KEY}");
        let path = format!("{path}?integration={}", self.integration);
        let body = body.to_string();
        ask(self.lambda, (method, &path), &[("authorization", &auth)], &body).await
    }
}

fn named(id: &str, name: &str) -> Value {
    json!({ "id": id, "firstname": format!("{MARK} {name}") })
}

#[tokio::test]
async fn every_outcome_is_a_line_with_ids_only_and_a_metric() {
    const WRITTEN: &str = "ContactsWritten";
    const UNCHANGED: &str = "ContactsUnchanged";
    const REFUSED: &str = "ContactsRefused";
    let (contacts, integration) = installed().await;
    let lambda = instance(&contacts, CONFIG).await;
    let it = Asking { lambda: &lambda, integration: &integration };
    let (botmatic, crm) = (&contacts.botmatic, &contacts.crm);
    let ada = botmatic.user_creates("local", fields(json!({ "city": MARK }))).unwrap().id;
    let address = format!("{MARK}@example.com");
    let twin = |id: &str| json!({ "id": id, "email": address });
    let says = |name: &str| json!({ "first_name": format!("{MARK} {name}") });

    let mut expected = Vec::new();
    let mut expect = |from, id: &str, outcome, metric| {
        expected.push((format!("{from} {id} {outcome}"), metric));
    };
    let mut newest = named(&ada, "Ada");
    newest["updated_at"] = json!("2030-01-02T00:00:00Z");
    it.event("contact_created", newest.clone()).await;
    expect("botmatic", &ada, "done", WRITTEN);
    it.event("contact_updated", newest.clone()).await;
    expect("botmatic", &ada, "unchanged", UNCHANGED);
    newest["updated_at"] = json!("2030-01-01T00:00:00Z");
    it.event("contact_updated", newest).await;
    expect("botmatic", &ada, "stale", UNCHANGED);
    // Both sides correct the other one.
    for (name, outcome, metric) in
        [("A.", "done", WRITTEN), ("A.", "done", WRITTEN), ("A.", "loop ended", UNCHANGED)]
    {
        it.event("contact_updated", named(&ada, name)).await;
        expect("botmatic", &ada, outcome, metric);
        if metric == WRITTEN {
            crm.user_updates("local", "c-1", fields(says("Augusta"))).unwrap();
            it.push("PATCH", "/contacts/c-1", says("Augusta")).await;
            expect("ext", "c-1", "done", WRITTEN);
        }
    }
    it.event("contact_deleted", json!({ "contact_id": "b-9" })).await;
    expect("botmatic", "b-9", "no pair", UNCHANGED);
    it.event("contact_updated", named("b-9", "late")).await;
    expect("botmatic", "b-9", "deleted before", UNCHANGED);
    crm.user_creates("local", fields(json!({ "email": address }))).unwrap();
    it.event("contact_created", twin("b-2")).await;
    expect("botmatic", "b-2", "adopted", WRITTEN);
    it.event("contact_created", twin("b-3")).await;
    expect("botmatic", "b-3", "conflict", REFUSED);
    it.push("PATCH", "/contacts/c-99", says("nobody")).await;
    expect("ext", "c-99", "not found", REFUSED);
    let value = json!(format!("{MARK} Eve"));
    let reject = Reject { field: "first_name".to_owned(), value, whole: false };
    crm.change_settings(|settings| settings.reject = vec![reject]);
    it.event("contact_created", named("b-4", "Eve")).await;
    expect("botmatic", "b-4", "rejected", REFUSED);
    crm_is_down(&contacts);
    it.event("contact_created", named("b-5", "Bob")).await;
    expect("botmatic", "b-5", "retry later", "ContactsRetried");

    let count = expected.len();
    let is_complete =
        |lines: &[Value]| saying(lines, "contact").len() >= count && metrics(lines).len() >= count;
    let lines = printed(&lambda, is_complete).await;
    let noted: Vec<_> =
        saying(&lines, "contact").into_iter().map(|line| noted(line, &integration)).collect();
    let (names, counted): (Vec<_>, Vec<_>) = expected.into_iter().unzip();
    assert_eq!(noted, names);
    assert_eq!(metrics(&lines).into_iter().map(counts).collect::<Vec<_>>(), counted);
    nothing_private(&lambda, &PRIVATE);
}

/// What was printed, once it is complete: it arrives a moment after the answer.
async fn printed(lambda: &Lambda, is_complete: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let read = || -> Vec<_> {
        let lines = lambda.logs().into_iter();
        lines.filter_map(|line| serde_json::from_str(&line.text).ok()).collect()
    };
    let wait = async {
        while !is_complete(&read()) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let arrived = tokio::time::timeout(Duration::from_mins(2), wait).await;
    assert!(arrived.is_ok(), "expected more than {:?}", read());
    read()
}

/// The lines that say this.
fn saying<'a>(lines: &'a [Value], message: &str) -> Vec<&'a Value> {
    lines.iter().filter(|line| line["message"] == message).collect()
}

/// The lines that are metrics.
fn metrics(lines: &[Value]) -> Vec<&Value> {
    lines.iter().filter(|line| line.get("_aws").is_some()).collect()
}

/// What a line says; it has nothing else.
fn noted(line: &Value, integration: &str) -> String {
    let is_success = line["level"] == "INFO";
    let mut keys = BTreeSet::from(LINE);
    keys.extend(["integration", "from", "id"]);
    if !is_success {
        keys.insert("error");
    }
    let found: BTreeSet<_> = line.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(found, keys, "{line}");
    assert_eq!(line["integration"], integration, "{line}");
    let text = |name: &str| line[name].as_str().unwrap();
    format!("{} {} {}", text("from"), text("id"), text("outcome"))
}

/// What a metric counts, once.
fn counts(line: &Value) -> &str {
    let members = line.as_object().unwrap();
    let (name, value) = members.iter().find(|(name, _)| name.starts_with("Contacts")).unwrap();
    assert_eq!((value, &line["channel"]), (&json!(1), &json!("contacts")), "{line}");
    assert_eq!(members.len(), 6, "{line}");
    name
}

#[tokio::test]
async fn nothing_that_is_sent_gets_into_the_log() {
    let forward = "{url: 'http://127.0.0.1:1'}";
    let config = config_with(&format!("  actions: [{{name: broken, forward: {forward}}}]"));
    let contacts = silent().await;
    let lambda = instance(&contacts, &config).await;
    let it = Asking { lambda: &lambda, integration: "" };
    let (status, answer) = it.event("install", json!({ "note": MARK })).await;
    assert_eq!(status, 200, "{answer}");
    let integration = answer["data"]["integration"].as_str().unwrap();
    let it = Asking { lambda: &lambda, integration };
    let bearer = |key: &str| format!("Bearer {key}");
    let (ours, push, admin) = (bearer(TOKEN), bearer(PUSH_KEY), bearer("the-admins-key"));
    let other = bearer(MARK);
    let hooks = format!("/contacts/hooks?integration={integration}");
    let created = format!("/contacts?integration={integration}");
    let token = format!("/integrations/{integration}/token");
    let settings = "/botmatic/settings";
    let page = format!("{settings}?token={TOKEN}");
    let value = |name: &str| json!({ "id": "c-9", name: MARK }).to_string();
    let event = json!({ "event": "contact_created", "data": { "id": "b-1", "score": MARK } });
    let action = json!({ "action": "broken", "data": { "text": MARK } });
    let saved = json!({ "token": TOKEN, "api_key": MARK });
    let unknown = json!({ "token": TOKEN, MARK: MARK });
    for (name, route, auth, body, expected) in [
        ("malformed", ("POST", "/botmatic"), &ours, format!("{{{MARK}"), 400),
        ("another token", ("POST", "/botmatic"), &other, event.to_string(), 401),
        ("of the wrong type", ("POST", "/botmatic"), &ours, event.to_string(), 200),
        ("a broken handler", ("POST", "/botmatic"), &ours, action.to_string(), 200),
        ("another key", ("POST", &created), &other, value("first_name"), 401),
        ("a contact", ("POST", &created), &push, value("first_name"), 201),
        ("a wrong type", ("POST", &created), &push, value("score"), 200),
        ("no contact", ("POST", &created), &push, json!(MARK).to_string(), 400),
        ("no webhook", ("POST", &hooks), &push, value("x"), 401),
        ("the page", ("GET", &page), &other, String::new(), 200),
        ("settings", ("POST", settings), &other, saved.to_string(), 200),
        ("another field", ("POST", settings), &other, unknown.to_string(), 200),
        ("a new token", ("PUT", &token), &admin, json!({ "token": MARK }).to_string(), 422),
        ("not the admin", ("PUT", &token), &other, json!({ "token": MARK }).to_string(), 401),
    ] {
        let (status, answer) = ask(&lambda, route, &[("authorization", auth)], &body).await;
        assert_eq!(status, expected, "{name}: {answer}");
    }
    crm_is_down(&contacts);
    assert_eq!(it.event("contact_created", named("b-2", "Bob")).await.0, 503);
    botmatic_is_down(&contacts);
    let body = json!({ "id": "c-2", "first_name": MARK });
    assert_eq!(it.push("POST", "/contacts", body).await.0, 503);
    for name in ["install", "uninstall"] {
        assert_eq!(it.event(name, json!({ "note": MARK })).await.0, 503, "{name}");
    }
    let last = "not installed, or not uninstalled";
    printed(&lambda, |lines| saying(lines, last).len() == 2).await;
    nothing_private(&lambda, &PRIVATE);
}
