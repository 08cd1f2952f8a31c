//! What Meta takes of a message, and with which error it refuses the rest.

use patchcord::connectors::meta::Platform;
use serde_json::{Value, json};

use crate::graph::{Call, Refusal};

pub fn message_taken(platform: Platform, message: &Value, body: &Value) -> Result<(), Refusal> {
    let bad = (400, 100, 0);
    let is_type =
        |known: &Value| ["RESPONSE", "UPDATE", "MESSAGE_TAG"].iter().any(|it| known == it);
    if !is_type(&body["messaging_type"]) {
        return Err(bad);
    }
    if (body["messaging_type"] == "MESSAGE_TAG") != (body["tag"] == "HUMAN_AGENT") {
        return Err(bad);
    }
    let text = message["text"].as_str();
    let attachment = &message["attachment"];
    let is_short = text.is_none_or(|text| match platform {
        Platform::Messenger => text.encode_utf16().count() < 2000,
        Platform::Instagram => text.len() <= 1000,
    });
    let has_one = text.is_some_and(|text| !text.is_empty()) != attachment.is_object();
    if !is_short || !has_one {
        return Err(bad);
    }
    let quick_replies = message["quick_replies"].as_array();
    let is_quick = |it: &Value| {
        it["content_type"] == "text" && fits(&it["title"], 20) && fits(&it["payload"], 1000)
    };
    if quick_replies
        .is_some_and(|all| all.is_empty() || all.len() > 13 || !all.iter().all(is_quick))
    {
        return Err(bad);
    }
    if attachment.is_object() { attached(attachment) } else { Ok(()) }
}

fn attached(attachment: &Value) -> Result<(), Refusal> {
    let payload = &attachment["payload"];
    let is_taken = match attachment["type"].as_str() {
        Some("template") if payload["template_type"] == "button" => {
            fits(&payload["text"], 640) && are_buttons(&payload["buttons"])
        }
        Some("template") if payload["template_type"] == "generic" => {
            let is_element = |it: &Value| {
                let has_more =
                    ["subtitle", "image_url", "buttons"].iter().any(|name| !it[name].is_null());
                fits(&it["title"], 80)
                    && has_more
                    && (it["subtitle"].is_null() || fits(&it["subtitle"], 80))
                    && (it["buttons"].is_null() || are_buttons(&it["buttons"]))
            };
            let elements = payload["elements"].as_array();
            elements.is_some_and(|all| (1..=10).contains(&all.len()) && all.iter().all(is_element))
        }
        Some("image" | "video" | "audio" | "file") => {
            let is_url = payload["url"].as_str().is_some_and(|url| url.starts_with("https://"));
            is_url != (payload["attachment_id"] == "1857777774821032")
        }
        _ => false,
    };
    is_taken.then_some(()).ok_or((400, 100, 2_018_047))
}

fn are_buttons(buttons: &Value) -> bool {
    let is_button = |it: &Value| {
        let does = match it["type"].as_str() {
            Some("postback") => fits(&it["payload"], 1000),
            Some("web_url") => it["url"].as_str().is_some_and(|url| url.starts_with("https://")),
            _ => false,
        };
        does && fits(&it["title"], 20)
    };
    let buttons = buttons.as_array();
    buttons.is_some_and(|all| (1..=3).contains(&all.len()) && all.iter().all(is_button))
}

fn fits(text: &Value, length: usize) -> bool {
    text.as_str().is_some_and(|text| (1..=length).contains(&text.encode_utf16().count()))
}

pub fn action_taken(platform: Platform, action: &Value, body: &Value) -> Result<(), Refusal> {
    let has_type = !body["messaging_type"].is_null();
    let payload = &body["payload"];
    let is_taken = match action.as_str() {
        Some("typing_on" | "typing_off" | "mark_seen") => payload.is_null(),
        Some("react") => {
            let is_known = match platform {
                Platform::Messenger => fits(&payload["reaction"], 20),
                Platform::Instagram => payload["reaction"] == "love",
            };
            is_known && fits(&payload["message_id"], 200)
        }
        Some("unreact") => fits(&payload["message_id"], 200) && payload["reaction"].is_null(),
        _ => false,
    };
    (is_taken && !has_type).then_some(()).ok_or((400, 100, 0))
}

pub fn uploaded(platform: Platform, call: &Call) -> Result<Value, Refusal> {
    let attachment = &call.body["message"]["attachment"];
    let kind = attachment["type"].as_str().unwrap_or_default();
    let is_of_kind = call.file.as_ref().is_some_and(|(_, mime_type, _)| {
        kind == "file" || mime_type.split('/').next() == Some(kind)
    });
    let is_there = is_of_kind != attachment["payload"]["url"].is_string();
    let is_known = ["image", "video", "audio", "file"].contains(&kind);
    let is_instagrams = call.body["platform"] == "instagram";
    if !is_there || !is_known || is_instagrams != (platform == Platform::Instagram) {
        return Err((400, 100, 2_018_047));
    }
    Ok(json!({ "attachment_id": "1857777774821032" }))
}
