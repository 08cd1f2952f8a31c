//! What the function is invoked with.

use serde::Deserialize;
use serde_json::Value;

use crate::contacts::import::job::JobId;
use crate::contacts::import::{ImportRequest, Slice};

/// An invocation.
#[derive(Debug, PartialEq)]
pub(super) enum Event {
    /// Messages of the queue, each with its id; none in those that are no slices.
    Messages(Vec<(String, Option<Slice>)>),
    /// Somebody starts an import.
    Start(Box<ImportRequest>),
    /// Somebody goes on with an import that is not finished, where there is no queue.
    GoOn(JobId),
}

/// The invocation is none of these.
#[derive(Debug, thiserror::Error)]
#[error(
    "{place}: {expected}; expected an import, such as {{\"integration\": \"…\"}}, or \
     {{\"import\": \"…\"}} to go on with one, or messages of an SQS queue"
)]
pub struct InvalidEvent {
    place: String,
    expected: String,
}

/// What Lambda sends of an SQS message
/// (<https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    message_id: String,
    body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GoOn {
    import: JobId,
}

impl Event {
    pub fn read(event: Value) -> Result<Self, InvalidEvent> {
        if event.get("Records").is_some() {
            let records: Vec<Record> = read(event["Records"].clone())?;
            let messages = records.into_iter().map(|record| {
                let slice = serde_json::from_str(&record.body).ok();
                (record.message_id, slice)
            });
            return Ok(Self::Messages(messages.collect()));
        }
        if event.get("import").is_some() {
            let GoOn { import } = read(event)?;
            return Ok(Self::GoOn(import));
        }
        Ok(Self::Start(Box::new(read(event)?)))
    }
}

fn read<T: serde::de::DeserializeOwned>(value: Value) -> Result<T, InvalidEvent> {
    serde_path_to_error::deserialize(value).map_err(|error| InvalidEvent {
        place: match error.path().to_string() {
            path if path == "." => "event".to_owned(),
            path => path,
        },
        expected: error.inner().to_string(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_requests_and_imports_are_told_apart() {
        let slice = json!({"import": "one.018bcfe568000000000", "part": 3, "slice": 1});
        let record = |id: &str, body: &Value| json!({"messageId": id, "body": body.to_string()});
        let event = json!({"Records": [record("a", &slice), record("b", &json!({"part": 1}))]});
        let Ok(Event::Messages(messages)) = Event::read(event) else { panic!("no messages") };
        assert_eq!(messages[0].0, "a");
        assert_eq!(messages[0].1.as_ref().map(|slice| (slice.part, slice.slice)), Some((3, 1)));
        assert_eq!(messages[1], ("b".to_owned(), None));
        let started = Event::read(json!({"integration": "one", "mode": "missing"}));
        assert!(matches!(started, Ok(Event::Start(_))), "{started:?}");
        let going_on = Event::read(json!({"import": "one.018bcfe568000000000"}));
        assert!(matches!(going_on, Ok(Event::GoOn(_))), "{going_on:?}");
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        for (event, expected) in [
            (json!({"integration": "one", "page_size": 0}), "page_size: expected a page size"),
            (json!({"integration": "one", "mod": "full"}), "unknown field `mod`"),
            (json!({}), "missing field `integration`"),
            (json!("import"), "event: "),
        ] {
            let error = Event::read(event).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
