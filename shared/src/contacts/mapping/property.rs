//! Properties that have to exist on Botmatic.

use serde::Serialize;

use super::types::Type;

/// A property, as `POST /api/properties` takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub r#type: PropertyType,
}

/// The types that properties have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PropertyType {
    /// Everything else.
    #[default]
    Text,
    /// A day.
    Date,
    /// A number.
    Number,
}

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
