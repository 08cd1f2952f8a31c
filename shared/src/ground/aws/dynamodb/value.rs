//! Attribute values, as DynamoDB writes them: `{"S": "text"}`.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// An item, or its key: attributes by name.
pub type Item = HashMap<String, AttributeValue>;

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum AttributeValue {
    /// A text.
    S(String),
    /// A number, in decimal digits.
    N(String),
    /// A truth value.
    #[serde(rename = "BOOL")]
    Bool(bool),
    /// Nothing, said explicitly.
    #[serde(rename = "NULL")]
    Null(bool),
    /// A list.
    L(Vec<AttributeValue>),
    /// A map.
    M(Item),
}

/// A text as an attribute value.
pub fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// A number as an attribute value.
pub fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

impl AttributeValue {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::S(text) => Some(text),
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn into_text(self) -> Option<String> {
        match self {
            Self::S(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is a whole one that is not negative.
    pub fn as_number(&self) -> Option<u64> {
        match self {
            Self::N(digits) => digits.parse().ok(),
            _ => None,
        }
    }
}
