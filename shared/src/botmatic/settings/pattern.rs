//! The form that a text must have.

use std::sync::LazyLock;

use regex::Regex;

use crate::ground::config::{ConfigError, Place};

/// What the `pattern` of an `<input>` says exactly as the crate `regex` does. Browsers compile it as
/// a JavaScript expression with the flag `v` (<https://html.spec.whatwg.org/#the-pattern-attribute>),
/// where `\d` is ASCII alone, `\-` a mistake and `[a&&b]` something else. Without groups there is
/// no expression that takes a browser for ever, either.
const COMMON: &str = r"(?x) ^ (?:
    (?: [A-Za-z0-9_@:,\x20-] | \\[.+*?^$(){}\[\]|/] | \[ (?: [A-Za-z0-9]-[A-Za-z0-9] | [A-Za-z0-9_] )+ \] )
    (?: [+*?] | \{ [0-9]{1,3} (?: ,[0-9]{0,3} )? \} )?
)* $";

/// A regular expression for a whole value, and what to say of one that it does not match.
#[derive(Debug)]
pub(super) struct Pattern {
    regex: Regex,
    source: String,
    message: String,
}

impl Pattern {
    /// Understands `source`, which stands at `place`.
    pub(super) fn compile(
        source: String,
        message: Option<String>,
        place: &Place,
    ) -> Result<Self, ConfigError> {
        // On its own first: `a)|(?:b` is none, and would be one between the anchors.
        let regex = Regex::new(&source).and_then(|_| Regex::new(&format!("^(?:{source})$")));
        let regex = regex.map_err(|error| {
            // The lines before the last one show the expression.
            let error = error.to_string();
            let wrong = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
            place.expected(format!("a regular expression (https://docs.rs/regex/#syntax): {wrong}"))
        })?;
        let message = message.unwrap_or_else(|| "Not in the expected form".to_owned());
        Ok(Self { regex, source, message })
    }

    /// Refuses a value that is not as expected.
    pub(super) fn check(&self, value: &str) -> Result<(), String> {
        if self.regex.is_match(value) { Ok(()) } else { Err(self.message.clone()) }
    }

    /// The same expression for browsers, if it means the same there.
    pub(super) fn in_html(&self) -> Option<&str> {
        static IN_COMMON: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(COMMON).ok());
        let in_common = IN_COMMON.as_ref().is_some_and(|common| common.is_match(&self.source));
        in_common.then_some(self.source.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(source: &str) -> Result<Pattern, ConfigError> {
        Pattern::compile(source.to_owned(), None, &Place::root().key("pattern"))
    }

    #[test]
    fn the_whole_value_has_to_match() {
        for (source, value, expected) in [
            ("[a-z]+", "abc", true),
            ("[a-z]+", "abc1", false),
            ("[a-z]+", "1abc", false),
            ("[a-z]+", "abc\n", false),
            ("(?m)[a-z]+", "abc\ndef", false),
            ("a|b", "ab", false),
            ("a|b", "b", true),
            (r"\d{2}", "٣٤", true),
        ] {
            assert_eq!(pattern(source).unwrap().check(value).is_ok(), expected, "{source} {value}");
        }
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        for source in ["[", "a)|(?:b", "(?x) a # b", "a{5000000}"] {
            let error = pattern(source).unwrap_err().to_string();
            assert!(error.starts_with("pattern: expected a regular expression"), "{error}");
        }
    }

    #[test]
    fn browsers_get_what_means_the_same_to_them() {
        for (source, expected) in [
            ("", true),
            ("[a-z0-9]{32}", true),
            ("[A-Za-z_]+", true),
            (r"key-[0-9a-f]{8,}", true),
            (r"https:\/\/[a-z0-9]+\.example\.com", true),
            ("[a-z]{2,3}?", false), // lazy
            (r"\d+", false),
            (r"a\-b", false),
            ("[a&&b]", false),
            ("[^a]", false),
            ("[a-]", false),
            (".+", false), // line separators
            ("(a+)+", false),
            ("a|b", false),
            ("(?i)abc", false),
            ("/", false),
            ("é", false),
        ] {
            assert_eq!(pattern(source).unwrap().in_html().is_some(), expected, "{source}");
        }
    }
}
