//! A contact as both sides see it: named values, and the ids that say whose they are.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// A contact's fields by name, values as in JSON.
pub type Fields = Map<String, Value>;

/// Why an id is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a non-empty text of at most {MAX_ID_BYTES} bytes, or an integer")]
pub struct InvalidId;

/// Longer ids would not fit into DynamoDB's sort key of 1,024 bytes with what stands before them.
const MAX_ID_BYTES: usize = 900;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id `text`.
            pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
                let text = text.into();
                let fits = !text.is_empty() && text.len() <= MAX_ID_BYTES;
                if fits { Ok(Self(text)) } else { Err(InvalidId) }
            }

            /// The id in a JSON value: a text, or an integer as its digits.
            pub fn from_value(value: &Value) -> Result<Self, InvalidId> {
                match value {
                    Value::String(text) => Self::new(text.as_str()),
                    Value::Number(number) if !number.is_f64() => Self::new(number.to_string()),
                    _ => Err(InvalidId),
                }
            }

            /// The id as a text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = Value::deserialize(deserializer)?;
                Self::from_value(&value).map_err(serde::de::Error::custom)
            }
        }
    };
}

id! {
    /// A contact's id on Botmatic: opaque, a number or a text on the wire.
    BotmaticId
}
id! {
    /// A contact's id on the external service: opaque, a number or a text on the wire.
    ExternalId
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
