//! `make run` as a newcomer uses it: the stack behind `cargo lambda watch`, the lines it prints,
//! every sample event through `cargo lambda invoke`, and the data that is still there afterwards.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod imports;
mod platforms;
mod receivers;
mod telegram;

use std::path::Path;

use patchcord_tests::binaries::{cargo_lambda, root};
use patchcord_tests::local_stack::LocalStack;
use patchcord_tests::stack::TempFile;
use serde_json::{Value, json};

/// What the samples call the integration. Its real id is in the answer to `install`.
const SAMPLE_INTEGRATION: &str = "0123456789abcdef0123456789abcdef";

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
            check(file, &expected, invoke(&stack, "webhook", &sample(file)));
        }
        let integration = check_botmatic(&stack);
        imports::check_invocations(&stack, &integration);
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

/// The samples for `botmatic`, in the order of events/README.md. The integration is in the answer.
fn check_botmatic(stack: &LocalStack) -> String {
    let (status, installed) = ask_botmatic(stack, "botmatic-install.json", SAMPLE_INTEGRATION);
    let integration = installed["data"]["integration"].as_str().unwrap_or_default();
    // An installation starts an import, whose id is another each time.
    let import = installed["data"]["import"].as_str().unwrap_or_default();
    assert!(import.starts_with(&format!("{integration}.")), "{installed}");
    let data = json!({ "integration": integration, "import": import });
    let answer = json!({ "success": true, "type": "data", "data": data });
    assert_eq!((status, &installed), (200, &answer));

    let done = |contact: &str, external: &str| {
        json!({
            "success": true, "outcome": "done", "contact_id": contact, "external_id": external,
        })
    };
    let on_botmatic = |data: Value| json!({ "success": true, "type": "data", "data": data });
    let undefined = json!({
        "success": false, "type": "data", "data": { "error": "No action \"quote_price\" defined" },
    });
    for (file, expected) in [
        ("botmatic-contact-created.json", (200, on_botmatic(done("122", "c-1")))),
        ("botmatic-contact-updated.json", (200, on_botmatic(done("122", "c-1")))),
        ("botmatic-contact-deleted.json", (200, on_botmatic(done("122", "c-1")))),
        ("botmatic-action.json", (200, undefined)),
        ("botmatic-push-created.json", (201, done("1", "c-77"))),
        ("botmatic-push-updated.json", (200, done("1", "c-77"))),
        ("botmatic-push-deleted.json", (204, json!(""))),
    ] {
        assert_eq!(ask_botmatic(stack, file, integration), expected, "{file}");
    }
    let (status, page) = ask_botmatic(stack, "botmatic-settings-page.json", integration);
    let page = page.as_str().expect("HTML");
    assert!(status == 200 && page.contains("API key of your CRM"), "{status} {page}");
    integration.to_owned()
}

/// What `botmatic` answers a sample with this integration in it: the status, and the body as JSON,
/// or as a text if it is none.
fn ask_botmatic(stack: &LocalStack, file: &str, integration: &str) -> (u16, Value) {
    let event = sample(file).replace(SAMPLE_INTEGRATION, integration);
    let answer = invoke(stack, "botmatic", &event).unwrap_or_else(|why| panic!("{file}: {why}"));
    let answer: Value = serde_json::from_str(&answer).expect("an envelope");
    let body = answer["body"].as_str().unwrap_or_default();
    let body = serde_json::from_str(body).unwrap_or_else(|_| json!(body));
    (answer["statusCode"].as_u64().and_then(|it| it.try_into().ok()).expect("a status"), body)
}

/// `cargo lambda invoke FUNCTION --data-ascii EVENT`: what it prints, or complains of.
fn invoke(stack: &LocalStack, function: &str, event: &str) -> Result<String, String> {
    let output = std::process::Command::new(cargo_lambda())
        .args(["lambda", "invoke", function, "--invoke-address", "127.0.0.1"])
        .args(["--invoke-port", &stack.port().to_string()])
        .args(["--data-ascii", event])
        .current_dir(root())
        .output()
        .expect("cargo-lambda");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

fn events() -> std::path::PathBuf {
    root().join("events")
}

fn sample(file: &str) -> String {
    std::fs::read_to_string(events().join(file)).expect(file)
}

/// Every event is listed in events/README.md, and so is in the test above.
fn assert_every_file_is_listed() {
    let listed = std::fs::read_to_string(events().join("README.md")).unwrap();
    let here = concat!(
        include_str!("main.rs"),
        include_str!("imports.rs"),
        include_str!("receivers.rs"),
        include_str!("telegram.rs"),
        // Signatures of platforms go stale: theirs are invoked at the time they were made.
        include_str!("../../shared/tests/slack/document.rs"),
        include_str!("../../shared/tests/meta/samples.rs"), // with Meta's fake beside them
    );
    for entry in std::fs::read_dir(events()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension() == Some("json".as_ref()) {
            let name = Path::new(path.file_name().unwrap()).display().to_string();
            assert!(listed.contains(&name), "{name} is not in events/README.md");
            assert!(here.contains(&name), "{name} is not invoked");
        }
    }
}
