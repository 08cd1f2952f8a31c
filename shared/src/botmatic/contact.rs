//! A contact as both sides see it: named values, and an id that says whose they are.

use serde_json::{Map, Value};

/// A contact's fields by name, values as in JSON.
pub type Fields = Map<String, Value>;

/// Why an id is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a non-empty text of at most {MAX_ID_BYTES} bytes, or an integer")]
pub struct InvalidId;

/// Longer ids would not fit into DynamoDB's sort key of 1,024 bytes with what stands before them.
const MAX_ID_BYTES: usize = 900;

/// `text`, if it may be an id.
pub(crate) fn check_id(text: String) -> Result<String, InvalidId> {
    let fits = !text.is_empty() && text.len() <= MAX_ID_BYTES;
    if fits { Ok(text) } else { Err(InvalidId) }
}

/// An opaque id: a type of its own for each side, so that no id is taken for one of the other.
macro_rules! opaque_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id `text`.
            pub fn new(text: impl Into<String>) -> Result<Self, $crate::botmatic::InvalidId> {
                $crate::botmatic::contact::check_id(text.into()).map(Self)
            }

            /// The id in a JSON value: a text, or an integer as its digits.
            pub fn from_value(
                value: &serde_json::Value,
            ) -> Result<Self, $crate::botmatic::InvalidId> {
                match value {
                    serde_json::Value::String(text) => Self::new(text.as_str()),
                    serde_json::Value::Number(number) if !number.is_f64() => {
                        Self::new(number.to_string())
                    }
                    _ => Err($crate::botmatic::InvalidId),
                }
            }

            /// The id as a text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                Self::from_value(&value).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use opaque_id;

opaque_id! {
    /// A contact's id on Botmatic: opaque, a number or a text on the wire.
    BotmaticId
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_is_the_same_as_a_number_and_as_a_text() {
        let text = BotmaticId::new("122").unwrap();
        assert_eq!(BotmaticId::from_value(&json!(122)), Ok(text.clone()));
        assert_eq!(serde_json::from_value::<BotmaticId>(json!("122")).unwrap(), text);
        for wrong in [json!(""), json!(null), json!(1.5), json!([1]), json!("x".repeat(901))] {
            assert_eq!(BotmaticId::from_value(&wrong), Err(InvalidId), "{wrong}");
        }
    }
}
