//! The configuration's sections and mistakes.

use std::path::Path;

use super::*;
use crate::app::setup::OTHER_SECTIONS;
use crate::ground::config::{Parameters, ResolveError};

struct NoParameters;

#[async_trait::async_trait]
impl Parameters for NoParameters {
    async fn parameter(&self, _: &str) -> Result<String, ResolveError> {
        Err(ResolveError::NotFound)
    }
}

async fn config(yaml: &str, stage: Stage) -> Result<Config, LoadError> {
    let env = |name: &str| (name == "TOKEN").then(|| "s3cret".to_owned());
    let document =
        Document::parse(Path::new("patchcord.yaml"), yaml, &OTHER_SECTIONS, &env, &NoParameters)
            .await?;
    let connectors = Connectors::built_in();
    Config::from_document(document, &connectors, stage, &reqwest::Client::default())
}

async fn mistakes(yaml: &str, stage: Stage) -> String {
    match config(yaml, stage).await {
        Ok(_) => panic!("expected mistakes in\n{yaml}"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn the_shipped_file_is_understood() {
    crate::ground::http::client().unwrap();
    let shipped = include_str!("../../../../patchcord.yaml");
    let config = config(shipped, Stage::Local).await.unwrap();
    assert_eq!(config.channels.keys().collect::<Vec<_>>(), ["rest"]);
    assert!(config.bot.is_some());
    assert_eq!(config.session_lifetime, Some(Duration::from_hours(30 * 24)));
}

#[tokio::test]
async fn an_open_channel_starts_only_locally_or_when_it_is_meant() {
    crate::ground::http::client().unwrap();
    let open = "channels: {rest: {type: rest}}";
    assert!(config(open, Stage::Local).await.is_ok());
    let refused = mistakes(open, Stage::Deployed).await;
    assert!(refused.contains("channels.rest: expected `auth` with a `token`"), "{refused}");
    for closed in [
        "channels: {rest: {type: rest, public: true}}",
        "channels: {rest: {type: rest, auth: {token: '${env:TOKEN}'}}}",
    ] {
        assert!(config(closed, Stage::Deployed).await.is_ok(), "{closed}");
    }
}

#[tokio::test]
async fn every_mistake_is_named_with_its_place_and_what_was_expected() {
    crate::ground::http::client().unwrap();
    let cases = [
        ("channels: [", "is not valid YAML"),
        ("bot: {type: echo}\nbot: {type: echo}", "duplicate entry with key \"bot\""),
        ("hello", "the file: expected `channels:` and `bot:`"),
        ("chanels: {}", "chanels: unknown; expected one of: channels, bot, sessions"),
        ("channels: []", "channels: expected a mapping"),
        ("channels: {rest: {}}", "channels.rest.type: expected one of: "),
        ("channels: {rest: {type: x}}", "channels.rest.type: expected one of: "),
        ("channels: {'a/b': {type: rest}}", "channels.a/b: expected a channel name"),
        (
            "channels: {rest: {type: rest, tokn: a}}",
            "channels.rest.tokn: unknown field `tokn`, expected `auth` or `public`",
        ),
        (
            "channels: {rest: {type: rest, public: 3}}",
            "channels.rest.public: invalid type: integer `3`, expected a boolean",
        ),
        (
            "channels: {rest: {type: rest, auth: {token: 5}}}",
            "channels.rest.auth.token: expected a non-empty text",
        ),
        (
            "channels: {rest: {type: rest, auth: {jwt_method: ES256}}}",
            "channels.rest.auth.jwt_method: unknown variant `ES256`, expected `HS256` or `RS256`",
        ),
        (
            "channels: {rest: {type: rest, public: '${env:TOKEN}'}}",
            "channels.rest.public: invalid type: string \"${env:TOKEN}\"",
        ),
        (
            "channels: {rest: {type: rest, auth: {token: '${env:NOPE}'}}}",
            "channels.rest.auth.token: ${env:NOPE}: there is no such entry",
        ),
        ("bot: {type: parrot}", "bot.type: expected one of: echo, http"),
        ("bot: {type: echo, loud: true}", "bot.loud: unknown field `loud`"),
        (
            "sessions: {expire_after_days: 0}",
            "sessions.expire_after_days: invalid value: integer `0`, expected a nonzero u32",
        ),
    ];
    for (yaml, expected) in cases {
        let found = mistakes(yaml, Stage::Local).await;
        assert!(found.contains(expected), "{yaml}\n  expected {expected}\n  found {found}");
        assert!(!found.contains("s3cret"), "{found}");
    }
    let both = mistakes("channels: {rest: {type: x}}\nbot: {type: y}", Stage::Local).await;
    assert_eq!(both.lines().count(), 3, "{both}");
}
