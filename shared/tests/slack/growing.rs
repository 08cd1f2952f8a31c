//! Replies that grow: each change of a message has to be one that Slack takes.

use std::time::Duration;

use futures_util::future::join_all;
use patchcord::chat::{BotResult, Context};

use crate::asking::function;
use crate::fake::Fake;
use crate::samples::request;

#[tokio::test]
async fn a_reply_that_grows_goes_on_in_another_message_before_slack_refuses_it() {
    let cases = [
        ("<".repeat(5_000), "&lt;".repeat(5_000)),
        ("&".repeat(5_000), "&amp;".repeat(5_000)),
        ("ж".repeat(3_000), "ж".repeat(3_000)),
        ("word ".repeat(1_000), "word".repeat(1_000)),
    ];
    let checks = cases.map(async |(letters, escaped)| {
        let bot = move |context: Context| {
            let letters = letters.clone();
            async move {
                let mut reply = context.grow();
                let letters: Vec<_> = letters.chars().collect();
                for piece in letters.chunks(letters.len() / 4) {
                    reply.push(&piece.iter().collect::<String>()).await?;
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
                reply.finish().await?;
                BotResult::Ok(())
            }
        };
        let fake = Fake::start().await;
        let answer = function(&fake, "", bot).await.handle(request("message")).await;
        assert_eq!(answer.header("patchcord-failure"), "", "{}", &escaped[..4]);
        let shown: String = shown(&fake).concat().split_whitespace().collect();
        assert!(shown == escaped, "{}: {shown}", &escaped[..4]);
    });
    join_all(checks).await;
}

/// The messages as they are in the end: a reply that grows changes the last one only.
fn shown(fake: &Fake) -> Vec<String> {
    let mut shown = Vec::new();
    for (method, arguments) in fake.called() {
        let text = arguments["text"].as_str().unwrap().to_owned();
        match method.as_str() {
            "chat.postMessage" => shown.push(text),
            _ => *shown.last_mut().unwrap() = text,
        }
    }
    shown
}
