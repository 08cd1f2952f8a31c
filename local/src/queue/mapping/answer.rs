//! What a function's answer says about its messages, if `ReportBatchItemFailures` is on
//! (<https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting>,
//! “Success and failure conditions”).

use std::collections::BTreeSet;

use serde_json::Value;

/// Which messages were not handled.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failures {
    /// These, perhaps none.
    Of(BTreeSet<String>),
    /// All of them: the answer is not one.
    All,
}

impl Failures {
    /// Everything was handled.
    pub const NONE: Self = Self::Of(BTreeSet::new());
}

/// Reads an answer about the messages `ids`.
///
/// AWS does not say what a JSON value is that is neither null nor an object. Here it is a failure,
/// so that nothing gets lost.
pub(super) fn failures(answer: &[u8], ids: &[&str]) -> Failures {
    if answer.is_empty() {
        return Failures::NONE;
    }
    let list = match serde_json::from_slice(answer) {
        Ok(Value::Null) => Value::Null,
        Ok(Value::Object(mut answer)) => answer.remove("batchItemFailures").unwrap_or_default(),
        _ => return Failures::All,
    };
    let list = match list {
        Value::Null => Vec::new(),
        Value::Array(list) => list,
        _ => return Failures::All,
    };
    // A key of another name, null, an empty text and an id that is none of these are the same.
    let id = |failure: &Value| {
        let id = failure.get("itemIdentifier")?.as_str()?;
        ids.contains(&id).then(|| id.to_owned())
    };
    let failed: Option<BTreeSet<String>> = list.iter().map(id).collect();
    failed.map_or(Failures::All, Failures::Of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_fails_what_it_names_and_everything_if_it_is_wrong() {
        let of = |ids: &[&str]| Failures::Of(ids.iter().map(|id| (*id).to_owned()).collect());
        for (answer, expected) in [
            ("", of(&[])),
            ("null", of(&[])),
            ("{}", of(&[])),
            (r#"{"statusCode": 200}"#, of(&[])),
            (r#"{"batchItemFailures": null}"#, of(&[])),
            (r#"{"batchItemFailures": []}"#, of(&[])),
            (r#"{"batchItemFailures": [{"itemIdentifier": "b"}]}"#, of(&["b"])),
            (
                r#"{"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "a"}]}"#,
                of(&["a", "b"]),
            ),
            (r#"{"batchItemFailures": [{"itemIdentifier": ""}]}"#, Failures::All),
            (r#"{"batchItemFailures": [{"itemIdentifier": null}]}"#, Failures::All),
            (r#"{"batchItemFailures": [{"itemidentifier": "b"}]}"#, Failures::All),
            (
                r#"{"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "c"}]}"#,
                Failures::All,
            ),
            (r#"{"batchItemFailures": {}}"#, Failures::All),
            ("{", Failures::All),
            (r#""ok""#, Failures::All),
        ] {
            assert_eq!(failures(answer.as_bytes(), &["a", "b"]), expected, "{answer}");
        }
    }
}
