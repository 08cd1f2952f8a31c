//! Which properties have to exist on Botmatic.

use super::types::Type;
use crate::botmatic::api::PropertyKind;

impl From<Type> for PropertyKind {
    /// A moment is a text: a date would lose its time.
    fn from(of: Type) -> Self {
        match of {
            Type::Number | Type::Integer => Self::Number,
            Type::Date => Self::Date,
            Type::Text | Type::Boolean | Type::Datetime | Type::Json | Type::List => Self::Text,
        }
    }
}
