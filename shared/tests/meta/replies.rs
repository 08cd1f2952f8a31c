//! What a bot says, as Meta gets it and takes it.

use patchcord::chat::reply::{Button, Card};
use patchcord::chat::{BotResult, Context, Media, Reply, SendError};
use patchcord::connectors::meta::Platform;
use serde_json::{Value, json};

use crate::graph::{Call, Graph};
use crate::support::function::Answer;
use crate::{IGSID, PSID, function, webhook};

/// What Meta gets of these replies, and how the webhook is answered.
async fn said(platform: Platform, replies: Vec<Reply>) -> (Vec<Call>, Answer) {
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
async fn taken(platform: Platform, name: &str, reply: Reply) -> Vec<Value> {
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

fn buttons(count: usize) -> Vec<Button> {
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

fn card(title: &str, buttons: Vec<Button>) -> Card {
    Card { title: title.to_owned(), subtitle: Some("grey".to_owned()), image_url: None, buttons }
}

fn template(payload: Value) -> Value {
    let mut message = json!({ "attachment": { "type": "template" } });
    message["attachment"]["payload"] = payload;
    message
}

fn attachment(kind: &str, payload: Value) -> Value {
    let mut message = json!({ "attachment": { "type": kind } });
    message["attachment"]["payload"] = payload;
    message
}

#[tokio::test]
async fn every_kind_of_reply_is_taken() {
    let words = "Sure?".to_owned();
    let site = Button::url("Our site", "https://example.com");
    let url = |name: &str| format!("https://example.com/{name}");
    let captioned = Media { caption: Some("A cat".to_owned()), ..Media::url(url("c.jpg")) };
    let reaction = |emoji: &str, removed| {
        let (message_id, emoji) = ("m_1".to_owned(), emoji.to_owned());
        Reply::Reaction { message_id, emoji, removed }
    };
    let custom =
        json!({"message": {"text": "Hi", "metadata": "mine"}, "notification_type": "NO_PUSH"});
    let cases: Vec<(&str, Reply, Vec<Value>)> = vec![
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
        ("typing", Reply::Typing { on: true }, vec![json!({"sender_action": "typing_on"})]),
        ("not typing", Reply::Typing { on: false }, vec![json!({"sender_action": "typing_off"})]),
        (
            "reaction",
            reaction("👋", false),
            vec![json!({
                "sender_action": "react", "payload": {"message_id": "m_1", "reaction": "👋"},
            })],
        ),
        (
            "no reaction",
            reaction("👋", true),
            vec![json!({"sender_action": "unreact", "payload": {"message_id": "m_1"}})],
        ),
        ("custom", Reply::Custom { json: custom.clone() }, vec![custom["message"].clone()]),
    ];
    for platform in [Platform::Messenger, Platform::Instagram] {
        for (name, reply, expected) in cases.clone() {
            assert_eq!(taken(platform, name, reply).await, expected, "{platform:?}, {name}");
        }
    }
}

#[tokio::test]
async fn what_is_too_long_is_cut_and_what_is_too_much_is_several_messages() {
    let cyrillic = "привет ".repeat(600);
    let long = "word ".repeat(900);
    for platform in [Platform::Messenger, Platform::Instagram] {
        for text in [&long, &cyrillic] {
            let buttons_below = Reply::Buttons { text: text.clone(), buttons: buttons(1) };
            let quick_below = Reply::QuickReplies { text: text.clone(), buttons: buttons(1) };
            let caption =
                Media { caption: Some(text.clone()), ..Media::url("https://e.com/c.jpg") };
            for (name, reply) in [
                ("text", Reply::text(text.as_str())),
                ("buttons", buttons_below),
                ("quick replies", quick_below),
                ("caption", Reply::Image(caption)),
            ] {
                let messages = taken(platform, name, reply).await;
                let texts = messages.iter().map(|it| match &it["text"] {
                    Value::Null => it["attachment"]["payload"]["text"].as_str().unwrap_or_default(),
                    text => text.as_str().unwrap(),
                });
                let words: Vec<_> = texts.flat_map(str::split_whitespace).collect();
                assert_eq!(words, text.split_whitespace().collect::<Vec<_>>(), "{name}");
            }
        }
    }
    let many =
        Reply::Cards { cards: (0..23).map(|it| card(&it.to_string(), Vec::new())).collect() };
    let messages = taken(Platform::Messenger, "cards", many).await;
    let elements = |it: &Value| it["attachment"]["payload"]["elements"].as_array().unwrap().len();
    assert_eq!(messages.iter().map(elements).collect::<Vec<_>>(), [10, 10, 3]);
    let long_titles = Button::payload("A title of more than twenty characters", "P");
    let wordy = card(&"title ".repeat(30), vec![long_titles.clone()]);
    taken(Platform::Messenger, "titles", Reply::Cards { cards: vec![wordy] }).await;
    let quick = Reply::QuickReplies { text: "?".to_owned(), buttons: vec![long_titles] };
    let quick = taken(Platform::Instagram, "titles", quick).await;
    assert_eq!(quick[0]["quick_replies"][0]["title"], "A title of more…");
}

#[tokio::test]
async fn a_file_is_uploaded_and_then_sent() {
    for platform in [Platform::Messenger, Platform::Instagram] {
        let file = Media::data("cat.png", "image/png", "PNG");
        let (calls, answer) = said(platform, vec![Reply::Image(file)]).await;
        assert_eq!(answer.header("patchcord-failure"), "");
        let [upload, message] = &calls[..] else { panic!("two calls: {calls:?}") };
        assert_eq!(upload.path, "me/message_attachments");
        let (name, mime_type, bytes) = upload.file.clone().unwrap();
        assert_eq!(
            (name.as_str(), mime_type.as_str(), &bytes[..]),
            ("cat.png", "image/png", &b"PNG"[..])
        );
        let sent = attachment("image", json!({"attachment_id": "1857777774821032"}));
        assert_eq!(message.body["message"], sent);
    }
}

#[tokio::test]
async fn a_message_has_an_id_to_react_to() {
    async fn bot(context: Context) -> BotResult {
        let sent = context.send_text("hi").await?;
        context.react(sent.message_id.unwrap(), "❤").await?;
        let edited = context.edit("m_0", "new").await;
        assert!(matches!(edited, Err(SendError::Unsupported(_))), "{edited:?}");
        let deleted = context.delete("m_0").await;
        assert!(matches!(deleted, Err(SendError::Unsupported(_))), "{deleted:?}");
        let odd = context.send_custom(json!("hi")).await;
        assert!(matches!(odd, Err(SendError::Refused { .. })), "{odd:?}");
        Ok(())
    }
    let graph = Graph::start(Platform::Messenger).await;
    let answer = function(&graph.url, bot).await.handle(webhook("messenger", "text.json")).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    let bodies = graph.bodies();
    assert_eq!(bodies.len(), 2);
    assert_eq!(bodies[1]["payload"], json!({"message_id": "m_0", "reaction": "❤"}));
}

#[tokio::test]
async fn a_reply_that_grows_is_said_once_it_is_finished() {
    async fn bot(context: Context) -> BotResult {
        let mut reply = context.grow();
        for word in ["This ", "takes ", "a ", "while."] {
            reply.push(word).await?;
        }
        reply.finish().await?;
        Ok(())
    }
    let graph = Graph::start(Platform::Messenger).await;
    function(&graph.url, bot).await.handle(webhook("messenger", "text.json")).await;
    let texts: Vec<_> = graph.bodies().iter().map(|it| it["message"]["text"].clone()).collect();
    assert_eq!(texts, ["This takes a while."]);
}
