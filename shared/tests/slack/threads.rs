//! What one person alone is to see is shown in threads that there are, and not in those that an
//! answer would begin.

use patchcord::chat::{Connector as _, Context};
use patchcord::connectors::slack::SlackContext as _;
use patchcord::ground::http::percent_encode;
use serde_json::{Value, json};

use crate::fake::{Fake, TOKEN};
use crate::only_slack::context_of;
use crate::signatures::configured;

/// The context of the event that `body` tells of, where every message begins a thread.
async fn context(fake: &Fake, body: String) -> Context {
    let api_url = format!("{}/api", fake.url);
    let settings = json!({"bot_token": TOKEN, "api_url": api_url, "reply_in_threads": true});
    context_of(configured(settings), body).await
}

/// Something that somebody did with `message` in a channel.
async fn done(fake: &Fake, mut payload: Value, message: Value) -> Context {
    payload["team"] = json!({"id": "T1"});
    payload["user"] = json!({"id": "U1"});
    payload["trigger_id"] = json!("1.2.3");
    payload["response_url"] = json!(format!("{}/respond", fake.url));
    payload["message"] = message;
    context(fake, format!("payload={}", percent_encode(&payload.to_string()))).await
}

fn thread(fake: &Fake) -> Option<Value> {
    fake.called().pop().unwrap().1.get("thread_ts").cloned()
}

#[tokio::test]
async fn the_first_answer_may_be_for_the_sender_only() {
    for (thread_ts, expected) in [(Value::Null, None), (json!("1.0"), Some(json!("1.0")))] {
        let fake = Fake::start().await;
        let said = json!({"type": "event_callback", "team_id": "T1", "event": {
            "type": "message", "channel": "C1", "user": "U1", "text": "hi", "ts": "1.1",
            "thread_ts": thread_ts,
        }});
        let context = context(&fake, said.to_string()).await;
        context.send_ephemeral("hi").await.unwrap();
        assert_eq!(thread(&fake), expected);
        context.send_text("hi").await.unwrap();
        assert_eq!(thread(&fake), expected.or(Some(json!("1.1"))), "everybody sees the thread");
    }
}

#[tokio::test]
async fn who_uses_a_shortcut_where_the_bot_is_not_sees_the_answer() {
    for (message, expected) in [
        (json!({"ts": "1.1"}), None),
        (json!({"ts": "1.1", "thread_ts": "1.0"}), Some(json!("1.0"))),
    ] {
        let fake = Fake::start().await;
        let used = json!({
            "type": "message_action", "callback_id": "flag", "channel": {"id": "CELSEWHERE"},
        });
        let context = done(&fake, used, message).await;
        assert!(!context.send_text("hi").await.unwrap().is_dropped);
        assert_eq!(fake.called().pop().unwrap().0, "/respond");
        assert_eq!(thread(&fake), expected);
    }
}

#[tokio::test]
async fn nobody_can_answer_to_what_one_person_sees() {
    for (thread_ts, key) in [(Value::Null, "T1:C1"), (json!("1.0"), "T1:C1:1.0")] {
        let fake = Fake::start().await;
        let clicked = json!({
            "type": "block_actions", "channel": {"id": "C1"},
            "container": {
                "type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": true,
                "thread_ts": thread_ts,
            },
            "actions": [{"type": "button", "action_id": "bare"}],
        });
        let context = done(&fake, clicked, Value::Null).await;
        let slack = crate::signatures::connector(&fake.url);
        assert_eq!(slack.session_key(context.event()).as_deref(), Some(key));
        context.send_text("hi").await.unwrap();
        assert_eq!(thread(&fake), thread_ts.as_str().map(|it| json!(it)));
    }
}
