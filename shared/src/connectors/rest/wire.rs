//! The request: `{"sender", "message", "input_channel", "metadata", "message_id"}`.

use serde_json::{Map, Value};

use crate::chat::{RequestError, WebhookRequest};

/// Whom Rasa takes for the sender where none is named.
const DEFAULT_SENDER: &str = "default";

/// What a message without a text is answered.
const NO_TEXT: &str = r#"message: expected a text, such as "hello""#;

/// A message as the caller sent it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RestMessage {
    pub sender: String,
    pub text: String,
    pub message_id: Option<String>,
}

/// The body as JSON, and the message in it. Unknown fields are ignored, as Rasa does.
pub(super) fn parse(body: &[u8]) -> Result<(Value, RestMessage), RequestError> {
    if body.is_empty() {
        return Err(RequestError::malformed(
            r#"expected a JSON body such as {"sender": "user1", "message": "hello"}"#,
        ));
    }
    let raw: Value = serde_json::from_slice(body).map_err(|error| {
        let place = (error.line(), error.column());
        RequestError::malformed(format!("expected JSON (line {}, column {})", place.0, place.1))
    })?;
    let Value::Object(fields) = &raw else {
        return Err(RequestError::malformed("expected a JSON object"));
    };
    let text = match fields.get("message") {
        Some(Value::String(text)) => text.trim().to_owned(),
        _ => return Err(RequestError::malformed(NO_TEXT)),
    };
    let message = RestMessage {
        sender: id("sender", fields.get("sender"))?.unwrap_or_else(|| DEFAULT_SENDER.to_owned()),
        text,
        message_id: id("message_id", fields.get("message_id"))?.filter(|id| !id.is_empty()),
    };
    id("input_channel", fields.get("input_channel"))?;
    Ok((raw, message))
}

/// What the caller calls the way a message came that was read before.
pub(super) fn input_channel(raw: &Value) -> Option<String> {
    id("input_channel", raw.get("input_channel")).ok()?.filter(|name| !name.is_empty())
}

/// The value of the field `name`, which holds an id: a text, or a number that becomes one.
pub(in crate::connectors) fn id(
    name: &str,
    value: Option<&Value>,
) -> Result<Option<String>, RequestError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) => Err(RequestError::malformed(format!("{name}: expected a text or a number"))),
    }
}

/// The field `metadata`.
pub(super) fn metadata(
    _: &WebhookRequest,
    body: &Value,
) -> Result<Map<String, Value>, RequestError> {
    match body.get("metadata") {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(metadata)) => Ok(metadata.clone()),
        Some(_) => Err(RequestError::malformed("metadata: expected an object")),
    }
}

/// Whether the query has `stream=true`, in any case.
pub(super) fn asks_for_stream(query: &str) -> bool {
    query.split('&').any(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        name == "stream" && value.eq_ignore_ascii_case("true")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_read_as_rasa_reads_them() {
        let message = |sender: &str, text: &str| RestMessage {
            sender: sender.to_owned(),
            text: text.to_owned(),
            message_id: None,
        };
        let named = RestMessage { message_id: Some("7".to_owned()), ..message("u", "m") };
        let cases = [
            (r#"{"sender": "user1", "message": "hello"}"#, message("user1", "hello")),
            (r#"{"message": "hello"}"#, message("default", "hello")),
            (r#"{"sender": null, "message": "hello"}"#, message("default", "hello")),
            (r#"{"sender": 42, "message": "  hi \n"}"#, message("42", "hi")),
            (r#"{"sender": "", "message": ""}"#, message("", "")),
            (r#"{"sender": "u", "message": "m", "input_channel": ""}"#, message("u", "m")),
            (r#"{"sender": "u", "message": "m", "message_id": ""}"#, message("u", "m")),
            (r#"{"sender":"u","message":"m","message_id":7,"input_channel":"web"}"#, named),
        ];
        for (body, expected) in cases {
            assert_eq!(parse(body.as_bytes()).unwrap().1, expected, "{body}");
        }
    }

    #[test]
    fn the_way_it_came_is_a_text_or_a_number() {
        let read = |raw: &str| input_channel(&parse(raw.as_bytes()).unwrap().0);
        for (raw, expected) in [
            (r#"{"message": "m", "input_channel": "web"}"#, Some("web")),
            (r#"{"message": "m", "input_channel": 3}"#, Some("3")),
            (r#"{"message": "m", "input_channel": ""}"#, None),
            (r#"{"message": "m"}"#, None),
        ] {
            assert_eq!(read(raw).as_deref(), expected, "{raw}");
        }
    }

    #[test]
    fn wrong_requests_are_told_what_was_expected() {
        let cases = [
            ("", "JSON body"),
            ("hello", "expected JSON (line 1, column 1)"),
            ("[]", "a JSON object"),
            ("{}", NO_TEXT),
            (r#"{"message": 3}"#, NO_TEXT),
            (r#"{"message": null}"#, NO_TEXT),
            (r#"{"message": "m", "sender": ["a"]}"#, "sender: expected a text or a number"),
            (r#"{"message": "m", "sender": true}"#, "sender: expected a text or a number"),
            (r#"{"message": "m", "message_id": {}}"#, "message_id: expected a text or a number"),
            (r#"{"message": "m", "input_channel": []}"#, "input_channel: expected a text or"),
        ];
        for (body, expected) in cases {
            let error = parse(body.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{body}: {error}");
        }
        assert!(parse(b"{\"message\": \"\xff\"}").is_err(), "not UTF-8");
    }

    #[test]
    fn metadata_is_an_object_or_nothing() {
        let read = |body: Value| metadata(&WebhookRequest::default(), &body);
        assert_eq!(read(serde_json::json!({})).unwrap(), Map::new());
        assert_eq!(read(serde_json::json!({ "metadata": { "a": 1 } })).unwrap()["a"], 1);
        let error = read(serde_json::json!({ "metadata": "x" })).unwrap_err().to_string();
        assert_eq!(error, "metadata: expected an object");
    }

    #[test]
    fn true_asks_for_a_stream_in_any_case() {
        for (query, expected) in [
            ("stream=true", true),
            ("stream=TRUE", true),
            ("a=b&stream=True", true),
            ("stream=1", false),
            ("stream", false),
            ("upstream=true", false),
            ("", false),
        ] {
            assert_eq!(asks_for_stream(query), expected, "{query}");
        }
    }
}
