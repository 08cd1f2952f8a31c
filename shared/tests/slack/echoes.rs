//! What a bot does not hear: itself, other bots, and what tells it nothing.

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
