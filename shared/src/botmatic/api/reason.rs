//! Botmatic's own words for why it refuses something.

use std::fmt;

use serde_json::Value;

/// Longer words are cut here.
const MAX_CHARS: usize = 200;

/// Why Botmatic refuses something, in its own words, for the one who asked. They may quote the
/// contact, so they are in no error's text and in no `Debug`: nothing of them reaches a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// The `error` or `message` of an answer, if it has one that is a text.
    pub(super) fn of(answer: &Value) -> Option<Self> {
        let mut words = ["error", "message"].into_iter().filter_map(|name| answer[name].as_str());
        words
            .find(|words| !words.is_empty())
            .map(|text| Self(text.chars().take(MAX_CHARS).collect()))
    }

    /// The words, for an answer to the one who asked; not for a log.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_short_and_for_the_one_who_asked_alone() {
        let long = "é".repeat(MAX_CHARS + 1);
        for (answer, expected) in [
            (json!({"error": "no such field"}), Some("no such field")),
            (json!({"message": "no such field"}), Some("no such field")),
            (json!({"error": "", "message": "both"}), Some("both")),
            (json!({"error": &long}), Some(&long[2..])),
            (json!({"error": {"email": "taken"}}), None),
            (json!("error"), None),
            (json!(null), None),
        ] {
            let reason = Reason::of(&answer);
            assert_eq!(reason.as_ref().map(Reason::expose), expected, "{answer}");
            let shown = format!("{reason:?}");
            assert!(expected.is_none_or(|words| !shown.contains(words)), "{shown}");
        }
    }
}
