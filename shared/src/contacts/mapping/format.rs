//! `format`: the notation in which a side writes a field, read and written.

use serde_json::Value;

use super::failure::Failure;
use super::moment::Moments;
use super::table::Table;
use super::types::{Type, json_text, scalar_text};
use crate::ground::config::{ConfigErrors, Place, Section};

const FORMATS: &str =
    "`json`, or one of `date`, `datetime`, `unix`, `list`, `values` with its parameter";

/// A notation, and the type of what it writes.
#[derive(Clone, Debug)]
pub struct Format {
    notation: Notation,
    r#type: Type,
}

#[derive(Clone, Debug)]
enum Notation {
    /// JSON in a text.
    Json,
    /// Texts in one text, with this between them.
    List(String),
    Moments(Moments),
    Values(Table),
}

impl Format {
    /// JSON in a text.
    pub const fn json(r#type: Type) -> Self {
        Self { notation: Notation::Json, r#type }
    }

    /// Texts in one text, with `separator` between them.
    pub const fn list(separator: String) -> Self {
        Self { notation: Notation::List(separator), r#type: Type::List }
    }

    /// Understands `value`; `declared` is the type that stands beside it. Without one it is
    /// `hint`, if that fits.
    pub fn compile(
        value: Value,
        declared: Option<Type>,
        hint: Option<Type>,
        place: &Place,
        errors: &mut ConfigErrors,
    ) -> Option<Self> {
        let (kind, parameter) = match value {
            Value::String(kind) => (kind, None),
            other => {
                let section = errors.note(Section::new(other, place.clone()));
                let mut entries = section?.into_entries();
                match (entries.next(), entries.next()) {
                    (Some((kind, parameter, _)), None) => (kind, Some(parameter)),
                    _ => (String::new(), None),
                }
            }
        };
        let place_of_kind = place.key(&kind);
        let (types, compiled): (&[Type], _) = match (kind.as_str(), parameter) {
            ("json", None) => (&[Type::Json, Type::List], Some(Notation::Json)),
            ("date", Some(it)) => {
                let moments = Moments::text(it, &place_of_kind, errors);
                (&[Type::Date, Type::Datetime], moments.map(Notation::Moments))
            }
            ("datetime", Some(it)) => {
                let moments = Moments::text(it, &place_of_kind, errors);
                (&[Type::Datetime, Type::Date], moments.map(Notation::Moments))
            }
            ("unix", Some(it)) => {
                let moments = Moments::unix(it, &place_of_kind, errors);
                (&[Type::Datetime, Type::Date], moments.map(Notation::Moments))
            }
            ("list", Some(it)) => {
                let separator = errors.note(separator(&it, &place_of_kind));
                (&[Type::List], separator.map(Notation::List))
            }
            ("values", Some(it)) => {
                let types = &[Type::Text, Type::Boolean, Type::Integer, Type::Number];
                let table = Table::compile(
                    it,
                    declared.or(hint.filter(|it| types.contains(it))).unwrap_or(Type::Text),
                    &place_of_kind,
                    errors,
                );
                (types, table.map(Notation::Values))
            }
            _ => {
                errors.add(place.expected(FORMATS));
                return None;
            }
        };
        let hint = hint.filter(|hint| types.contains(hint));
        let r#type = declared.or(hint).unwrap_or(*types.first()?);
        if !types.contains(&r#type) {
            let types: Vec<_> = types.iter().map(|it| format!("{it:?}").to_lowercase()).collect();
            errors.add(
                place.expected(format!("the type beside it to be one of: {}", types.join(", "))),
            );
            return None;
        }
        compiled.map(|notation| Self { notation, r#type })
    }

    /// The same for what is read in it: a year alone can be written, but is no date.
    pub fn compile_readable(
        value: Value,
        declared: Option<Type>,
        hint: Option<Type>,
        place: &Place,
        errors: &mut ConfigErrors,
    ) -> Option<Self> {
        let format = Self::compile(value, declared, hint, place, errors)?;
        match &format.notation {
            Notation::Moments(moments) if !moments.is_readable() => {
                errors.add(place.expected("a format with year, month and day"));
                None
            }
            _ => Some(format),
        }
    }

    /// The type of what it writes.
    pub const fn r#type(&self) -> Type {
        self.r#type
    }

    /// What is meant by `value` in this notation.
    pub fn parse(&self, value: &Value) -> Result<Value, Failure> {
        match &self.notation {
            Notation::Json => match value {
                Value::String(text) => serde_json::from_str(text)
                    .map_err(|_| Failure::expected("the text of a JSON value")),
                other => Ok(other.clone()),
            },
            Notation::List(separator) => match (value, scalar_text(value)) {
                (Value::Array(_), _) => Ok(value.clone()),
                (_, Some(text)) => {
                    Ok(items(&text, separator).map(|item| Value::String(item.to_owned())).collect())
                }
                _ => Err(Failure::expected("a text or a list")),
            },
            Notation::Moments(moments) => moments.parse(value, self.r#type),
            Notation::Values(table) => table.parse(value),
        }
    }

    /// `value`, which is of the type, in this notation.
    pub fn print(&self, value: &Value) -> Result<Value, Failure> {
        match &self.notation {
            Notation::Json => Ok(Value::String(json_text(value))),
            Notation::List(separator) => join(value, separator),
            Notation::Moments(moments) => moments.print(value, self.r#type),
            Notation::Values(table) => table.print(value),
        }
    }
}

/// The text that stands between the items of a list.
pub fn separator(
    value: &Value,
    place: &Place,
) -> Result<String, crate::ground::config::ConfigError> {
    let separator = value.as_str().filter(|text| !text.is_empty());
    separator
        .map(str::to_owned)
        .ok_or_else(|| place.expected("the text between two items, such as `;`"))
}

/// The items of a text, none of them empty.
fn items<'a>(text: &'a str, separator: &str) -> impl Iterator<Item = &'a str> {
    text.split(separator).map(str::trim).filter(|item| !item.is_empty())
}

fn join(value: &Value, separator: &str) -> Result<Value, Failure> {
    let expected = || {
        Failure::expected(&format!(
            "a list of texts, none of them empty or with `{separator}` in it"
        ))
    };
    let texts = value.as_array().ok_or_else(expected)?.iter().map(scalar_text);
    let texts: Vec<_> = texts.collect::<Option<_>>().ok_or_else(expected)?;
    let joined = texts.iter().map(|text| text.trim()).collect::<Vec<_>>().join(separator);
    // An item may also end with half of a separator.
    let is_same = items(&joined, separator).eq(texts.iter().map(|text| text.trim()));
    is_same.then_some(Value::String(joined)).ok_or_else(expected)
}
