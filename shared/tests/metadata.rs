//! Metadata reaches the bot through an extraction that a `main.rs` can override.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod support {
    pub mod function;
}

use patchcord::chat::{BotResult, Context, RequestError, WebhookRequest};
use patchcord::connectors::registry::{ChannelSettings, Stage};
use patchcord::connectors::rest::RestConnector;
use patchcord::ground::http::client;
use serde_json::{Map, Value, json};
use support::function::{Function, post};

/// Says the metadata it gets.
async fn tell(context: Context) -> BotResult {
    context.send_custom(Value::Object(context.metadata().clone())).await?;
    Ok(())
}

fn rest() -> RestConnector {
    let settings = ChannelSettings::new("rest", json!({}), Stage::Local, client().unwrap());
    RestConnector::from_settings(&settings).unwrap()
}

async fn metadata(function: &Function, body: &Value) -> (u16, Value) {
    let answer = function.handle(post("/webhooks/rest/webhook", body)).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    (answer.status.as_u16(), answer.json()[0]["custom"].clone())
}

#[tokio::test]
async fn it_is_the_field_metadata_unless_overridden() {
    let function = Function::start(|setup| setup.channel("rest", rest()).bot(tell)).await;
    let body = json!({"message": "hi", "metadata": {"lang": "en"}});
    assert_eq!(metadata(&function, &body).await, (200, json!({"lang": "en"})));
    assert_eq!(metadata(&function, &json!({"message": "hi"})).await, (200, json!({})));
    assert_eq!(metadata(&function, &json!({"message": "hi", "metadata": 3})).await.0, 400);
}

#[tokio::test]
async fn another_extraction_takes_its_place() {
    fn extract(_: &WebhookRequest, body: &Value) -> Result<Map<String, Value>, RequestError> {
        let page = body.get("page").ok_or_else(|| RequestError::malformed("page: expected"))?;
        Ok(Map::from_iter([("page".to_owned(), page.clone())]))
    }
    let function = Function::start(|setup| {
        let setup = setup.channel("rest", rest()).bot(tell);
        setup.adjust("rest", |rest: RestConnector| rest.with_metadata(extract)).unwrap()
    })
    .await;
    let body = json!({"message": "hi", "page": "/cart", "metadata": "ignored"});
    assert_eq!(metadata(&function, &body).await, (200, json!({"page": "/cart"})));
    assert_eq!(metadata(&function, &json!({"message": "hi"})).await.0, 400);
}

#[tokio::test]
#[should_panic(expected = "channel: \"web\"")]
async fn only_a_channel_that_is_there_can_be_adjusted() {
    Function::start(|setup| {
        let setup = setup.channel("rest", rest()).bot(tell);
        setup.adjust("web", |rest: RestConnector| rest).unwrap()
    })
    .await;
}
