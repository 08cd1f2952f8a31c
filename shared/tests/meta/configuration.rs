//! Mistakes in the configuration of a channel.

use patchcord::bots::Echo;
use patchcord::chat::Delivery;
use patchcord::connectors::meta::Platform;
use patchcord::connectors::registry::Stage;
use serde_json::json;

use crate::graph::Graph;
use crate::support::function::Function;
use crate::{Told, channel, configured, configured_at, function, webhook};

#[tokio::test]
async fn a_channel_without_its_secrets_does_not_start() {
    for platform in ["messenger", "instagram"] {
        assert!(configured(&channel(platform, "")).await.is_ok(), "{platform}");
        for (settings, expected) in [
            ("verify_token: a, access_token: b", "missing field `app_secret`"),
            ("app_secret: a, access_token: b", "missing field `verify_token`"),
            ("app_secret: a, verify_token: b", "missing field `access_token`"),
            (
                "app_secret: '', verify_token: b, access_token: c",
                "app_secret: expected a non-empty",
            ),
            (
                "app_secret: a, verify_token: '', access_token: c",
                "verify_token: expected a non-empty",
            ),
            (
                "app_secret: a, verify_token: b, access_token: ''",
                "access_token: expected a non-empty",
            ),
            (
                "app_secret: a, verify_token: b, access_token: \"c\\nd\"",
                "access_token: expected a token as Meta gives it",
            ),
            (
                "app_secret: a, verify_token: b, access_token: c, api_url: graph",
                "api_url: expected an address with https",
            ),
            (
                "app_secret: a, verify_token: b, access_token: c, api_url: 'http://e'",
                "api_url: expected an address with https",
            ),
            (
                "app_secret: a, verify_token: b, access_token: c, api_url: 'https://e?a=b'",
                "api_url: expected an address without a query",
            ),
            (
                "app_secret: a, verify_token: b, access_token: c, api_version: '25.0'",
                "api_version: expected a version such as `v25.0`",
            ),
            (
                "app_secret: a, verify_token: b, access_token: c, api_version: v25",
                "api_version: expected a version",
            ),
            (
                "app_secret: a, verify_token: b, access_token: c, api_version: v25.0/../x",
                "api_version: expected a version",
            ),
            (
                "app_secret: a, verify_token: b, access_token: c, api_version: v.",
                "api_version: expected a version",
            ),
            (
                "app_secret: a, verify_token: b, access_token: c, sekret: d",
                "sekret: unknown field `sekret`",
            ),
        ] {
            let line = format!("  m: {{type: {platform}, {settings}}}\n");
            let deployed = configured_at(Stage::Deployed, &line).await;
            let Err(error) = deployed else { panic!("{settings} is accepted") };
            assert!(error.to_string().contains(expected), "{settings}: {error}");
        }
    }
}

#[tokio::test]
async fn the_apis_address_may_end_with_a_slash() {
    let graph = Graph::start(Platform::Messenger).await;
    function(&format!("{}/", graph.url), Echo)
        .await
        .handle(webhook("messenger", "text.json"))
        .await;
    assert_eq!(graph.calls().len(), 1);
}

#[tokio::test]
async fn events_are_queued_if_nothing_else_is_said() {
    let line =
        channel("messenger", ", account_id: 1, app_id: '2'").replace("delivery: inline, ", "");
    let config = configured(&line).await.unwrap();
    let messenger = &config.channels["messenger"];
    assert_eq!(messenger.delivery, Delivery::Queued);
    assert_eq!(messenger.connector.configuration(), json!({"account_id": "1", "app_id": "2"}));
}

#[tokio::test]
async fn two_channels_of_one_platform_are_two() {
    let told = Told::default();
    let other = channel("messenger", "").replacen("messenger", "shop", 1);
    let config = configured(&(channel("messenger", "") + &other)).await.unwrap();
    let function = Function::start_with(config, |setup| setup.bot(told.bot())).await;
    for name in ["messenger", "shop", "messenger", "shop"] {
        let answer = function.handle(webhook(name, "text.json")).await;
        assert_eq!(answer.status.as_u16(), 200, "{name}: {}", answer.body);
    }
    let channels: Vec<_> = told.events().into_iter().map(|event| event.channel).collect();
    assert_eq!(channels, ["messenger", "shop"]);
}
