//! The worked example of `docs/bots.md`: it does what it says, and the document shows it.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

#[path = "bots/function.rs"]
#[expect(dead_code, reason = "nobody calls this `main`; it has to compile")]
mod function;
#[path = "bots/shop.rs"]
mod shop;
mod support {
    pub mod document;
    pub mod function;
    pub mod rest;
}

use serde_json::json;
use shop::shop;
use support::document::shows;
use support::function::piece;
use support::rest::{rest, streamed};

#[test]
fn the_document_shows_the_code() {
    let document = include_str!("../../docs/bots.md");
    shows(document, "main.rs", include_str!("bots/function.rs"));
    shows(document, "shop.rs", include_str!("bots/shop.rs"));
}

#[tokio::test]
async fn the_shop_takes_orders() {
    let function = rest(shop().unwrap()).await;
    let so_far = |items: &str| {
        let buttons = [json!({"title": "Pay", "payload": "PAY"})];
        json!([{"recipient_id": "ada", "text": format!("So far: {items}."), "buttons": buttons}])
    };
    assert_eq!(function.say("hi").await.texts(), ["Hello! What would you like?"]);
    assert_eq!(function.say("2 teas").await.json(), so_far("2 teas"));
    assert_eq!(function.say("1 cake").await.json(), so_far("2 teas, 1 cake"));
    let refused = function.say("I want my money back").await;
    assert_eq!(refused.texts(), ["Sorry, that did not work."]);
    assert_eq!((refused.status.as_u16(), refused.header("patchcord-failure")), (200, "bot-failed"));
    assert_eq!(function.say("PAY").await.texts(), ["Thank you!"]);
    assert_eq!(function.say("I want my money back").await.texts(), ["You get your money back."]);
    assert_eq!(function.say("PAY").await.texts(), ["Hello! What would you like?"]);
    let response = function.webhook.handle(streamed("hi"), function.deadline()).await;
    assert!(piece(&mut response.into_body()).await.is_some());
}
