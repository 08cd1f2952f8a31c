//! Which calls a reply becomes.

use serde_json::{Value, json};

use super::calls::Call;
use super::{media, replies};
use crate::chat::{Button, Card, Media, Reply, SendError, Target};

fn group() -> Target {
    Target { room: "-1001234".to_owned(), thread: Some("7".to_owned()) }
}

/// The calls as JSON: `[method, parameters without those of the place]`.
fn calls(reply: &Reply) -> Vec<Value> {
    let shown = |call: &Call| {
        let mut params = call.params.clone();
        let is_inline = params.contains_key("inline_message_id");
        let place = [params.remove("chat_id"), params.remove("message_thread_id")];
        let is_about_one = params.contains_key("message_id");
        let expected = match (is_inline, is_about_one) {
            (true, _) => [None, None],
            (_, true) => [Some(json!(-1_001_234)), None],
            _ => [Some(json!(-1_001_234)), Some(json!(7))],
        };
        assert_eq!(place, expected, "{}", call.method);
        json!([call.method, params])
    };
    replies::calls(&group(), reply).unwrap().iter().map(shown).collect()
}

fn buttons() -> Vec<Button> {
    vec![Button::payload("Yes", "Y"), Button::url("Site", "https://e.com")]
}

fn keyboard() -> Value {
    json!({ "inline_keyboard": [
        [{ "text": "Yes", "callback_data": "Y" }], [{ "text": "Site", "url": "https://e.com" }],
    ] })
}

#[test]
fn each_reply_has_its_method() {
    let text = || "Sure?".to_owned();
    let id = || "12".to_owned();
    let suggestions = vec![Button::payload("Red", "Red"), Button::payload("Blue", "Blue")];
    let keys = json!({
        "keyboard": [[{ "text": "Red" }], [{ "text": "Blue" }]],
        "one_time_keyboard": true, "resize_keyboard": true,
    });
    let reacted = |emoji: &str, removed| Reply::Reaction {
        message_id: id(),
        emoji: emoji.to_owned(),
        removed,
    };
    let edit = |message_id: &str, buttons| Reply::Edit {
        message_id: message_id.to_owned(),
        text: text(),
        buttons,
    };
    for (reply, expected) in [
        (Reply::text("hi"), json!([["sendMessage", { "text": "hi" }]])),
        (
            Reply::Buttons { text: text(), buttons: buttons() },
            json!([["sendMessage", { "text": "Sure?", "reply_markup": keyboard() }]]),
        ),
        (
            Reply::Buttons { text: text(), buttons: Vec::new() },
            json!([["sendMessage", { "text": "Sure?" }]]),
        ),
        (
            Reply::QuickReplies { text: text(), buttons: suggestions },
            json!([["sendMessage", { "text": "Sure?", "reply_markup": keys }]]),
        ),
        (
            Reply::QuickReplies { text: text(), buttons: buttons() },
            json!([["sendMessage", { "text": "Sure?", "reply_markup": keyboard() }]]),
        ),
        (Reply::Typing { on: true }, json!([["sendChatAction", { "action": "typing" }]])),
        (Reply::Typing { on: false }, json!([])),
        (
            reacted("👍", false),
            json!([["setMessageReaction",
                { "message_id": 12, "reaction": [{ "type": "emoji", "emoji": "👍" }] }]]),
        ),
        (
            reacted("5368324170671202286", false),
            json!([["setMessageReaction", { "message_id": 12, "reaction": [
                { "type": "custom_emoji", "custom_emoji_id": "5368324170671202286" },
            ] }]]),
        ),
        (
            reacted("👍", true),
            json!([["setMessageReaction", { "message_id": 12, "reaction": [] }]]),
        ),
        (
            edit("12", buttons()),
            json!([["editMessageText",
                { "message_id": 12, "text": "Sure?", "reply_markup": keyboard() }]]),
        ),
        (
            edit("1234csdbsk4839", Vec::new()),
            json!([["editMessageText",
                { "inline_message_id": "1234csdbsk4839", "text": "Sure?" }]]),
        ),
        (Reply::Delete { message_id: id() }, json!([["deleteMessage", { "message_id": 12 }]])),
        (
            Reply::Custom { json: json!({ "method": "sendDice", "emoji": "🎲" }) },
            json!([["sendDice", { "emoji": "🎲" }]]),
        ),
    ] {
        assert_eq!(json!(calls(&reply)), expected, "{reply:?}");
    }
}

#[test]
fn media_go_as_what_they_are() {
    let url = "https://e.com/x";
    let typed = |mime: &str| Media { mime_type: Some(mime.to_owned()), ..Media::url(url) };
    for (reply, expected) in [
        (Reply::Image(Media::url(url)), json!(["sendPhoto", { "photo": url }])),
        (Reply::Image(Media::id("AgAC")), json!(["sendPhoto", { "photo": "AgAC" }])),
        (Reply::Image(typed("image/gif")), json!(["sendAnimation", { "animation": url }])),
        (Reply::Image(Media::id("sticker:CA")), json!(["sendSticker", { "sticker": "CA" }])),
        (Reply::File(Media::url(url)), json!(["sendDocument", { "document": url }])),
        (Reply::Video(Media::url(url)), json!(["sendVideo", { "video": url }])),
        (Reply::Video(Media::id("animation:Cg")), json!(["sendAnimation", { "animation": "Cg" }])),
        (Reply::Video(Media::id("video_note:D")), json!(["sendVideoNote", { "video_note": "D" }])),
        (Reply::Audio(Media::url(url)), json!(["sendAudio", { "audio": url }])),
        (Reply::Audio(typed("audio/ogg")), json!(["sendVoice", { "voice": url }])),
        (Reply::Audio(Media::id("voice:Aw")), json!(["sendVoice", { "voice": "Aw" }])),
    ] {
        assert_eq!(calls(&reply), [expected], "{reply:?}");
    }
    let upload = Reply::Image(Media::data("c.png", "image/png", "bytes"));
    let uploaded = replies::calls(&group(), &upload).unwrap().remove(0);
    let file = &uploaded.files[0];
    assert_eq!((uploaded.params.get("photo"), &*file.field, &*file.name), (None, "photo", "c.png"));
    assert_eq!((file.mime_type.as_deref(), &file.bytes[..]), (Some("image/png"), &b"bytes"[..]));
}

#[test]
fn a_caption_that_is_too_long_comes_after_its_picture() {
    let with = |caption: &str, media| Media { caption: Some(caption.to_owned()), ..media };
    let reply = |caption: &str| Reply::Image(with(caption, Media::url("u")));
    let (most, more) = ("😀".repeat(512), "😀".repeat(513));
    assert_eq!(
        calls(&reply("A cat")),
        [json!(["sendPhoto", { "photo": "u", "caption": "A cat" }])]
    );
    assert_eq!(calls(&reply(&most)), [json!(["sendPhoto", { "photo": "u", "caption": most }])]);
    let expected =
        [json!(["sendPhoto", { "photo": "u" }]), json!(["sendMessage", { "text": more }])];
    assert_eq!(calls(&reply(&more)), expected);
    assert_eq!(calls(&reply(&"word ".repeat(1000))).len(), 3, "5,000 characters are two messages");
    let sticker = Reply::Image(with("A cat", Media::id("sticker:CA")));
    let expected =
        [json!(["sendSticker", { "sticker": "CA" }]), json!(["sendMessage", { "text": "A cat" }])];
    assert_eq!(calls(&sticker), expected, "a sticker has no caption");
}

#[test]
fn what_telegram_cannot_get_is_sent_as_a_link() {
    let media = Media { caption: Some("Report".to_owned()), ..Media::url("https://e.com/r.docx") };
    let call = replies::calls(&group(), &Reply::File(media)).unwrap().remove(0);
    let link = call.otherwise.unwrap();
    assert_eq!(
        (&*link.method, &link.params["text"]),
        ("sendMessage", &json!("Report\nhttps://e.com/r.docx"))
    );
    let uploaded = Reply::File(Media::data("a", "text/plain", "b"));
    assert_eq!(replies::calls(&group(), &uploaded).unwrap()[0].otherwise, None);
}

#[test]
fn cards_are_pictures_with_words_and_buttons() {
    let card = Card {
        title: "Cat".to_owned(),
        subtitle: Some("grey".to_owned()),
        image_url: Some("https://e.com/c".to_owned()),
        buttons: buttons(),
    };
    let plain = Card { title: "Dog".to_owned(), ..Card::default() };
    let long = Card { title: "x".repeat(1025), ..card.clone() };
    let words = format!("{}\ngrey", "x".repeat(1025));
    let cards = Reply::Cards { cards: vec![card, plain, long] };
    let expected = [
        json!(["sendPhoto",
            { "photo": "https://e.com/c", "caption": "Cat\ngrey", "reply_markup": keyboard() }]),
        json!(["sendMessage", { "text": "Dog" }]),
        json!(["sendPhoto", { "photo": "https://e.com/c" }]),
        json!(["sendMessage", { "text": words, "reply_markup": keyboard() }]),
    ];
    assert_eq!(calls(&cards), expected);
}

#[test]
fn an_album_refers_to_its_uploads() {
    let captioned = Media { caption: Some("One".to_owned()), ..Media::url("u") };
    let album = [
        Reply::Image(captioned),
        Reply::Video(Media::id("BAAC")),
        Reply::Image(Media::data("c.png", "image/png", "bytes")),
    ];
    let call = media::album(&group(), &album).unwrap();
    let items = json!([
        { "type": "photo", "media": "u", "caption": "One" },
        { "type": "video", "media": "BAAC" },
        { "type": "photo", "media": "attach://file2" },
    ]);
    assert_eq!((&*call.method, &call.params["media"]), ("sendMediaGroup", &items));
    assert_eq!(call.files.iter().map(|it| &*it.field).collect::<Vec<_>>(), ["file2"]);
    for wrong in [&album[..1], &[Reply::text("a"), Reply::text("b")]] {
        assert!(media::album(&group(), wrong).is_err());
    }
}

#[test]
fn an_albums_captions_are_short() {
    let album = |caption: String| {
        let captioned = Media { caption: Some(caption), ..Media::url("u") };
        media::album(&group(), &[Reply::Image(Media::url("u")), Reply::Image(captioned)])
    };
    assert!(album("😀".repeat(512)).is_ok());
    match album("😀".repeat(513)) {
        Err(SendError::Refused { reason }) => {
            assert_eq!(reason, "a caption in an album has 1024 characters at most");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_telegram_would_refuse_for_certain_is_not_sent() {
    let custom = |json: Value| Reply::Custom { json };
    let long = "x".repeat(65);
    let button = |payload: &str| Reply::Buttons {
        text: "?".to_owned(),
        buttons: vec![Button::payload("a", payload)],
    };
    let nowhere = Target::default();
    let odd = Target { room: "1".to_owned(), thread: Some("news".to_owned()) };
    for (target, reply, expected) in [
        (group(), button(&long), "a button's payload has 65 bytes, and 1 to 64 are taken"),
        (group(), button(""), "a button's payload has 0 bytes, and 1 to 64 are taken"),
        (group(), custom(json!("text")), "expected {\"method\": \"sendDice\", …}"),
        (group(), custom(json!({ "emoji": "🎲" })), "expected {\"method\": \"sendDice\", …}"),
        (nowhere, Reply::text("hi"), "there is no chat to send it to"),
        (odd, Reply::text("hi"), "a topic's id is a number"),
    ] {
        match replies::calls(&target, &reply) {
            Err(SendError::Refused { reason }) => {
                assert!(reason.starts_with(expected), "{reply:?}: {reason}");
            }
            other => panic!("{reply:?}: {other:?}"),
        }
    }
    assert!(replies::calls(&group(), &button(&"x".repeat(64))).is_ok());
}

#[test]
fn a_custom_reply_goes_where_it_says_or_where_the_event_came_from() {
    let call = |json: Value| replies::calls(&group(), &Reply::Custom { json }).unwrap().remove(0);
    let place =
        |call: Call| json!([call.params.get("chat_id"), call.params.get("message_thread_id")]);
    for (json, expected) in [
        (json!({ "method": "sendPoll" }), json!([-1_001_234, 7])),
        (json!({ "method": "sendPoll", "chat_id": "@news" }), json!(["@news", null])),
        (json!({ "method": "copyMessage" }), json!([-1_001_234, 7])),
        (json!({ "method": "copyMessages" }), json!([-1_001_234, 7])),
        (json!({ "method": "forwardMessage" }), json!([-1_001_234, 7])),
        (json!({ "method": "forwardMessages" }), json!([-1_001_234, 7])),
        (json!({ "method": "getChat" }), json!([-1_001_234, null])),
        (json!({ "method": "editMessageText", "inline_message_id": "x" }), json!([null, null])),
    ] {
        assert_eq!(place(call(json.clone())), expected, "{json}");
    }
    let direct = Target { thread: Some("dm:9".to_owned()), ..group() };
    for reply in [Reply::text("hi"), Reply::Custom { json: json!({ "method": "sendDice" }) }] {
        let call = replies::calls(&direct, &reply).unwrap().remove(0);
        let topics = ["direct_messages_topic_id", "message_thread_id"];
        assert_eq!(topics.map(|it| call.params.get(it)), [Some(&json!(9)), None], "{reply:?}");
    }
    let channel = Target::room("@news");
    let call = replies::calls(&channel, &Reply::text("hi")).unwrap().remove(0);
    assert_eq!(call.params["chat_id"], "@news");
}
