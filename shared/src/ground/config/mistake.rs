//! Why a part of the tree is not the type that was expected, in the words of whoever writes the
//! file.
//!
//! serde's own errors quote what they found. A secret that stands in the wrong place would so get
//! into the log; this error names what was expected and the kind of what is there, never its text.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub(super) enum Mistake {
    /// A field that the type does not have. Names of fields are shown: they are no values.
    #[error("unknown field `{name}`, {}", OneOf(known))]
    UnknownField { name: String, known: Vec<&'static str> },
    /// Anything else, in words that show no value.
    #[error("{0}")]
    Other(String),
}

impl Mistake {
    /// The mistake with `fields` among those that are known.
    pub fn knowing(mut self, fields: &[&'static str]) -> Self {
        if let Self::UnknownField { known, .. } = &mut self {
            known.extend(fields);
        }
        self
    }
}

impl Error for Mistake {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Other(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Other(format!("expected {}, found {}", plain(expected), kind(&found)))
    }

    /// The kind is right, so that naming it would not help.
    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Other(format!("expected {}", plain(expected)))
    }

    fn invalid_length(found: usize, expected: &dyn Expected) -> Self {
        Self::Other(format!("expected {}, found {found}", plain(expected)))
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Self::Other(OneOf(known).to_string())
    }

    fn unknown_field(name: &str, known: &'static [&'static str]) -> Self {
        Self::UnknownField { name: name.to_owned(), known: known.to_vec() }
    }
}

/// “expected `a`”, “expected `a` or `b`”, “expected one of `a`, `b`, `c`”.
pub(super) struct OneOf<'a>(pub &'a [&'static str]);

impl fmt::Display for OneOf<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => f.write_str("there are no fields"),
            [one] => write!(f, "expected `{one}`"),
            [one, other] => write!(f, "expected `{one}` or `{other}`"),
            all => write!(f, "expected one of `{}`", all.join("`, `")),
        }
    }
}

/// The kind of a value.
const fn kind(found: &Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "`true` or `false`",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Char(_) | Unexpected::Str(_) => "a text",
        Unexpected::Unit | Unexpected::Option => "nothing",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a mapping",
        _ => "something else",
    }
}

/// What a type expects, without Rust's names.
fn plain(expected: &dyn Expected) -> String {
    let expected = expected.to_string();
    let whole_number = "a whole number";
    match expected.as_str() {
        "a boolean" => "`true` or `false`".to_owned(),
        "a string" | "a borrowed string" => "a text".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "a mapping".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "u8" => format!("{whole_number} from 0 to {}", u8::MAX),
        "u16" => format!("{whole_number} from 0 to {}", u16::MAX),
        "u32" => format!("{whole_number} from 0 to {}", u32::MAX),
        "u64" | "usize" => format!("{whole_number} from 0"),
        "a nonzero u16" => format!("{whole_number} from 1 to {}", u16::MAX),
        "a nonzero u32" => format!("{whole_number} from 1 to {}", u32::MAX),
        "a nonzero u64" | "a nonzero usize" => format!("{whole_number} from 1"),
        "i8" | "i16" | "i32" | "i64" | "isize" => whole_number.to_owned(),
        it if it.starts_with("struct ") || it.contains("enum ") => "a mapping".to_owned(),
        _ => expected,
    }
}
