//! docs/slack.md, and the sample events: they do what is said, and the page shows them.

use http::Request;
use patchcord::bots::Echo;
use patchcord::chat::Bot as _;
use patchcord::connectors::registry::Connectors;
use serde_json::{Value, json};

use crate::asking::function;
use crate::config::config;
use crate::fake::Fake;
use crate::only_slack::{command, context};
use crate::support_document::shows;
use crate::tables::tables;

const DOCUMENT: &str = include_str!("../../../docs/slack.md");

#[test]
fn the_document_shows_the_code() {
    shows(DOCUMENT, "tables.rs", include_str!("tables.rs"));
}

#[tokio::test]
async fn the_bot_of_the_document_reserves_tables() {
    let fake = Fake::start().await;
    tables().handle(command(&fake, "C1").await).await.unwrap();
    let (method, opened) = fake.called().pop().unwrap();
    assert_eq!(
        (method.as_str(), &opened["view"]["private_metadata"]),
        ("views.open", &json!("C1"))
    );
    let submission = json!({
        "type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "1.2.4",
        "view": {"id": "V1", "private_metadata": "C1", "state": {"values": {
            "guests": {"number": {"type": "number_input", "value": "4"}},
        }}},
    });
    let body =
        format!("payload={}", patchcord::ground::http::percent_encode(&submission.to_string()));
    tables().handle(context(&fake, body).await).await.unwrap();
    assert_eq!(fake.texts(), ["<@U1> has a table for 4."]);
}

/// The settings of the page, with references resolved.
#[tokio::test]
async fn the_settings_of_the_document_are_understood() {
    let yaml = DOCUMENT.split("```yaml patchcord.yaml\n").nth(1).unwrap().split("```").next();
    let yaml = yaml.unwrap().replace("${ssm:/patchcord/slack-signing-secret}", "s");
    let yaml = yaml.replace("${ssm:/patchcord/slack-bot-token}", "xoxb-1");
    let config = config(&yaml, &Connectors::built_in()).await.unwrap();
    assert_eq!(config.channels.keys().collect::<Vec<_>>(), ["slack"]);
}

/// `events/slack-*.json`, at the time they were made.
#[tokio::test]
async fn the_sample_events_are_answered() {
    for (event, body, said) in [
        (
            include_str!("../../../events/slack-url-verification.json"),
            "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
            None,
        ),
        (include_str!("../../../events/slack-message.json"), "", Some("1: Hello world")),
        (include_str!("../../../events/slack-slash-command.json"), "", Some("1: /weather 94070")),
        (include_str!("../../../events/slack-button.json"), "", None),
    ] {
        let event: Value = serde_json::from_str(event).unwrap();
        let fake = Fake::start().await;
        let function = function(&fake, "", Echo).await;
        let mut request = Request::post("/webhooks/team/webhook");
        for (name, value) in event["headers"].as_object().unwrap() {
            request = request.header(name, value.as_str().unwrap());
        }
        assert_eq!(event["rawPath"], "/webhooks/slack/webhook");
        let text = event["body"].as_str().unwrap().to_owned();
        assert_eq!(event["headers"]["content-length"], text.len().to_string());
        let answer = function.handle(request.body(text.into()).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, body));
        assert_eq!(fake.texts().first().map(String::as_str), said);
    }
}
