//! Who may speak: Slack alone, and just now.

use patchcord::bots::Echo;
use patchcord::chat::{Connector as _, Delivery, WebhookRequest};
use patchcord::connectors::registry::{ChannelSettings, Connectors, Stage};
use patchcord::connectors::slack::SlackConnector;
use patchcord::ground::clock::Timestamp;
use patchcord::ground::http::client;
use serde_json::{Value, json};

use crate::asking::function;
use crate::config::config;
use crate::fake::{Fake, TOKEN};
use crate::samples::{NOW, PATH, SECRET, body, request, signature, signed};

pub fn connector(api_url: &str) -> SlackConnector {
    connector_with(api_url, TOKEN)
}

pub fn connector_with(api_url: &str, token: &str) -> SlackConnector {
    configured(json!({"bot_token": token, "api_url": format!("{api_url}/api")}))
}

/// A connector with these settings, and the secret of the samples.
pub fn configured(mut settings: Value) -> SlackConnector {
    settings["signing_secret"] = json!(SECRET);
    let settings = ChannelSettings::new("team", settings, Stage::Local, client().unwrap());
    SlackConnector::from_settings(&settings).unwrap()
}

/// <https://docs.slack.dev/authentication/verifying-requests-from-slack>
#[tokio::test]
async fn slacks_published_example_is_accepted() {
    const TIME: &str = "1531420618";
    const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    let slack = connector("https://slack.com");
    for (seconds, expected) in [
        (1_531_420_618, true),
        (1_531_420_918, true),
        (1_531_420_318, true),
        (1_531_420_919, false),
        (1_531_420_317, false),
    ] {
        let request = signed(body("slash command"), TIME, SIGNATURE);
        let now = Timestamp::from_millis(seconds * 1000);
        assert_eq!(slack.verify(&request, now).await.is_ok(), expected, "{seconds}");
    }
}

#[tokio::test]
async fn only_what_slack_has_signed_just_now_has_an_effect() {
    let fake = Fake::start().await;
    let function = function(&fake, "", Echo).await;
    let name = "message";
    let right = signature(name, "now");
    let flipped = body(name).replace("Hello", "Hellp");
    let other = right.replace('a', "b");
    let without = |header: &str| {
        let mut request = request(name);
        request.headers_mut().remove(header);
        request
    };
    let spaced = right.replace("v0=", "v0= ");
    let refused: [(&str, WebhookRequest); 13] = [
        ("another signature", signed(body(name), NOW, &other)),
        ("another version", signed(body(name), NOW, &right.replace("v0=", "v1="))),
        ("no version", signed(body(name), NOW, &right[3..])),
        ("a space", signed(body(name), NOW, &spaced)),
        ("truncated", signed(body(name), NOW, &right[..right.len() - 2])),
        ("empty", signed(body(name), NOW, "")),
        ("version only", signed(body(name), NOW, "v0=")),
        ("flipped bit", signed(flipped, NOW, right)),
        ("stale", signed(body(name), "1699999699", signature(name, "stale"))),
        ("future", signed(body(name), "1700000302", signature(name, "future"))),
        ("another time", signed(body(name), "1700000001", right)),
        ("no signature", without("x-slack-signature")),
        ("no time", without("x-slack-request-timestamp")),
    ];
    for (name, request) in refused {
        let answer = function.handle(request).await;
        assert_eq!(answer.status.as_u16(), 401, "{name}");
        assert!(!answer.body.contains(&right[3..]), "{name}");
    }
    assert!(fake.calls().is_empty());

    assert_eq!(function.handle(request(name)).await.status.as_u16(), 200);
    assert_eq!(fake.texts(), ["1: Hello world"]);
    let upper = format!("v0={}", right[3..].to_uppercase());
    for again in [request(name), signed(body(name), NOW, &upper)] {
        assert_eq!(function.handle(again).await.status.as_u16(), 200, "a replay");
    }
    assert_eq!(fake.texts().len(), 1, "a replay has no second effect");
}

#[tokio::test]
async fn slacks_checks_of_the_url_are_answered() {
    let fake = Fake::start().await;
    let function = function(&fake, "", Echo).await;
    let challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P";
    for (name, status, expected) in [
        ("url_verification", 200, challenge),
        ("ssl_check", 200, ""),
        ("app_rate_limited", 200, ""),
        ("of a later version", 200, ""),
        ("team_join", 200, ""),
        ("block_suggestion", 200, ""),
        ("message without a channel", 200, ""),
        ("interaction without a user", 200, ""),
        ("callback without an event", 200, ""),
        ("no JSON", 400, "the body: expected JSON (line 1, column 27)"),
        ("nothing of Slack's", 400, "expected an event, or the form of an interaction"),
    ] {
        let answer = function.handle(request(name)).await;
        assert_eq!(answer.status.as_u16(), status, "{name}: {}", answer.body);
        assert!(answer.body.contains(expected), "{name}: {}", answer.body);
        if expected.is_empty() {
            assert_eq!(answer.body, "", "{name}");
        }
    }
    let checked = function.handle(request("url_verification")).await;
    assert_eq!((checked.body.as_str(), checked.header("content-type")), (challenge, "text/plain"));
    let unsigned = signed(body("url_verification"), NOW, "v0=");
    assert_eq!(function.handle(unsigned).await.status.as_u16(), 401);
    let get = http::Request::get(PATH).body(bytes::Bytes::new()).unwrap();
    assert_eq!(function.handle(get).await.status.as_u16(), 405);
    assert!(fake.calls().is_empty());
}

#[tokio::test]
async fn what_slack_sends_again_is_answered_once() {
    let fake = Fake::start().await;
    let function = function(&fake, "", Echo).await;
    for retry in ["", "1", "2", "3"] {
        let mut request = request("message.im");
        if !retry.is_empty() {
            request.headers_mut().insert("x-slack-retry-num", retry.parse().unwrap());
            let reason = "http_timeout".parse().unwrap();
            request.headers_mut().insert("x-slack-retry-reason", reason);
        }
        assert_eq!(function.handle(request).await.status.as_u16(), 200);
    }
    assert_eq!(fake.texts(), ["1: Hello world"]);
}

#[tokio::test]
async fn a_message_that_mentions_the_bot_is_answered_once() {
    for order in [["app_mention", "the same as message"], ["the same as message", "app_mention"]] {
        let fake = Fake::start().await;
        let function = function(&fake, "", Echo).await;
        for name in order {
            assert_eq!(function.handle(request(name)).await.status.as_u16(), 200);
        }
        assert_eq!(fake.texts(), ["1: is it everything a river should be?"], "{order:?}");
    }
}

#[tokio::test]
async fn without_its_secrets_a_channel_does_not_start() {
    for (settings, expected) in [
        ("bot_token: x", "channels.team: missing field `signing_secret`"),
        ("signing_secret: x", "channels.team: missing field `bot_token`"),
        ("bot_token: x, signing_secret: ''", "channels.team.signing_secret: expected a non-empty"),
        ("bot_token: '', signing_secret: x", "channels.team.bot_token: expected a non-empty text"),
        (
            "bot_token: \"x\\ny\", signing_secret: x",
            "channels.team.bot_token: expected a token in one line",
        ),
        ("bot_token: x, signing_secret: x, thread: true", "channels.team.thread: unknown field"),
        (
            "bot_token: x, signing_secret: x, api_url: slack.com/api",
            "channels.team.api_url: expected an address with https",
        ),
        (
            "bot_token: x, signing_secret: x, api_url: 'http://slack.com/api'",
            "channels.team.api_url: expected an address with https",
        ),
    ] {
        let yaml = format!("channels: {{team: {{type: slack, {settings}}}}}");
        let Err(error) = config(&yaml, &Connectors::built_in()).await else {
            panic!("{settings} is accepted")
        };
        assert!(error.to_string().contains(expected), "{settings}: {error}");
    }
    // Slack waits three seconds: the bot answers later, unless the configuration says otherwise.
    let yaml = "channels: {team: {type: slack, bot_token: x, signing_secret: x}}";
    let config = config(yaml, &Connectors::built_in()).await.unwrap();
    assert_eq!(config.channels["team"].delivery, Delivery::Queued);
}
