//! What a bot does not hear: itself, other bots, and what tells it nothing.

use serde_json::json;

use crate::changes::received;
use crate::events::heard;

#[tokio::test]
async fn a_bot_does_not_hear_itself_nor_other_bots_unless_it_wants_to() {
    let own = [
        "own message",
        "own message without ids of a bot",
        "own message of a user that is not known",
        "own message changed",
        "own message deleted",
        "own reaction",
    ];
    assert!(heard("", &own).await.is_empty());
    assert!(heard("listen_to_bots: true", &own).await.is_empty());
    assert!(heard("bot_user_id: U2147483697", &["message.im", "me_message"]).await.is_empty());

    assert!(heard("", &["bot_message"]).await.is_empty());
    let events = heard("listen_to_bots: true", &["bot_message"]).await;
    assert_eq!(events[0].sender.id, "BB12033");
    assert_eq!(events[0].text(), Some("Pushing is the answer"));
}

#[tokio::test]
async fn what_tells_a_bot_nothing_is_no_event() {
    for name in [
        "preview of a link",
        "channel_join",
        "reaction to a file",
        "team_join",
        "a link was opened",
        "block_suggestion",
        "message without a channel",
    ] {
        assert!(heard("", &[name]).await.is_empty(), "{name}");
    }
}

/// Slack changes the first message of such a thread when it gives the thread a title
/// (<https://docs.slack.dev/reference/events/message/assistant_app_thread>).
#[tokio::test]
async fn the_title_of_a_thread_with_an_assistant_is_no_news() {
    for (subtype, events) in [("assistant_app_thread", 0), ("file_share", 1)] {
        let now = json!({"subtype": subtype, "user": "U1", "text": "new", "ts": "1.1"});
        let changed = json!({
            "type": "message", "subtype": "message_changed", "channel": "D1", "message": now,
        });
        let received = received(&changed).await;
        assert_eq!((received.events.len(), received.ignored), (events, 1 - events), "{subtype}");
    }
}

/// Its messages have no id of a bot.
#[tokio::test]
async fn slackbot_is_a_bot() {
    for (user, events, ignored) in [("USLACKBOT", 0, 1), ("U1", 1, 0)] {
        let received = received(&json!({
            "type": "message", "channel": "D1", "user": user, "text": "hi", "ts": "1.1",
        }))
        .await;
        assert_eq!((received.events.len(), received.ignored), (events, ignored), "{user}");
    }
}
