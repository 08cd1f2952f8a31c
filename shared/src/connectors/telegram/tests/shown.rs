//! A place to answer in, and calls as JSON.

use serde_json::{Value, json};

use crate::chat::{Button, Reply, Target};
use crate::connectors::telegram::calls::Call;
use crate::connectors::telegram::replies;

pub fn group() -> Target {
    Target { room: "-1001234".to_owned(), thread: Some("7".to_owned()) }
}

/// The calls as JSON: `[method, parameters without those of the place]`.
pub fn calls(reply: &Reply) -> Vec<Value> {
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

pub fn buttons() -> Vec<Button> {
    vec![Button::payload("Yes", "Y"), Button::url("Site", "https://e.com")]
}

pub fn keyboard() -> Value {
    json!({ "inline_keyboard": [
        [{ "text": "Yes", "callback_data": "Y" }], [{ "text": "Site", "url": "https://e.com" }],
    ] })
}
