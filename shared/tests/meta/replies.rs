//! What a bot says, as Meta gets it and takes it.

use patchcord::chat::reply::{Button, Card};
use patchcord::chat::{BotResult, Context, Media, Reply};
use patchcord::connectors::meta::Platform;
use serde_json::{Value, json};

use crate::graph::{Call, Graph};
use crate::support::function::Answer;
use crate::{IGSID, PSID, function, webhook};

/// What Meta gets of these replies, and how the webhook is answered.
pub async fn said(platform: Platform, replies: Vec<Reply>) -> (Vec<Call>, Answer) {
    let graph = Graph::start(platform).await;
    let bot = move |context: Context| {
        let replies = replies.clone();
        async move {
            for reply in replies {
                context.send(reply).await?;
            }
            BotResult::Ok(())
        }
    };
    let name = match platform {
        Platform::Messenger => "text.json",
        Platform::Instagram => "hello.json",
    };
    let answer = function(&graph.url, bot).await.handle(webhook(platform.name(), name)).await;
    (graph.calls(), answer)
}

/// The bodies of what Meta takes for a reply, without what is the same in all of them.
pub async fn taken(platform: Platform, name: &str, reply: Reply) -> Vec<Value> {
    let (calls, answer) = said(platform, vec![reply]).await;
    assert_eq!(answer.header("patchcord-failure"), "", "{name}: {calls:?}");
    let person = if platform == Platform::Messenger { PSID } else { IGSID };
    let body = |call: Call| {
        let Value::Object(mut body) = call.body else { panic!("{name}: an object") };
        assert_eq!(call.path, "me/messages", "{name}");
        assert_eq!(body.remove("recipient"), Some(json!({ "id": person })), "{name}");
        let is_message = body.contains_key("message");
        let messaging_type = body.remove("messaging_type");
        assert_eq!(messaging_type, is_message.then(|| json!("RESPONSE")), "{name}");
        body.remove("message").unwrap_or(Value::Object(body))
    };
    calls.into_iter().map(body).collect()
}

pub fn buttons(count: usize) -> Vec<Button> {
    (0..count).map(|number| Button::payload(format!("B{number}"), format!("P{number}"))).collect()
}

fn postbacks(count: usize) -> Value {
    let button = |number| json!({ "type": "postback", "title": format!("B{number}"), "payload": format!("P{number}") });
    (0..count).map(button).collect()
}

fn quick_replies(count: usize) -> Value {
    let quick_reply = |number| {
        json!({
            "content_type": "text", "title": format!("B{number}"), "payload": format!("P{number}"),
        })
    };
    (0..count).map(quick_reply).collect()
}

pub fn card(title: &str, buttons: Vec<Button>) -> Card {
    Card { title: title.to_owned(), subtitle: Some("grey".to_owned()), image_url: None, buttons }
}

fn template(payload: Value) -> Value {
    let mut message = json!({ "attachment": { "type": "template" } });
    message["attachment"]["payload"] = payload;
    message
}

pub fn attachment(kind: &str, payload: Value) -> Value {
    let mut message = json!({ "attachment": { "type": kind } });
    message["attachment"]["payload"] = payload;
    message
}

/// A reply, and what Meta gets of it.
type Case = (&'static str, Reply, Vec<Value>);

fn plain(platform: Platform) -> Vec<Case> {
    let url = |name: &str| format!("https://example.com/{name}");
    let captioned = Media { caption: Some("A cat".to_owned()), ..Media::url(url("c.jpg")) };
    let reaction = |emoji: &str, removed| {
        let (message_id, emoji) = ("m_1".to_owned(), emoji.to_owned());
        Reply::Reaction { message_id, emoji, removed }
    };
    let (emoji, name) = match platform {
        Platform::Messenger => ("👋", "👋"),
        Platform::Instagram => ("❤\u{fe0f}", "love"),
    };
    let custom =
        json!({"message": {"text": "Hi", "metadata": "mine"}, "notification_type": "NO_PUSH"});
    vec![
        ("text", Reply::text("hi"), vec![json!({"text": "hi"})]),
        (
            "image",
            Reply::Image(captioned),
            vec![attachment("image", json!({"url": url("c.jpg")})), json!({"text": "A cat"})],
        ),
        (
            "file",
            Reply::File(Media::url(url("f.pdf"))),
            vec![attachment("file", json!({"url": url("f.pdf")}))],
        ),
        (
            "video",
            Reply::Video(Media::id("1857777774821032")),
            vec![attachment("video", json!({"attachment_id": "1857777774821032"}))],
        ),
        (
            "audio",
            Reply::Audio(Media::url(url("a.mp3"))),
            vec![attachment("audio", json!({"url": url("a.mp3")}))],
        ),
        ("typing", Reply::Typing { on: true }, vec![json!({"sender_action": "typing_on"})]),
        ("not typing", Reply::Typing { on: false }, vec![json!({"sender_action": "typing_off"})]),
        (
            "reaction",
            reaction(emoji, false),
            vec![json!({
                "sender_action": "react", "payload": {"message_id": "m_1", "reaction": name},
            })],
        ),
        (
            "no reaction",
            reaction("👋", true),
            vec![json!({"sender_action": "unreact", "payload": {"message_id": "m_1"}})],
        ),
        ("custom", Reply::Custom { json: custom.clone() }, vec![custom["message"].clone()]),
    ]
}

fn rich() -> Vec<Case> {
    let words = "Sure?".to_owned();
    let site = Button::url("Our site", "https://example.com");
    vec![
        (
            "buttons",
            Reply::Buttons { text: words.clone(), buttons: buttons(3) },
            vec![template(
                json!({"template_type": "button", "text": "Sure?", "buttons": postbacks(3)}),
            )],
        ),
        (
            "a button that opens a page",
            Reply::Buttons { text: words.clone(), buttons: vec![site.clone()] },
            vec![template(json!({"template_type": "button", "text": "Sure?", "buttons": [
                {"type": "web_url", "title": "Our site", "url": "https://example.com"},
            ]}))],
        ),
        (
            "more buttons than there are",
            Reply::Buttons { text: words.clone(), buttons: buttons(4) },
            vec![json!({"text": "Sure?", "quick_replies": quick_replies(4)})],
        ),
        (
            "more buttons than there are, one to a page",
            Reply::Buttons {
                text: words.clone(),
                buttons: [buttons(3), vec![site.clone()]].concat(),
            },
            vec![json!({"text": "Sure?\n1. B0\n2. B1\n3. B2\n4. Our site: https://example.com"})],
        ),
        (
            "quick replies",
            Reply::QuickReplies { text: words.clone(), buttons: buttons(13) },
            vec![json!({"text": "Sure?", "quick_replies": quick_replies(13)})],
        ),
        (
            "a quick reply that opens a page",
            Reply::QuickReplies { text: words.clone(), buttons: vec![site] },
            vec![template(json!({"template_type": "button", "text": "Sure?", "buttons": [
                {"type": "web_url", "title": "Our site", "url": "https://example.com"},
            ]}))],
        ),
        (
            "no buttons at all",
            Reply::QuickReplies { text: words.clone(), buttons: Vec::new() },
            vec![json!({"text": "Sure?"})],
        ),
        (
            "cards",
            Reply::Cards { cards: vec![card("Cat", buttons(2)), card("Dog", Vec::new())] },
            vec![template(json!({"template_type": "generic", "elements": [
                {"title": "Cat", "subtitle": "grey", "buttons": postbacks(2)},
                {"title": "Dog", "subtitle": "grey"},
            ]}))],
        ),
        (
            "a card that is only a title",
            Reply::Cards { cards: vec![Card { title: "Cat".to_owned(), ..Card::default() }] },
            vec![json!({"text": "Cat"})],
        ),
        (
            "a card with more buttons than there are",
            Reply::Cards { cards: vec![card("Cat", buttons(4))] },
            vec![json!({"text": "Cat: grey", "quick_replies": quick_replies(4)})],
        ),
        ("no cards at all", Reply::Cards { cards: Vec::new() }, vec![]),
    ]
}

#[tokio::test]
async fn every_kind_of_reply_is_taken() {
    for platform in [Platform::Messenger, Platform::Instagram] {
        for (name, reply, expected) in plain(platform).into_iter().chain(rich()) {
            assert_eq!(taken(platform, name, reply).await, expected, "{platform:?}, {name}");
        }
    }
}

#[tokio::test]
async fn instagram_knows_one_reaction() {
    let reaction = |emoji: &str| {
        let (message_id, emoji) = ("m_1".to_owned(), emoji.to_owned());
        Reply::Reaction { message_id, emoji, removed: false }
    };
    for emoji in ["❤", "❤\u{fe0f}", "love"] {
        let expected = json!({
            "sender_action": "react", "payload": { "message_id": "m_1", "reaction": "love" },
        });
        assert_eq!(taken(Platform::Instagram, emoji, reaction(emoji)).await, [expected]);
    }
    let (calls, answer) = said(Platform::Instagram, vec![reaction("👋")]).await;
    assert_eq!((calls.len(), answer.header("patchcord-failure")), (0, "bot-failed"));
}
