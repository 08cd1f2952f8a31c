//! What a function is answered for with while it does not run.

use serde_json::{Value, json};

/// What every refusal says.
pub(in crate::run) const NOT_RUNNING: &str = "does not run";

/// The answer to one invocation.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// To a request over HTTP: a 503.
    Response(Value),
    /// To any other event: that the function failed.
    Error(Value),
}

/// Refuses an event of the function `name`, which has ended with these words.
pub(super) fn refuse(event: &[u8], name: &str, words: &str) -> Refusal {
    let detail = format!("the function {name} {NOT_RUNNING}: {words}");
    let event: Value = serde_json::from_slice(event).unwrap_or_default();
    if !event["requestContext"]["http"].is_object() {
        return Refusal::Error(json!({ "errorType": "NotRunning", "errorMessage": detail }));
    }
    let problem = json!({ "title": "Service Unavailable", "status": 503, "detail": detail });
    // cargo lambda wants the empty ones, too.
    Refusal::Response(json!({
        "statusCode": 503,
        "headers": { "content-type": "application/problem+json" },
        "multiValueHeaders": {},
        "cookies": [],
        "body": problem.to_string(),
        "isBase64Encoded": false,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime_api::url_event;

    #[test]
    fn a_request_gets_a_503_and_any_other_event_an_error() {
        let detail = "the function webhook does not run: bot: expected one";
        let request = url_event(&http::Request::new(bytes::Bytes::new())).to_string();
        let Refusal::Response(response) =
            refuse(request.as_bytes(), "webhook", "bot: expected one")
        else {
            panic!("{request}");
        };
        assert_eq!(response["statusCode"], 503);
        let problem: Value = serde_json::from_str(response["body"].as_str().unwrap()).unwrap();
        assert_eq!((&problem["status"], &problem["detail"]), (&json!(503), &json!(detail)));
        for event in [r#"{"Records": []}"#, "{}", "no JSON", r#"{"requestContext": {"elb": {}}}"#] {
            let error = json!({ "errorType": "NotRunning", "errorMessage": detail });
            let refused = refuse(event.as_bytes(), "webhook", "bot: expected one");
            assert_eq!(refused, Refusal::Error(error), "{event}");
        }
    }
}
