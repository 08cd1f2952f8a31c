//! The examples of `docs/contacts.md` and `docs/botmatic.md` are understood, and numbers out of
//! bounds are refused by name.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use patchcord::app::{BotmaticConfig, Extensions};
use patchcord::ground::clock::SystemClock;
use patchcord::ground::config::{Document, Parameters, ResolveError};
use patchcord::ground::http::HttpParts;

/// Has everything, and everything is long enough to be a key.
struct Anything;

#[async_trait]
impl Parameters for Anything {
    async fn parameter(&self, _: &str) -> Result<String, ResolveError> {
        Ok("sesame".repeat(6))
    }
}

async fn understood(example: &str) -> Result<BotmaticConfig, String> {
    let path = Path::new("patchcord.yaml");
    let env = |_: &str| None;
    let document = Document::parse(path, example, &["channels"], &env, &Anything).await;
    let parts = HttpParts::new(patchcord::ground::http::client().unwrap(), Arc::new(SystemClock));
    let document = document.map_err(|error| error.to_string())?;
    let config = BotmaticConfig::from_document(document, None, Extensions::default(), &parts);
    config.map_err(|error| error.to_string())
}

#[tokio::test]
async fn every_example_is_understood() {
    for (name, document, has_contacts) in [
        ("contacts.md", include_str!("../../docs/contacts.md"), true),
        ("botmatic.md", include_str!("../../docs/botmatic.md"), false),
    ] {
        let examples: Vec<_> = document.split("```yaml\n").skip(1).collect();
        assert_eq!(examples.len(), 1, "{name}");
        for example in examples {
            let config = understood(example.split("```").next().unwrap()).await;
            let config = config.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(config.contacts.is_some(), has_contacts, "{name}");
        }
    }
}

#[tokio::test]
async fn a_number_out_of_its_bounds_is_refused_by_name() {
    let example = include_str!("../../docs/contacts.md").split("```yaml\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let rate = "contacts.import.requests_per_second: expected a number from 0.01 to 1000";
    let settle = "contacts.settle_seconds: expected a whole number of seconds from 0 to 3600";
    for (settings, expected) in [
        ("import: {requests_per_second: 0}", Some(rate)),
        ("import: {requests_per_second: 1e-20}", Some(rate)),
        ("import: {requests_per_second: 1e20}", Some(rate)),
        ("import: {requests_per_second: 0.01}", None),
        ("settle_seconds: 3601", Some(settle)),
        ("settle_seconds: 3600", None),
        ("settle_seconds: 0", None),
    ] {
        let document = example.replace("contacts:\n", &format!("contacts:\n  {settings}\n"));
        let error = understood(&document).await.err().unwrap_or_default();
        match expected {
            Some(expected) => assert!(error.contains(expected), "{settings}: {error}"),
            None => assert_eq!(error, "", "{settings}"),
        }
    }
}
