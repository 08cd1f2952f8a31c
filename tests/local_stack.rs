//! `make run` in other ways than the usual one: contacts between the stand-ins, another DynamoDB, an
//! end without a farewell.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use patchcord_local::tables::{Table, client};
use patchcord_tests::binaries::root;
use patchcord_tests::dynamodb_local::DynamoDbLocal;
use patchcord_tests::local_stack::{LocalStack, paste, paste_until};
use patchcord_tests::server::FakeServer;
use patchcord_tests::stack::{ECHO, TempFile};
use patchcord_tests::wait::within;
use serde_json::{Value, json};
use tokio::time::sleep;

fn said(text: &str) -> Value {
    json!([{ "recipient_id": "user1", "text": text }])
}

#[tokio::test(flavor = "multi_thread")]
async fn pasted_lines_show_a_contact_on_both_sides_also_on_kept_data() {
    let file = TempFile::new("unused", "");
    let data = file.path().with_file_name("data");
    // The second time the stand-ins are empty again, and the database is not. And somebody has a key
    // of their own for pushes.
    for (time, key) in [("first", ""), ("second", "a key of one's own")] {
        let env = [("PATCHCORD_DATA", data.to_str().unwrap()), ("PATCHCORD_PUSH_KEY", key)];
        let stack = LocalStack::with(&env).await;
        let lines = stack.lines("/contacts");
        let [create, in_crm, change, on_botmatic] = lines[..] else {
            panic!("the {time} time: {}", stack.banner());
        };
        paste(create).await;
        paste_until(in_crm, "Ada").await;
        paste(change).await;
        paste_until(on_botmatic, "Augusta").await;

        let [settings] = stack.lines("/botmatic/settings")[..] else { panic!("{time}") };
        let page = paste(&format!("curl -s '{settings}'")).await;
        assert!(page.contains("API key of your CRM"), "the {time} time: {page}");
        stack.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pasted_lines_import_the_contacts_of_the_crm_and_so_does_the_command() {
    let stack = LocalStack::with(&[]).await;
    let [start, list] = stack.lines("/imports")[..] else { panic!("{}", stack.banner()) };
    let [generate] = stack.lines("/_control/generate")[..] else { panic!("{}", stack.banner()) };
    // The import that installing has started is over before there are contacts.
    paste_until(list, r#""state":"finished""#).await;
    paste_until(&list.replace("/imports?", "/imports/?"), r#""state":"finished""#).await;
    paste(&generate.replace("10000", "250")).await;
    let started: Value = serde_json::from_str(&paste(start).await).expect("JSON");
    assert_eq!(started["started"], true, "{started}");
    let id = started["import"].as_str().expect("an id");
    let (before, after) = list.split_once("?integration=").expect("a list");
    let (_, key) = after.split_once('\'').expect("a key");
    let one = format!("{before}/{id}'{key}");
    paste_until(&one, r#""state":"finished""#).await;
    let status: Value = serde_json::from_str(&paste(&one).await).expect("JSON");
    assert_eq!(status["counts"]["created"], 250, "{status}");

    let [invoke] = stack.lines(" invoke contact-import ")[..] else { panic!("{}", stack.banner()) };
    let invoked: Value = serde_json::from_str(&paste(invoke).await).expect("JSON");
    let id = invoked["import"].as_str().expect("an id");
    paste_until(&format!("{before}/{id}'{key}"), r#""state":"finished""#).await;

    let [command] = stack.lines(" import --watch")[..] else { panic!("{}", stack.banner()) };
    let (_, arguments) = command.split_once(" -- ").expect("arguments");
    let again = stack.command(arguments).await;
    assert!(again.contains("finished: 250 contacts"), "{again}");
    let unchanged = again.lines().find(|line| line.contains("unchanged"));
    assert_eq!(unchanged.map(|line| line.ends_with(" 250")), Some(true), "{again}");
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queued_channel_is_acknowledged_and_answered_by_the_worker() {
    let site = FakeServer::start(0, |_| (200, String::new())).await;
    let config = format!(
        "channels: {{site: {{type: callback, url: '{}'}}}}\nbot: {{type: echo}}\n",
        site.url()
    );
    let config = TempFile::new("patchcord.yaml", &config);
    let file = config.path().display().to_string();
    let stack = LocalStack::with(&[("PATCHCORD_CONFIG", &file)]).await;
    let message = json!({ "sender": "ada", "message": "hello" });
    let url = stack.url("/webhooks/site/webhook");
    assert_eq!(paste(&format!("curl -s '{url}' -d '{message}'")).await, "success");
    // The worker is compiled first.
    let answered = async {
        while site.requests() == 0 {
            sleep(Duration::from_millis(100)).await;
        }
    };
    within(Duration::from_mins(10), answered).await;
    stack.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_that_does_not_run_says_why_until_it_does() {
    // Among the project's files, as cargo lambda watches no others.
    let name = format!("patchcord-{:016x}.yaml", fastrand::u64(..));
    let config = Removed(root().join(name));
    fs::write(&config.0, ECHO).unwrap();
    let file = config.0.display().to_string();
    let stack = LocalStack::with(&[("PATCHCORD_CONFIG", &file)]).await;
    let expected = "expected a section `botmatic`, with `encryption_keys`";
    stack.get_until("/botmatic/settings?token=local-token", 503, expected).await;

    fs::write(&config.0, ECHO.replace("type: rest", "type: rset")).unwrap();
    stack.get_until("/webhooks/rest/", 503, "channels.rest.type: expected one of").await;
    fs::write(&config.0, ECHO).unwrap();
    stack.get_until("/webhooks/rest/", 200, "ok").await;
    stack.stop().await;
}

/// A file that is gone with its test.
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_dynamodb_is_used_and_has_the_data_afterwards() {
    let dynamodb = DynamoDbLocal::start().await;
    let endpoint = dynamodb.endpoint();
    for text in ["1: hello", "2: hello"] {
        let stack = LocalStack::with(&[("DYNAMODB_ENDPOINT", &endpoint)]).await;
        assert_eq!(stack.say("hello").await, said(text));
        let create = stack.lines("/contacts")[0];
        paste(create).await;
        paste_until(stack.lines("/contacts")[1], "Ada").await;
        stack.stop().await;
    }
    let sessions = client(&endpoint).scan().table_name(Table::CONVERSATIONS).send().await.unwrap();
    assert_eq!(sessions.count(), 1, "{sessions:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_data_survives_a_kill() {
    let config = TempFile::new("patchcord.yaml", ECHO);
    let data = config.path().with_file_name("data");
    let (file, data) = (config.path().display().to_string(), data.display().to_string());
    let env = [("PATCHCORD_CONFIG", file.as_str()), ("PATCHCORD_DATA", data.as_str())];

    let stack = LocalStack::with(&env).await;
    // Who has channels only hears nothing of contacts.
    assert_eq!(stack.lines("/contacts"), Vec::<&str>::new(), "{}", stack.banner());
    assert_eq!(stack.lines("/botmatic"), Vec::<&str>::new(), "{}", stack.banner());
    assert_eq!(stack.say("hello").await, said("1: hello"));
    stack.kill().await;

    let stack = LocalStack::with(&env).await;
    assert_eq!(stack.say("hello").await, said("2: hello"));
    stack.stop().await;
}
