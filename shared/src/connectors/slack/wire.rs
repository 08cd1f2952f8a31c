//! What Slack posts: JSON for the Events API, forms for interactions and slash commands.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::chat::RequestError;
use crate::ground::clock::Timestamp;

/// A request, by what it is about.
#[derive(Debug, PartialEq)]
pub(super) enum Incoming {
    /// Slack makes sure that the URL is ours, and wants to read this
    /// (<https://docs.slack.dev/reference/events/url_verification>).
    Challenge(String),
    /// Something happened that the app has subscribed to.
    Callback(Value),
    /// Somebody used a button, a shortcut or a modal.
    Interaction(Value),
    /// Somebody used a slash command. Its fields are those of the form.
    Command(Value),
    /// Slack looks at the URL's certificate.
    Ping,
    /// Slack no longer sends all events, because there are too many.
    RateLimited,
    /// Anything else.
    Unknown,
}

/// Reads a body. Whether it is JSON is seen from the body itself: the signature does not cover the
/// content type.
pub(super) fn read(body: &[u8]) -> Result<Incoming, RequestError> {
    if body.trim_ascii_start().starts_with(b"{") {
        return envelope(json(body, "the body")?);
    }
    let expected = "expected an event, or the form of an interaction or a slash command";
    let fields = form(body).ok_or_else(|| RequestError::malformed(expected))?;
    if fields.contains_key("ssl_check") {
        return Ok(Incoming::Ping);
    }
    if let Some(Value::String(payload)) = fields.get("payload") {
        return Ok(Incoming::Interaction(without_token(json(payload.as_bytes(), "payload")?)));
    }
    if fields.contains_key("command") {
        return Ok(Incoming::Command(without_token(Value::Object(fields))));
    }
    Err(RequestError::malformed(expected))
}

/// The wrapper of an event (<https://docs.slack.dev/apis/events-api/>).
fn envelope(raw: Value) -> Result<Incoming, RequestError> {
    match text_at(&raw, "/type") {
        Some("url_verification") => {
            let expected = || RequestError::malformed("expected `challenge`");
            Ok(Incoming::Challenge(text_at(&raw, "/challenge").ok_or_else(expected)?.to_owned()))
        }
        Some("event_callback") => Ok(Incoming::Callback(without_token(raw))),
        Some("app_rate_limited") => Ok(Incoming::RateLimited),
        Some(_) => Ok(Incoming::Unknown),
        None => Err(RequestError::malformed("expected an event with a `type`")),
    }
}

fn json(text: &[u8], what: &str) -> Result<Value, RequestError> {
    serde_json::from_slice(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        RequestError::malformed(format!("{what}: expected JSON (line {line}, column {column})"))
    })
}

/// Without the verification token, which signatures have replaced: a bot has no use for it, and it
/// must not wait in a queue.
fn without_token(mut raw: Value) -> Value {
    if let Some(fields) = raw.as_object_mut() {
        fields.remove("token");
    }
    raw
}

/// The fields of a form (<https://url.spec.whatwg.org/#application/x-www-form-urlencoded>).
fn form(body: &[u8]) -> Option<Map<String, Value>> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8().ok().map(String::from)
    };
    let fields = std::str::from_utf8(body).ok()?.split('&').map(|field| {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        Some((decoded(name)?, Value::String(decoded(value)?)))
    });
    fields.collect()
}

/// The text at `pointer`, if there is one that is not empty.
pub(super) fn text_at<'a>(raw: &'a Value, pointer: &str) -> Option<&'a str> {
    raw.pointer(pointer)?.as_str().filter(|text| !text.is_empty())
}

/// The first text there is at these pointers.
pub(super) fn first_text_at<'a>(raw: &'a Value, pointers: &[&str]) -> Option<&'a str> {
    pointers.iter().find_map(|pointer| text_at(raw, pointer))
}

/// The workspace; the organisation where the app is installed for the whole of it.
pub(super) fn team(raw: &Value) -> &str {
    let places = [
        "/team_id",
        "/view/app_installed_team_id",
        "/team/id",
        "/user/team_id",
        "/enterprise_id",
        "/enterprise/id",
    ];
    first_text_at(raw, &places).unwrap_or_default()
}

/// When Slack says something happened: seconds and a fraction, `1355517523.000005`.
pub(super) fn time(ts: &str) -> Option<Timestamp> {
    let (seconds, fraction) = ts.split_once('.')?;
    let millis: u64 = fraction.get(..3)?.parse().ok()?;
    let seconds: u64 = seconds.parse().ok()?;
    Some(Timestamp::from_millis(seconds.checked_mul(1000)?.checked_add(millis)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_are_told_apart_by_their_bodies() {
        for (body, expected) in [
            (
                r#"{"type": "url_verification", "token": "t", "challenge": "3eZb"}"#,
                Incoming::Challenge("3eZb".to_owned()),
            ),
            (
                r#" {"type": "event_callback", "token": "t", "event": {}}"#,
                Incoming::Callback(json!({"type": "event_callback", "event": {}})),
            ),
            (
                "payload=%7B%22token%22%3A%22t%22%2C%22type%22%3A%22a+%2Bb%22%7D",
                Incoming::Interaction(json!({"type": "a +b"})),
            ),
            (
                "token=t&command=%2Fweather&text=a+b%26c&empty",
                Incoming::Command(json!({"command": "/weather", "text": "a b&c", "empty": ""})),
            ),
            ("ssl_check=1&token=t&command=%2Fx", Incoming::Ping),
            (r#"{"type": "app_rate_limited"}"#, Incoming::RateLimited),
            (r#"{"type": "of_a_later_version"}"#, Incoming::Unknown),
        ] {
            assert_eq!(read(body.as_bytes()).unwrap(), expected, "{body}");
        }
    }

    #[test]
    fn what_slack_does_not_send_is_told_what_was_expected() {
        for (body, expected) in [
            ("", "expected an event, or the form"),
            ("hello", "expected an event, or the form"),
            ("{", "the body: expected JSON (line 1, column 1)"),
            ("{}", "expected an event with a `type`"),
            (r#"{"type": 3}"#, "expected an event with a `type`"),
            (r#"{"type": "url_verification"}"#, "expected `challenge`"),
            ("payload=secret", "payload: expected JSON (line 1, column 1)"),
            ("text=%ff&command=x", "expected an event, or the form"),
        ] {
            let error = read(body.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(expected), "{body}: {error}");
        }
        assert!(read(b"command=\xff").is_err(), "not UTF-8");
    }

    #[test]
    fn the_workspace_is_where_the_kind_has_it_or_the_organisation() {
        for (raw, expected) in [
            (json!({"team_id": "T1", "enterprise_id": "E1"}), "T1"),
            (json!({"team": {"id": "T1"}, "user": {"team_id": "T2"}}), "T1"),
            (json!({"team": null, "view": {"app_installed_team_id": "T3"}}), "T3"),
            (json!({"team": null, "user": {"team_id": "T2"}, "enterprise": {"id": "E1"}}), "T2"),
            (json!({"team_id": "", "enterprise_id": "E1"}), "E1"),
            (json!({"team": null, "enterprise": {"id": "E1"}}), "E1"),
            (json!({}), ""),
        ] {
            assert_eq!(team(&raw), expected, "{raw}");
        }
    }

    #[test]
    fn times_have_a_fraction() {
        for (ts, expected) in [
            ("1355517523.000005", Some(1_355_517_523_000)),
            ("1360782804.083113", Some(1_360_782_804_083)),
            ("1515449522000016", None),
            ("99999999999999999999.000", None),
            ("1.é", None),
            ("", None),
        ] {
            assert_eq!(time(ts).map(Timestamp::as_millis), expected, "{ts}");
        }
    }
}
