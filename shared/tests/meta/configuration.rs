//! Mistakes in the configuration of a channel.

use patchcord::connectors::meta::Platform;

use crate::graph::Graph;
use crate::{Told, channel, configured, function, webhook};

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
                "api_url: expected `https://…`",
            ),
            (
                "app_secret: a, verify_token: b, access_token: c, sekret: d",
                "sekret: unknown field `sekret`",
            ),
        ] {
            let line = format!("  m: {{type: {platform}, {settings}}}\n");
            let Err(error) = configured(&line).await else { panic!("{settings} is accepted") };
            assert!(error.to_string().contains(expected), "{settings}: {error}");
        }
    }
}

#[tokio::test]
async fn the_defaults_are_metas() {
    let config = configured(&channel("messenger", ", account_id: 1, app_id: '2'")).await.unwrap();
    let connector = &config.channels["messenger"].connector;
    assert_eq!(connector.configuration()["account_id"], "1");
    assert_eq!(connector.configuration()["app_id"], "2");
    let queued = channel("messenger", "").replace("delivery: inline, ", "");
    let Err(_) = patchcord_without_queue(&queued).await else { panic!("it started") };
}

/// By default events are queued, and there is no queue here.
async fn patchcord_without_queue(channels: &str) -> Result<(), ()> {
    let config = configured(channels).await.unwrap();
    let delivery = config.channels["messenger"].delivery;
    if delivery == patchcord::chat::Delivery::Queued { Err(()) } else { Ok(()) }
}

#[tokio::test]
async fn two_channels_of_one_platform_have_sessions_of_their_own() {
    let graph = Graph::start(Platform::Messenger).await;
    let told = Told::default();
    let function = function(&graph.url, told.bot()).await;
    function.handle(webhook("messenger", "text.json")).await;
    function.handle(webhook("messenger", "escaped.json")).await;
    assert_eq!(told.ids().len(), 2);
}
