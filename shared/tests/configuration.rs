//! What is said about mistakes in the configuration: no value of it, since whatever stands in the
//! wrong place may be a secret, and errors are logged; and every setting that there is.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use patchcord::app::{BotmaticConfig, Config, Extensions};
use patchcord::chat::Delivery;
use patchcord::connectors::registry::{Connectors, Stage};
use patchcord::ground::clock::SystemClock;
use patchcord::ground::config::{Document, LoadError, Parameters, ResolveError};
use patchcord::ground::http::{HttpParts, client};
use serde_json::{Value, json};

const FULL: &str = include_str!("configuration/full.yaml");

/// What stands where it should not, each with the text that no error may show.
fn strays() -> Vec<(Value, &'static str)> {
    vec![
        (json!("whsec_S3creT/Stray="), "S3creT"),
        (json!("https://us:S3creT@example.com:port"), "S3creT"),
        (json!("S3creT (not [an expression"), "S3creT"),
        (json!(987_650_123), "987650123"),
        (json!(-987_650_123.5), "987650123"),
        (json!(["S3creT"]), "S3creT"),
        (json!({"value": "S3creT"}), "S3creT"),
    ]
}

struct NoParameters;

#[async_trait]
impl Parameters for NoParameters {
    async fn parameter(&self, _: &str) -> Result<String, ResolveError> {
        Err(ResolveError::NotFound)
    }
}

async fn document(text: &str, unused: &[&str]) -> Result<Document, LoadError> {
    Document::parse(Path::new("patchcord.yaml"), text, unused, &|_| None, &NoParameters).await
}

/// The mistakes that the functions for chat find in `text`.
async fn chat(text: &str, client: &reqwest::Client) -> String {
    let config = document(text, &["botmatic", "contacts"]).await.and_then(|document| {
        Config::from_document(document, &Connectors::built_in(), Stage::Deployed, client)
    });
    shown(config.err())
}

/// Those that the functions for contacts find.
async fn contacts(text: &str, client: &reqwest::Client) -> String {
    let parts = HttpParts::new(client.clone(), Arc::new(SystemClock));
    let config = document(text, &["channels", "bot", "sessions"]).await.and_then(|document| {
        BotmaticConfig::from_document(document, None, Extensions::default(), &parts)
    });
    shown(config.err())
}

fn shown(error: Option<LoadError>) -> String {
    error.map(|error| format!("{error}\n{error:?}")).unwrap_or_default()
}

/// The places of everything in `tree`, as JSON pointers.
fn places(tree: &Value, here: &str, places: &mut Vec<String>) {
    places.push(here.to_owned());
    match tree {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                self::places(item, &format!("{here}/{index}"), places);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                self::places(field, &format!("{here}/{name}"), places);
            }
        }
        _ => {}
    }
}

/// Whether a text at `place` is the `type` of a channel, the bot, the consumer, its pushes or a field
/// of the form, which errors name.
fn is_type(place: &str) -> bool {
    let levels: Vec<_> = place.split('/').skip(1).collect();
    matches!(
        levels[..],
        ["channels" | "contacts", _, "type"]
            | ["bot", "type"]
            | ["botmatic", _, "fields", _, "type"]
    )
}

#[tokio::test]
async fn the_example_has_no_mistakes() {
    let client = client().unwrap();
    assert_eq!(chat(FULL, &client).await, "");
    assert_eq!(contacts(FULL, &client).await, "");
}

#[tokio::test]
async fn no_error_shows_a_value_wherever_it_stands() {
    let tree: Value = yaml_serde::from_str(FULL).unwrap();
    let mut places = Vec::new();
    self::places(&tree, "", &mut places);
    let client = client().unwrap();
    let (mut shown, mut refused) = (Vec::new(), 0);
    for place in &places {
        for (stray, secret) in strays() {
            if stray.is_string() && is_type(place) {
                continue;
            }
            let mut tree = tree.clone();
            *tree.pointer_mut(place).unwrap() = stray;
            let text = tree.to_string();
            let is_of_contacts = place.starts_with("/botmatic") || place.starts_with("/contacts");
            let found = if is_of_contacts {
                contacts(&text, &client).await
            } else {
                chat(&text, &client).await
            };
            refused += usize::from(!found.is_empty());
            if found.contains(secret) {
                shown.push(format!("{place}: {}", found.lines().nth(1).unwrap_or_default()));
            }
        }
    }
    assert!(refused > 2 * places.len(), "only {refused} of {} places", places.len());
    assert!(shown.is_empty(), "{} of {refused}:\n{}", shown.len(), shown.join("\n"));
}

#[tokio::test]
async fn what_yaml_takes_for_a_tag_or_an_alias_is_not_shown_either() {
    let client = client().unwrap();
    for text in [
        "channels: {site: {type: callback, auth: !S3creT}}",
        "channels: {site: {type: callback, auth: !S3creT x}}",
        "channels: {site: {type: callback, auth: !!int S3creT}}",
        "channels: {site: {type: callback, auth: *S3creT}}",
        "channels: {site: {type: callback, auth: %S3creT}}",
        "channels: {site: {type: callback, auth: @S3creT}}",
        "channels: {site: {type: callback, auth: `S3creT}}",
        "channels: {site: {type: callback, auth: \"S3creT}}",
        "channels: {site: {type: callback, auth: S3creT: x}}",
    ] {
        let found = chat(text, &client).await;
        assert!(!found.is_empty(), "{text}");
        assert!(!found.contains("S3creT"), "{text}\n{found}");
    }
}

#[tokio::test]
async fn whoever_misspells_a_setting_of_a_channel_is_told_of_those_that_every_channel_has() {
    let client = client().unwrap();
    let full: Value = yaml_serde::from_str(FULL).unwrap();
    let channels = full["channels"].as_object().unwrap();
    assert_eq!(channels.len(), 7);
    for (name, settings) in channels {
        let mut settings = settings.clone();
        settings["delivry"] = json!("inline");
        let found = chat(&json!({"channels": {name: settings}}).to_string(), &client).await;
        assert!(found.contains("unknown field `delivry`, expected one of"), "{name}: {found}");
        assert!(found.contains(", `type`, `delivery`, `send`\n"), "{name}: {found}");
    }
}

#[tokio::test]
async fn a_platform_that_does_not_wait_is_queued_unless_the_channel_says_otherwise() {
    let client = client().unwrap();
    let full: Value = yaml_serde::from_str(FULL).unwrap();
    for (name, settings) in full["channels"].as_object().unwrap() {
        let mut settings = settings.clone();
        let settings = settings.as_object_mut().unwrap();
        settings.remove("delivery");
        let text = json!({"channels": {name: settings}}).to_string();
        let document = document(&text, &[]).await.unwrap();
        let stage = Stage::Deployed;
        let config = Config::from_document(document, &Connectors::built_in(), stage, &client);
        let expected = if name == "rest" { Delivery::Inline } else { Delivery::Queued };
        assert_eq!(config.unwrap().channels[name].delivery, expected, "{name}");
    }
}

#[tokio::test]
async fn a_misspelt_type_is_shown_beside_those_there_are() {
    let client = client().unwrap();
    for (text, expected) in [
        ("channels: {site: {type: calback}}", "telegram; found `calback`\n"),
        ("channels: {site: {url: x}}", "telegram; there is no `type`\n"),
        ("channels: {site: {type: [S3creT]}}", "telegram; found no text\n"),
        ("bot: {type: parrot}", "bot.type: expected one of: echo, http; found `parrot`\n"),
    ] {
        let found = chat(text, &client).await;
        assert!(found.contains(expected), "{text}\n  expected {expected}\n  found {found}");
    }
}
