//! What events/README.md says about seeing the answers to the samples of platforms: its program
//! takes them, its channels understand the samples.

use std::process::Stdio;
use std::time::Duration;

use patchcord::ground::clock::{Clock as _, SystemClock};
use patchcord_tests::proofs::hex_hmac_sha256;
use patchcord_tests::stack::{Stack, StackOptions};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

use super::{events, sample};

/// Nothing here takes longer.
const PATIENCE: Duration = Duration::from_mins(1);
/// Where the document has the program listen.
const ADDRESS: &str = "http://127.0.0.1:8080";
const SLACK_SECRET: &str = "8f742231b10e8888abcd99yyyzzz85a5";

/// The first block of the document in this language.
fn block(language: &str) -> String {
    let document = std::fs::read_to_string(events().join("README.md")).unwrap();
    let from = document.split(&format!("```{language}\n")).nth(1).expect(language);
    from.split("```").next().unwrap().to_owned()
}

/// Slack's signature is good for five minutes.
fn signed_now(file: &str) -> String {
    let mut event: Value = serde_json::from_str(&sample(file)).unwrap();
    let now = SystemClock.now().as_secs();
    let signed = format!("v0:{now}:{}", event["body"].as_str().unwrap());
    let signature = format!("v0={}", hex_hmac_sha256(SLACK_SECRET, &signed));
    event["headers"]["x-slack-request-timestamp"] = json!(now.to_string());
    event["headers"]["x-slack-signature"] = json!(signature);
    event.to_string()
}

#[tokio::test]
async fn the_documents_program_shows_what_the_bot_answers() {
    let program = block("python").replace("8080", "0"); // a free port
    let mut python = Command::new("python3")
        .args(["-c", &program])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(python.stdout.take().unwrap()).lines();
    let mut line = async || {
        let line = timeout(PATIENCE, lines.next_line()).await.expect("a line in time").unwrap();
        line.expect("a line")
    };
    let config = block("yaml").replace(ADDRESS, &line().await);
    let env = vec![("PATCHCORD_RESPONSE_MODE", "buffered".to_owned())];
    let stack =
        Stack::start(StackOptions { config: &config, env, ..StackOptions::default() }).await;
    for (event, path, said) in [
        (sample("telegram-message.json"), "/bot123456:local/sendMessage ", "1: /start spring-sale"),
        (signed_now("slack-message.json"), "/chat.postMessage ", "1: "),
        (sample("messenger-message.json"), "/v25.0/me/messages", "1: "),
        (sample("instagram-message.json"), "/v25.0/me/messages", "1: "),
    ] {
        let answer = stack.lambda.invoke(event).await.unwrap();
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer["statusCode"], 200, "{answer}");
        let failure = &answer["headers"]["patchcord-failure"];
        assert!(failure.is_null(), "{path}: {failure}");
        let line = line().await;
        assert!(line.starts_with(path) && line.contains(said), "{line}");
    }
}
