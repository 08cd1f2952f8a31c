//! Buttons, quick replies and cards in Meta's form, and how many of them it takes.
//!
//! <https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/quick-replies>,
//! <https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/template/generic>,
//! <https://developers.facebook.com/documentation/business-messaging/instagram-messaging/button-template>.

use serde_json::{Value, json};

use crate::chat::reply::{Button, ButtonAction, Card};
use crate::chat::split::{TextLimit, TextUnit};

const MAX_QUICK_REPLIES: usize = 13;
const MAX_BUTTONS: usize = 3;
/// Cards side by side in one message.
pub(super) const MAX_CARDS: usize = 10;
/// What is written on buttons and quick replies; a title that is too long ends in `…`.
const BUTTON_TITLE: TextLimit = characters(20);
/// A card's title, and its subtitle.
const CARD_TITLE: TextLimit = characters(80);
/// The words above buttons.
pub(super) const BUTTON_TEXT: TextLimit = characters(640);

/// “Characters”; what that means Meta does not say, and no usual meaning counts more than UTF-16.
const fn characters(length: usize) -> TextLimit {
    TextLimit { length, unit: TextUnit::Utf16 }
}

/// Whether these can be quick replies, which open no pages.
pub(super) fn are_quick_replies(buttons: &[Button]) -> bool {
    let sends = |button: &Button| matches!(button.action, ButtonAction::Payload(_));
    (1..=MAX_QUICK_REPLIES).contains(&buttons.len()) && buttons.iter().all(sends)
}

/// Whether these can be buttons that stay.
pub(super) fn are_buttons(buttons: &[Button]) -> bool {
    (1..=MAX_BUTTONS).contains(&buttons.len())
}

/// Whether these can be cards. A card is more than its title.
pub(super) fn are_cards(cards: &[Card]) -> bool {
    let is_one = |card: &Card| {
        let has_more = card.subtitle.is_some() || card.image_url.is_some();
        (has_more || !card.buttons.is_empty()) && card.buttons.len() <= MAX_BUTTONS
    };
    !cards.is_empty() && cards.iter().all(is_one)
}

/// A message with quick replies below it.
pub(super) fn quick_replies(text: &str, buttons: &[Button]) -> Value {
    let quick_reply = |button: &Button| match &button.action {
        ButtonAction::Payload(payload) | ButtonAction::Url(payload) => json!({
            "content_type": "text",
            "title": BUTTON_TITLE.shorten(&button.title),
            "payload": payload,
        }),
    };
    let quick_replies: Vec<_> = buttons.iter().map(quick_reply).collect();
    json!({ "text": text, "quick_replies": quick_replies })
}

/// A message with buttons below it.
pub(super) fn buttons(text: &str, buttons: &[Button]) -> Value {
    template(json!({
        "template_type": "button",
        "text": text,
        "buttons": buttons.iter().map(button).collect::<Vec<_>>(),
    }))
}

/// A message of cards side by side.
pub(super) fn cards(cards: &[Card]) -> Value {
    let elements: Vec<_> = cards.iter().map(element).collect();
    template(json!({ "template_type": "generic", "elements": elements }))
}

fn template(payload: Value) -> Value {
    let mut message = json!({ "attachment": { "type": "template" } });
    message["attachment"]["payload"] = payload;
    message
}

fn element(card: &Card) -> Value {
    let mut element = json!({ "title": CARD_TITLE.shorten(&card.title) });
    if let Some(subtitle) = &card.subtitle {
        element["subtitle"] = CARD_TITLE.shorten(subtitle).into();
    }
    if let Some(url) = &card.image_url {
        element["image_url"] = json!(url);
    }
    if !card.buttons.is_empty() {
        element["buttons"] = card.buttons.iter().map(button).collect();
    }
    element
}

fn button(button: &Button) -> Value {
    let title = BUTTON_TITLE.shorten(&button.title);
    match &button.action {
        ButtonAction::Payload(payload) => {
            json!({ "type": "postback", "title": title, "payload": payload })
        }
        ButtonAction::Url(url) => json!({ "type": "web_url", "title": title, "url": url }),
    }
}
