//! What the errors of the Graph API mean for a reply.
//!
//! Sources: <https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes>,
//! <https://developers.facebook.com/docs/graph-api/guides/error-handling>,
//! <https://developers.facebook.com/docs/graph-api/overview/rate-limiting>.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::chat::SendError;
use crate::ground::http::{Answer, Outage};

/// How long to wait where Meta does not say for how long.
const DEFAULT_PAUSE: Duration = Duration::from_secs(1);
/// Says in how many minutes calls will be taken again (“Business Use Case Rate Limits”).
const USAGE: &str = "x-business-use-case-usage";

#[derive(Deserialize)]
struct Refusal {
    error: GraphError,
}

/// Its texts are left out: they may repeat what was sent.
#[derive(Deserialize)]
struct GraphError {
    code: i64,
    #[serde(default)]
    error_subcode: i64,
    #[serde(default)]
    is_transient: bool,
}

/// What an answer means that is not a success.
pub(super) fn send_error(answer: &Answer) -> SendError {
    let Ok(Refusal { error }) = serde_json::from_slice(&answer.body) else {
        return SendError::Failed(Outage::Status(answer.status.as_u16()).into());
    };
    let reason = match error.error_subcode {
        0 => format!("error {}", error.code),
        subcode => format!("error {}, subcode {subcode}", error.code),
    };
    match (error.code, error.error_subcode) {
        // Too many calls: of the app, the user, the page, this API; 8000x by kind of business.
        (4 | 17 | 32 | 613 | 80_001 | 80_002 | 80_006, _) => SendError::rate_limited(pause(answer)),
        // Blocked the page, or is not there any more; nobody of that id; receives nothing.
        (551, _) | (200, 1_545_041) | (10, 2_018_108) | (100, 2_018_001 | 2_534_014) => {
            SendError::Unreachable { reason }
        }
        (10, 2_018_278 | 2_018_065 | 2_534_022) => {
            SendError::Refused { reason: format!("{reason}: outside of the 24 hours to answer in") }
        }
        // Meta does not let the page send for a while: changelog of June 25, 2026
        // (<https://developers.facebook.com/documentation/business-messaging/messenger-platform/changelog/>).
        (10, 1_893_063) => {
            SendError::Unavailable { reason: format!("{reason}: the page is restricted") }
        }
        (190 | 102, _) => SendError::Unavailable { reason: format!("{reason}: the access token") },
        // “Wait and retry”; 1200 is the older code for that.
        (1 | 2 | 1200, _) => SendError::Failed(reason.into()),
        _ if error.is_transient => SendError::Failed(reason.into()),
        _ => SendError::Refused { reason },
    }
}

fn pause(answer: &Answer) -> Duration {
    let usage = answer.headers.get(USAGE).and_then(|value| value.to_str().ok());
    let usage: Option<Value> = usage.and_then(|usage| serde_json::from_str(usage).ok());
    let minutes = usage.as_ref().and_then(Value::as_object).into_iter().flatten();
    let minutes = minutes.filter_map(|(_, uses)| uses.as_array()).flatten();
    let minutes = minutes.filter_map(|it| it.get("estimated_time_to_regain_access")?.as_u64());
    let longest = minutes.max().filter(|minutes| *minutes > 0);
    longest.map_or(DEFAULT_PAUSE, |minutes| Duration::from_secs(minutes.saturating_mul(60)))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, StatusCode};
    use serde_json::json;

    use super::*;

    fn error_of(body: &Value, usage: Option<&'static str>) -> SendError {
        let mut headers = HeaderMap::new();
        if let Some(usage) = usage {
            headers.insert(USAGE, http::HeaderValue::from_static(usage));
        }
        let body = body.to_string().into_bytes();
        send_error(&Answer { status: StatusCode::BAD_REQUEST, headers, body })
    }

    #[test]
    fn codes_and_subcodes_say_what_helps() {
        for (code, subcode, transient, expected) in [
            (4, 0, true, "wait"),
            (17, 0, false, "wait"),
            (32, 0, false, "wait"),
            (613, 2_534_040, false, "wait"),
            (80_001, 0, false, "wait"),
            (80_002, 0, false, "wait"),
            (80_006, 0, false, "wait"),
            (551, 0, false, "gone"),
            (551, 1_545_041, false, "gone"),
            (200, 1_545_041, false, "gone"),
            (10, 2_018_108, false, "gone"),
            (100, 2_018_001, false, "gone"),
            (100, 2_534_014, false, "gone"),
            (10, 2_018_278, false, "refused"),
            (10, 2_534_022, false, "refused"),
            (10, 0, false, "refused"),
            (100, 0, false, "refused"),
            (100, 2_018_109, false, "refused"),
            (190, 463, false, "unavailable"),
            (102, 0, false, "unavailable"),
            (10, 1_893_063, false, "unavailable"),
            (200, 0, false, "refused"),
            (200, 2_018_028, false, "refused"),
            (368, 0, false, "refused"),
            (1, 99, false, "again"),
            (2, 0, false, "again"),
            (1200, 0, false, "again"),
            (368, 0, true, "again"),
        ] {
            let body = json!({"error": {
                "message": "what was sent", "type": "OAuthException", "code": code,
                "error_subcode": subcode, "is_transient": transient, "fbtrace_id": "BLBz/WZt8dN",
            }});
            let error = error_of(&body, None);
            let found = match &error {
                SendError::RateLimited { .. } => "wait",
                SendError::Unreachable { .. } => "gone",
                SendError::Refused { .. } => "refused",
                SendError::Failed(_) => "again",
                SendError::Unavailable { .. } => "unavailable",
                SendError::Unsupported(_) => "unsupported",
            };
            assert_eq!(found, expected, "{code}, {subcode}: {error}");
            assert!(!format!("{error:?}").contains("what was sent"), "{error:?}");
        }
        assert!(matches!(error_of(&json!("hm"), None), SendError::Failed(_)));
    }

    #[test]
    fn the_longest_pause_that_is_asked_for_counts() {
        let asked = r#"{"104": [{"estimated_time_to_regain_access": 3}, {"estimated_time_to_regain_access": 19}], "105": []}"#;
        for (usage, expected) in [
            (Some(asked), 19 * 60),
            (Some(r#"{"104": [{"estimated_time_to_regain_access": 0}]}"#), 1),
            (Some(r#"{"1": [{"estimated_time_to_regain_access": 1000000}]}"#), 24 * 3600),
            (Some("hm"), 1),
            (None, 1),
        ] {
            let error = error_of(&json!({"error": {"code": 4}}), usage);
            let SendError::RateLimited { retry_after } = error else { panic!("{error}") };
            assert_eq!(retry_after.as_secs(), expected, "{usage:?}");
        }
    }
}
