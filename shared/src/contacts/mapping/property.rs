//! Which property a field becomes on Botmatic.

use super::types::Type;
use crate::botmatic::api::PropertyType;

impl From<Type> for PropertyType {
    /// A moment is a text: a date would lose its time.
    fn from(r#type: Type) -> Self {
        match r#type {
            Type::Number | Type::Integer => Self::Number,
            Type::Date => Self::Date,
            Type::Text | Type::Boolean | Type::Datetime | Type::Json | Type::List => Self::Text,
        }
    }
}
