//! What a message is made of where words are not all of it
//! (<https://docs.slack.dev/reference/block-kit/blocks>).

use serde_json::{Value, json};

use super::text::escape;
use crate::chat::reply::{Button, ButtonAction, Card, Media, Source};
use crate::chat::split::{TextLimit, TextUnit};

/// The ids of buttons that open a page begin so: nobody needs to hear that they were pressed.
pub(super) const LINK: &str = "patchcord-link-";
/// The ids of other buttons.
const BUTTON: &str = "patchcord-button-";

/// Of a text, as it is sent: what stands above buttons is a section, which takes 3,000 characters
/// (<https://docs.slack.dev/reference/block-kit/blocks/section-block>). Bytes are counted because a
/// message that is changed takes 4,000 of them
/// (<https://docs.slack.dev/reference/methods/chat.update> says characters; measured in
/// <https://github.com/openclaw/openclaw/pull/115027>, and as escaped in
/// <https://gitlab.com/gitlab-org/gitlab/-/merge_requests/258898>).
pub(super) const TEXT: TextLimit = TextLimit { length: 3_000, unit: TextUnit::EscapedBytes };
/// Elements of one block of actions
/// (<https://docs.slack.dev/reference/block-kit/blocks/actions-block>).
const ACTIONS: usize = 25;
/// Characters on a button
/// (<https://docs.slack.dev/reference/block-kit/block-elements/button-element>).
const TITLE: TextLimit = TextLimit::characters(75);
/// Characters that stand for a picture
/// (<https://docs.slack.dev/reference/block-kit/blocks/image-block>).
const ALT_TEXT: TextLimit = TextLimit::characters(2_000);

/// Words with buttons below them. Ids of buttons are unique in a message, hence `first`.
pub(super) fn buttons(text: &str, buttons: &[Button], first: usize) -> Vec<Value> {
    let elements = buttons.iter().enumerate().map(|(index, it)| button(it, first + index));
    let elements: Vec<_> = elements.collect();
    let actions = elements.chunks(ACTIONS);
    let actions = actions.map(|elements| json!({ "type": "actions", "elements": elements }));
    sections(text).into_iter().chain(actions).collect()
}

/// One below the other, each with its picture beside its words.
pub(super) fn cards(cards: &[Card]) -> Vec<Value> {
    let mut blocks = Vec::new();
    let mut buttons_before = 0;
    for card in cards {
        let words = match &card.subtitle {
            Some(subtitle) => format!("*{}*\n{}", escape(&card.title), escape(subtitle)),
            None => format!("*{}*", escape(&card.title)),
        };
        let mut section = section(&words);
        if let Some(url) = &card.image_url {
            let alt_text = ALT_TEXT.shorten(&card.title);
            section["accessory"] =
                json!({ "type": "image", "image_url": url, "alt_text": alt_text });
        }
        blocks.push(section);
        blocks.extend(buttons("", &card.buttons, buttons_before));
        buttons_before += card.buttons.len();
    }
    blocks
}

/// A picture at a URL or of Slack's own, with its caption below it. None of one that has to be
/// uploaded first.
pub(super) fn image(media: &Media) -> Option<Vec<Value>> {
    let alt_text = ALT_TEXT.shorten(alternative(media));
    let mut image = json!({ "type": "image", "alt_text": alt_text });
    match &media.source {
        Source::Url(url) => image["image_url"] = json!(url),
        Source::Id(id) => image["slack_file"] = json!({ "id": id }),
        Source::Data(_) => return None,
    }
    let caption = media.caption.as_deref().map(sections).unwrap_or_default();
    Some([image].into_iter().chain(caption).collect())
}

/// What is said of a picture where it is not shown, such as in a notification.
pub(super) fn alternative(media: &Media) -> &str {
    let words = media.caption.as_deref().or(media.name.as_deref());
    words.filter(|words| !words.trim().is_empty()).unwrap_or("image")
}

/// A text as sections, one if it is short enough.
fn sections(text: &str) -> Vec<Value> {
    let parts = TEXT.split(text).into_iter().filter(|part| !part.trim().is_empty());
    parts.map(|part| section(&escape(part))).collect()
}

fn section(mrkdwn: &str) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": mrkdwn } })
}

fn button(button: &Button, index: usize) -> Value {
    let text = json!({ "type": "plain_text", "text": TITLE.shorten(&button.title), "emoji": true });
    match &button.action {
        ButtonAction::Payload(value) => json!({
            "type": "button", "action_id": format!("{BUTTON}{index}"), "text": text, "value": value,
        }),
        ButtonAction::Url(url) => json!({
            "type": "button", "action_id": format!("{LINK}{index}"), "text": text, "url": url,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slacks_limits_are_kept() {
        let text = "&".repeat(2_999);
        let blocks = buttons(&text, &vec![Button::payload("x".repeat(76), "Y"); 26], 0);
        let of = |kind: &str| blocks.iter().filter(|it| it["type"] == kind).collect::<Vec<_>>();
        let sections: Vec<_> =
            of("section").iter().map(|it| it["text"]["text"].as_str().unwrap()).collect();
        assert!(sections.iter().all(|it| it.len() <= 3_000), "{}", sections.len());
        assert_eq!(sections.concat(), text.replace('&', "&amp;"));
        let actions = of("actions");
        let counts: Vec<_> =
            actions.iter().map(|it| it["elements"].as_array().unwrap().len()).collect();
        assert_eq!(counts, [25, 1]);
        let last = &actions[1]["elements"][0];
        assert_eq!(last["action_id"], "patchcord-button-25");
        let title = last["text"]["text"].as_str().unwrap();
        assert_eq!((title.chars().count(), title.ends_with("x…")), (75, true));

        let long = Media { caption: Some("x".repeat(3_001)), ..Media::url("https://e.com/c") };
        let blocks = image(&long).unwrap();
        assert_eq!(blocks[0]["alt_text"].as_str().unwrap().chars().count(), 2_000);
        assert_eq!(blocks.len(), 3);
    }
}
