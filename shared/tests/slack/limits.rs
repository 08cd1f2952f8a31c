//! What Slack does not take of a message.

use std::collections::HashSet;

use serde_json::Value;

/// Slack's code for why it refuses the message; none if it takes it.
pub fn refusal(message: &Value) -> Option<&'static str> {
    let text = message["text"].as_str().unwrap_or_default();
    let blocks = message["blocks"].as_array().map(Vec::as_slice).unwrap_or_default();
    if text.is_empty() && blocks.is_empty() {
        return Some("no_text");
    }
    // <https://docs.slack.dev/reference/methods/chat.postMessage#truncating>: what is beyond is
    // cut off, which the one who wrote it would not want.
    if text.chars().count() > 40_000 {
        return Some("msg_too_long");
    }
    // <https://docs.slack.dev/reference/block-kit/blocks>: 50 in a message.
    let mut ids = HashSet::new();
    let fits = blocks.len() <= 50 && blocks.iter().all(|block| is_block(block, &mut ids));
    (!fits).then_some("invalid_blocks")
}

fn is_block(block: &Value, ids: &mut HashSet<String>) -> bool {
    match block["type"].as_str() {
        Some("section") => {
            let accessory = block.get("accessory").is_none_or(is_image);
            has(&block["text"]["text"], 1, 3_000) && accessory
        }
        Some("image") => is_image(block),
        Some("actions") => {
            let elements = block["elements"].as_array().map(Vec::as_slice).unwrap_or_default();
            let mut is_unique =
                |it: &Value| ids.insert(it["action_id"].as_str().unwrap().to_owned());
            (1..=25).contains(&elements.len())
                && elements.iter().all(|it| is_button(it) && is_unique(it))
        }
        _ => false,
    }
}

/// <https://docs.slack.dev/reference/block-kit/block-elements/button-element>
fn is_button(button: &Value) -> bool {
    let optional = |name: &str, length| button.get(name).is_none_or(|it| has(it, 1, length));
    button["text"]["type"] == "plain_text"
        && has(&button["text"]["text"], 1, 75)
        && has(&button["action_id"], 1, 255)
        && optional("value", 2_000)
        && optional("url", 3_000)
}

/// <https://docs.slack.dev/reference/block-kit/blocks/image-block>
fn is_image(image: &Value) -> bool {
    let is_somewhere =
        has(&image["image_url"], 1, 3_000) || has(&image["slack_file"]["id"], 1, 255);
    has(&image["alt_text"], 1, 2_000) && is_somewhere
}

fn has(text: &Value, least: usize, most: usize) -> bool {
    text.as_str().is_some_and(|text| (least..=most).contains(&text.chars().count()))
}
