//! The bot that `docs/messenger.md` shows does what it says.

use patchcord::connectors::meta::Platform;

use crate::desk::desk;
use crate::graph::Graph;
use crate::support::document::shows;
use crate::{function, webhook};

#[test]
fn the_document_shows_the_code() {
    shows(include_str!("../../../docs/messenger.md"), "desk.rs", include_str!("desk.rs"));
}

#[tokio::test]
async fn the_desk_greets_who_comes_by_a_link_and_hands_over() {
    for (name, expected) in [
        (
            "messenger.json",
            vec![
                "me/messages: Welcome! You come from USER-DEFINED-REFERRAL-PARAM.",
                "me/messages: Welcome! You come from summer.",
            ],
        ),
        (
            "human.json",
            vec![
                "me/messages: mark_seen",
                "me/messages: Somebody will answer you soon.",
                "me/pass_thread_control: asked for a person",
            ],
        ),
        ("standby.json", vec![]),
    ] {
        let graph = Graph::start(Platform::Messenger).await;
        let function = function(&graph.url, desk()).await;
        function.handle(webhook("messenger", name)).await;
        let said = graph.calls().into_iter().map(|call| {
            let body = &call.body;
            let words = [&body["message"]["text"], &body["sender_action"], &body["metadata"]];
            let words = words.into_iter().find_map(|it| it.as_str()).unwrap_or_default();
            format!("{}: {words}", call.path)
        });
        assert_eq!(said.collect::<Vec<_>>(), expected, "{name}");
    }
}
