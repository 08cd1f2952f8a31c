//! What `docs/callback.md` shows is understood and works.

use patchcord::bots::Echo;
use patchcord::connectors::callback::CallbackConnector;

use super::*;
use crate::metadata::with_page;
use crate::support::document::shows;

const DOCUMENT: &str = include_str!("../../../docs/callback.md");

/// The settings that are marked with `name`.
fn settings(name: &str) -> String {
    let block = DOCUMENT.split(&format!("```yaml {name}\n")).nth(1).unwrap();
    let block = block.split("```").next().unwrap();
    let block = block.replace("${ssm:/patchcord/site-token}", "s3cret");
    block.replace("${ssm:/patchcord/site-key}", &support::standard_webhooks::key("channel"))
}

#[tokio::test]
async fn its_settings_start_a_channel() {
    for (stage, name) in [(Stage::Local, "local"), (Stage::Deployed, "deployed")] {
        let read = config(&settings(name), stage).await;
        assert!(read.is_ok(), "{name}: {:?}", read.err().map(|error| error.to_string()));
    }
    assert!(config(&settings("local"), Stage::Deployed).await.is_err(), "without secrets");
}

#[tokio::test]
async fn its_metadata_is_taken_from_another_field() {
    shows(DOCUMENT, "metadata.rs", include_str!("metadata.rs"));
    let receiver = Receiver::start(Demands::default()).await;
    let config = config(&channel(&receiver.url, ""), Stage::Local).await.unwrap();
    let function = Function::start_with(config, |setup| {
        setup.bot(Echo).adjust("site", |it: CallbackConnector| with_page(it)).unwrap()
    })
    .await;
    let without = function.handle(post("/webhooks/site/webhook", &json!({"message": "hi"}))).await;
    assert_eq!(without.json()["detail"], "page: expected a path");
}
