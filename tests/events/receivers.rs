//! The samples of the channels whose replies are posted to a URL.

use patchcord::ground::clock::{Clock as _, SystemClock};
use patchcord_tests::Stack;
use patchcord_tests::proofs::standard_webhook;
use patchcord_tests::server::FakeServer;
use patchcord_tests::stack::StackOptions;
use serde_json::{Value, json};

use super::sample;

/// What events/README.md says that the sample is signed with.
const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

#[tokio::test]
async fn the_samples_of_callback_and_standard_webhook_are_answered() {
    let server = FakeServer::start(0, |_| (200, String::new())).await;
    let url = server.url();
    let config = format!(
        "channels:\n  site: {{type: callback, delivery: inline, url: '{url}'}}\n  \
         crm: {{type: standard-webhook, delivery: inline, url: '{url}', keys: [{KEY}]}}\n\
         bot: {{type: echo}}\n"
    );
    let env = vec![("PATCHCORD_RESPONSE_MODE", "buffered".to_owned())];
    let stack =
        Stack::start(StackOptions { config: &config, env, ..StackOptions::default() }).await;

    let callback = json("callback-message.json");
    assert_eq!(answer(&stack, &callback).await, (200, "success".to_owned()));
    assert_eq!(server.requests(), 1);

    let mut webhook = json("standard-webhook-message.json");
    let (status, body) = answer(&stack, &webhook).await;
    // Only a request whose signature is right is told about its time.
    assert!(status == 401 && body.contains("within 300 s"), "{status} {body}");
    let now = SystemClock.now().as_secs();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let (id, body) = (text(&webhook["headers"]["webhook-id"]), text(&webhook["body"]));
    webhook["headers"]["webhook-timestamp"] = json!(now.to_string());
    webhook["headers"]["webhook-signature"] = json!(standard_webhook(KEY, &id, now, &body));
    assert_eq!(answer(&stack, &webhook).await, (200, String::new()));
    assert_eq!(server.requests(), 2);
}

fn json(file: &str) -> Value {
    serde_json::from_str(&sample(file)).expect(file)
}

/// The status and the body that the function answers an event with.
async fn answer(stack: &Stack, event: &Value) -> (u64, String) {
    let answer = stack.lambda.invoke(event.to_string()).await.expect("an answer");
    let answer: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let body = answer["body"].as_str().unwrap_or_default().to_owned();
    (answer["statusCode"].as_u64().expect("a status"), body)
}
