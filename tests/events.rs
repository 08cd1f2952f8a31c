//! `make run` as a newcomer uses it: the stack behind `cargo lambda watch`, the lines it prints,
//! every sample event through `cargo lambda invoke`, and the data that is still there afterwards.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::path::Path;

use patchcord_tests::binaries::{cargo_lambda, root};
use patchcord_tests::local_stack::LocalStack;
use patchcord_tests::stack::TempFile;
use serde_json::{Value, json};

/// What an event is answered with: by a function URL the body, by the others an envelope.
enum Expected {
    Body(Value),
    Envelope {
        status: u16,
        body: Value,
    },
    /// `cargo lambda invoke` shows a refusal in its own words.
    Refusal(&'static str),
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stack_answers_curl_and_every_sample_event_and_keeps_its_data() {
    let data = TempFile::new("unused", "");
    let data = data.path().with_file_name("data");
    let mut count = 0;
    let mut counted = |text: &str| {
        count += 1;
        json!([{ "recipient_id": "user1", "text": format!("{count}: {text}") }])
    };
    {
        let stack = LocalStack::start(&data).await;
        let banner = stack.banner();
        assert!(banner.contains("curl -XPOST http://localhost:"), "{banner}");

        assert_eq!(stack.get("/webhooks/rest").await, (200, json!({ "status": "ok" })));
        assert_eq!(stack.say("hello").await, counted("hello"));
        assert_eq!(stack.say("hello").await, counted("hello"));
        assert_eq!(stack.get("/nope").await.0, 404);

        for (file, expected) in [
            ("function-url-health.json", Expected::Body(json!({ "status": "ok" }))),
            ("function-url-message.json", Expected::Body(counted("hello"))),
            ("function-url-message-base64.json", Expected::Body(counted("Grüße 👋"))),
            ("function-url-stream.json", Expected::Body(counted("hello")[0].clone())),
            ("function-url-bad-json.json", Expected::Refusal("expected JSON (line 1, column 31)")),
            (
                "api-gateway-v1-message.json",
                Expected::Envelope { status: 200, body: counted("hello") },
            ),
            (
                "api-gateway-v2-message.json",
                Expected::Envelope { status: 200, body: counted("hello") },
            ),
            ("alb-message.json", Expected::Envelope { status: 200, body: counted("hello") }),
        ] {
            check(file, &expected, invoke(&stack, file));
        }
        assert_every_file_is_listed();
        stack.stop().await;
    }
    let stack = LocalStack::start(&data).await;
    assert_eq!(stack.say("hello").await, counted("hello"), "the data was not kept");
    stack.stop().await;
}

fn check(file: &str, expected: &Expected, answer: Result<String, String>) {
    let json = |answer: Result<String, String>| -> Value {
        let answer = answer.unwrap_or_else(|error| panic!("{file}: {error}"));
        serde_json::from_str(&answer)
            .unwrap_or_else(|_| panic!("{file}: expected JSON, got {answer}"))
    };
    match expected {
        Expected::Refusal(why) => {
            let error = answer.expect_err(file);
            assert!(error.contains(why), "{file}: {error}");
        }
        Expected::Body(body) => assert_eq!(json(answer), *body, "{file}"),
        Expected::Envelope { status, body } => {
            let answer = json(answer);
            assert_eq!(answer["statusCode"], *status, "{file}: {answer}");
            assert_eq!(answer["isBase64Encoded"], false, "{file}: {answer}");
            let said = answer["body"].as_str().expect("a body");
            assert_eq!(serde_json::from_str::<Value>(said).unwrap(), *body, "{file}");
            let header = |map: &str| answer[map]["content-type"].clone();
            let in_list = header("multiValueHeaders")[0] == "application/json";
            let alone = header("headers") == "application/json";
            assert!(in_list || alone, "{file}: {answer}");
        }
    }
}

/// `cargo lambda invoke webhook --data-file events/FILE`: what it prints, or complains of.
fn invoke(stack: &LocalStack, file: &str) -> Result<String, String> {
    let output = std::process::Command::new(cargo_lambda())
        .args(["lambda", "invoke", "webhook", "--invoke-address", "127.0.0.1"])
        .args(["--invoke-port", &stack.port().to_string()])
        .args(["--data-file".as_ref(), events().join(file).as_os_str()])
        .current_dir(root())
        .output()
        .expect("cargo-lambda");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

fn events() -> std::path::PathBuf {
    root().join("events")
}

/// Every event is listed in events/README.md, and so is in the test above.
fn assert_every_file_is_listed() {
    let listed = std::fs::read_to_string(events().join("README.md")).unwrap();
    let here = include_str!("events.rs");
    for entry in std::fs::read_dir(events()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension() == Some("json".as_ref()) {
            let name = Path::new(path.file_name().unwrap()).display().to_string();
            assert!(listed.contains(&name), "{name} is not in events/README.md");
            assert!(here.contains(&name), "{name} is not invoked");
        }
    }
}
