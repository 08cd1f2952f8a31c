//! The page about Telegram shows code that does what it says.

use std::collections::BTreeSet;

use patchcord::chat::Delivery;
use serde_json::{Value, json};

use super::fake::{TOKEN, Telegram, USER};
use super::harness::{SECRET, configured, function, text, update};
use super::shop::shop;
use super::support::document::shows;

#[test]
fn the_document_shows_the_code() {
    let document = include_str!("../../../docs/telegram.md");
    shows(document, "shop.rs", include_str!("shop.rs"));
}

/// A kind that Telegram is not asked for never comes, and nobody is told why.
#[tokio::test]
async fn the_document_marks_what_a_channel_asks_for() {
    let document = include_str!("../../../docs/telegram.md");
    let marked = document.split("• `").skip(1).filter_map(|it| it.split('`').next());
    let settings = format!("token: '{TOKEN}', secret_token: {SECRET}");
    let config = configured(&settings).await.unwrap();
    let channel = &config.channels["telegram"];
    let asked = channel.connector.configuration()["allowed_updates"].clone();
    let asked: BTreeSet<String> = serde_json::from_value(asked).unwrap();
    assert_eq!(asked, marked.map(str::to_owned).collect());
    assert_eq!(channel.delivery, Delivery::Queued);
}

fn command(id: i64, said: &str, length: usize) -> Value {
    let mut update = text(id, said);
    update["message"]["entities"] =
        json!([{ "type": "bot_command", "offset": 0, "length": length }]);
    update
}

#[tokio::test]
async fn the_shop_uses_what_only_telegram_has() {
    let telegram = Telegram::start().await;
    let function = function(&telegram, shop).await;
    let mut own = text(5, "");
    own["message"]["text"] = Value::Null;
    own["message"]["contact"] =
        json!({ "phone_number": "+33123456789", "first_name": "Test", "user_id": USER });
    let mut others = own.clone();
    (others["update_id"], others["message"]["contact"]["user_id"]) = (json!(6), json!(5));
    let query = json!({ "update_id": 7, "inline_query": {
        "id": "1", "from": { "id": USER, "first_name": "Test" }, "query": "shoes", "offset": "",
    } });
    for update_ in [
        command(1, "/start", 6),
        command(2, "/start spring-sale", 6),
        command(3, "/call", 5),
        command(4, "/new", 4),
        own,
        others,
        query,
    ] {
        let answer = function.handle(update(&update_)).await;
        assert_eq!(answer.header("patchcord-failure"), "", "{update_}");
    }
    let expected = [
        "Welcome!",
        "You come from spring-sale. Welcome!",
        "May we call you?",
        "album",
        "album",
        "Thank you, we call you.",
        "This is somebody else's.",
    ];
    assert_eq!(telegram.texts(USER), expected);
    let asked = telegram.methods();
    let keyboard = &asked[2].1["reply_markup"]["keyboard"];
    assert_eq!(keyboard[0][0]["request_contact"], true);
    assert_eq!(asked.last().unwrap().1["results"][0]["title"], "Our best shoes");
}
