//! What is longer, or more, than Meta takes.

use patchcord::chat::reply::Button;
use patchcord::chat::{Media, Reply};
use patchcord::connectors::meta::Platform;
use serde_json::Value;

use crate::replies::{buttons, card, taken};

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
}

#[tokio::test]
async fn a_limit_is_used_to_the_full() {
    for (platform, text, messages) in [
        (Platform::Messenger, "a".repeat(1_999), 1),
        (Platform::Messenger, "a".repeat(2_000), 2),
        (Platform::Messenger, "a".repeat(4_000), 3),
        (Platform::Messenger, "👋".repeat(1_500), 2),
        (Platform::Instagram, "a".repeat(1_000), 1),
        (Platform::Instagram, "ä".repeat(501), 2),
    ] {
        let taken = taken(platform, "text", Reply::text(text.as_str())).await;
        assert_eq!(taken.len(), messages, "{platform:?}, {}", text.len());
    }
    let above = Reply::Buttons { text: "a".repeat(1_500), buttons: buttons(1) };
    assert_eq!(taken(Platform::Messenger, "buttons", above).await.len(), 3);
}

#[tokio::test]
async fn titles_are_shortened() {
    let long_titles = Button::payload("A title of more than twenty characters", "P");
    let mut wordy =
        card(&"t".repeat(100), vec![long_titles.clone(), Button::payload("b".repeat(30), "P")]);
    wordy.subtitle = Some("s".repeat(100));
    taken(Platform::Messenger, "titles", Reply::Cards { cards: vec![wordy] }).await;
    let quick = Reply::QuickReplies { text: "?".to_owned(), buttons: vec![long_titles] };
    let quick = taken(Platform::Instagram, "titles", quick).await;
    assert_eq!(quick[0]["quick_replies"][0]["title"], "A title of more…");
}
