//! What a bot can do on Slack and nowhere else.

use std::error::Error as _;
use std::sync::Arc;

use http::Request;
use patchcord::chat::context::ContextParts;
use patchcord::chat::output::PlatformOutput;
use patchcord::chat::{Connector, Context, Reply, SendError, Target};
use patchcord::connectors::slack::{SlackConnector, SlackContext as _, SlackError};
use patchcord::ground::clock::{Clock as _, Deadline, SystemClock};
use patchcord::ground::http::percent_encode;
use serde_json::{Map, Value, json};

use crate::fake::Fake;
use crate::function::INVOCATION;
use crate::signatures::connector;

/// The context of the event that `body` tells of.
pub async fn context(fake: &Fake, body: String) -> Context {
    context_of(connector(&fake.url), body).await
}

/// The same where the channel is `slack`.
pub async fn context_of(slack: SlackConnector, body: String) -> Context {
    let request = Request::post("/").body(body.into()).unwrap();
    let mut event = slack.map_request(&request).await.unwrap().events.remove(0);
    slack.extend_event(&mut event);
    let connector: Arc<dyn Connector> = Arc::new(slack);
    let clock = Arc::new(SystemClock);
    let output = PlatformOutput::new(Arc::clone(&connector), "team", "webhook", clock.clone());
    Context::new(ContextParts {
        event,
        session: None,
        initial_state: Map::new(),
        connector,
        output: Arc::new(output),
        clock,
        deadline: Deadline::after(INVOCATION, SystemClock.now()),
    })
}

/// A slash command in `channel`, with a URL of the fake's to respond to.
pub async fn command(fake: &Fake, channel: &str) -> Context {
    let url = percent_encode(&format!("{}/respond", fake.url));
    let body = format!(
        "command=%2Fhi&text=&team_id=T1&channel_id={channel}&user_id=U1&trigger_id=1.2.3\
         &response_url={url}"
    );
    context(fake, body).await
}

/// What Slack says.
fn cause(error: &SlackError) -> String {
    error.source().unwrap().to_string()
}

fn last(fake: &Fake) -> (String, Value) {
    fake.called().pop().unwrap()
}

#[tokio::test]
async fn the_methods_that_only_slack_has_are_calls() {
    let fake = Fake::start().await;
    let context = command(&fake, "C1").await;
    let view = json!({"type": "modal", "title": {"type": "plain_text", "text": "Hi"}});

    context.send_ephemeral("a < b").await.unwrap();
    let expected = json!({"channel": "C1", "user": "U1", "text": "a &lt; b"});
    assert_eq!(last(&fake), ("chat.postEphemeral".to_owned(), expected));
    let in_thread = self::context(&fake, crate::samples::body("message in a thread")).await;
    in_thread.send_ephemeral("hi").await.unwrap();
    assert_eq!(last(&fake).1["thread_ts"], "1482960137.000001");
    assert_eq!(context.open_view(view.clone()).await.unwrap(), "VMHU10V25");
    let expected = json!({"trigger_id": "1.2.3", "view": view});
    assert_eq!(last(&fake), ("views.open".to_owned(), expected));
    context.update_view("V1", view.clone()).await.unwrap();
    assert_eq!(last(&fake), ("views.update".to_owned(), json!({"view_id": "V1", "view": view})));
    context.publish_home(view.clone()).await.unwrap();
    assert_eq!(last(&fake), ("views.publish".to_owned(), json!({"user_id": "U1", "view": view})));
    let error = context.call_slack("chat.unfurl", json!({})).await.unwrap_err();
    let reason = "the platform refuses it: unknown_method";
    assert_eq!((cause(&error).as_str(), fake.calls().len()), (reason, 6));
}

#[tokio::test]
async fn methods_that_read_get_their_arguments() {
    let fake = Fake::start().await;
    let context = command(&fake, "C1").await;
    let arguments = json!({"user": "U1", "include_locale": true, "team_id": null});
    let answer = context.call_slack("users.info", arguments).await.unwrap();
    assert_eq!(answer["user"]["tz"], "Europe/Rome");
    let expected = json!({"user": "U1", "include_locale": "true"});
    assert_eq!(last(&fake), ("users.info".to_owned(), expected));
}

#[tokio::test]
async fn a_method_is_a_name_and_nothing_else() {
    let fake = Fake::start().await;
    let context = command(&fake, "C1").await;
    for method in ["", ".", "..", "../files/F1", "chat.delete?ts=1", "api.test#", "api test", "ü"]
    {
        let error = context.call_slack(method, json!({})).await.unwrap_err().to_string();
        assert!(error.starts_with("expected the name of a method"), "{method}: {error}");
    }
    assert!(fake.calls().is_empty());
}

#[tokio::test]
async fn a_modal_opens_on_top_of_the_one_that_was_clicked_in() {
    let fake = Fake::start().await;
    let context = context(&fake, crate::samples::body("block_actions in a modal")).await;
    context.open_view(json!({"type": "modal"})).await.unwrap();
    assert_eq!(last(&fake).0, "views.push");
}

#[tokio::test]
async fn an_answer_can_be_posted_five_times() {
    let fake = Fake::start().await;
    let context = command(&fake, "C1").await;
    let message = json!({"text": "hi", "response_type": "in_channel"});
    for _ in 0..5 {
        context.respond(message.clone()).await.unwrap();
    }
    assert_eq!(last(&fake), ("/respond".to_owned(), message.clone()));
    assert!(!fake.calls()[0].headers.contains_key("authorization"), "the URL is enough");
    let error = context.respond(message).await.unwrap_err();
    assert_eq!(cause(&error), "the platform refuses it: response_url: used_url");
}

#[tokio::test]
async fn in_a_conversation_without_the_bot_the_answer_is_for_who_asked() {
    let fake = Fake::start().await;
    let sent = command(&fake, "CELSEWHERE").await.send_text("a < b").await.unwrap();
    assert!(!sent.is_dropped && sent.message_id.is_none());
    let expected =
        json!({"text": "a &lt; b", "response_type": "ephemeral", "replace_original": false});
    assert_eq!(last(&fake), ("/respond".to_owned(), expected));

    let elsewhere = Target::room("CELSEWHERE");
    let context = command(&fake, "C1").await;
    let reply = Reply::text("hi");
    let sent = context.send_to(&elsewhere, reply).await.unwrap();
    assert!(sent.is_dropped, "the URL is for one conversation");
    let own = Reply::Custom { json: json!({"text": "hi", "channel": "CELSEWHERE"}) };
    let sent = context.send(own.clone()).await.unwrap();
    assert!(sent.is_dropped, "what is for another channel is not for who asked");
    let sent = command(&fake, "CELSEWHERE").await.send(own).await.unwrap();
    assert!(!sent.is_dropped, "it is the same channel");
    let before = fake.calls().len();
    fake.next(200, "0", json!({"ok": false, "error": "not_in_channel"}));
    let changed = command(&fake, "CELSEWHERE").await.edit("1.1", "new").await.unwrap();
    let called = fake.calls().len() - before;
    assert!(changed.is_dropped && called == 1, "a change is no new message");
}

#[tokio::test]
async fn what_an_event_does_not_allow_is_said() {
    let fake = Fake::start().await;
    let event = json!({"type": "event_callback", "team_id": "T1", "event": {
        "type": "message", "channel": "C1", "user": "U1", "text": "hi", "ts": "1.1",
    }});
    let context = context(&fake, event.to_string()).await;
    let error = context.respond(json!({})).await.unwrap_err();
    assert_eq!(error.to_string(), "the event has no response_url");
    let error = context.open_view(json!({})).await.unwrap_err();
    assert_eq!(error.to_string(), "the event has no trigger_id");
    fake.next(500, "0", json!({}));
    let error = context.call_slack("api.test", json!({})).await.unwrap_err();
    assert!(matches!(error, SlackError::Send(SendError::Failed(_))), "{error:?}");
    assert_eq!(fake.calls().len(), 1);
}
