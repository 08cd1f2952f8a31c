//! One transform: what it does to a value.

use std::collections::HashMap;
use std::sync::Arc;

use phonenumber::country::Id;
use serde::Serialize;
use serde_json::Value;

use super::failure::Failure;
use super::format::Format;
use super::functions::Function;
use super::phone;
use super::route::Contact;
use super::types::{Type, scalar_text};
use crate::ground::expression::{Expression, Variable};

/// A transform.
#[derive(Clone)]
pub enum Step {
    Trim,
    Lower,
    Upper,
    Capitalize,
    Email,
    Phone(Option<Id>),
    Type(Type),
    /// What a notation means.
    Parse(Format),
    /// In a notation.
    Format(Format),
    /// What a table says, for what is not in it the failure.
    Enum(HashMap<String, Value>, Failure),
    Expression(Box<Expression>),
    Function(Arc<str>, Function),
}

/// What an expression sees.
#[derive(Serialize)]
struct Variables<'a> {
    value: &'a Value,
    contact: &'a Variable,
}

/// Absent, or as good as.
pub fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

impl Step {
    /// `value` transformed; `contact` is the whole contact it is from.
    pub fn apply(&self, value: Value, contact: &Contact<'_>) -> Result<Value, Failure> {
        match self {
            Self::Expression(expression) => {
                let variables = Variables { value: &value, contact: contact.variable() };
                expression.eval(&variables).map_err(Failure::Expression)
            }
            Self::Function(name, function) => {
                let failed = |message| Failure::Function { name: Arc::clone(name), message };
                function(value).map_err(failed)
            }
            _ if is_empty(&value) => Ok(value),
            Self::Type(r#type) => r#type.read(value),
            Self::Parse(format) => format.parse(&value).and_then(|it| format.r#type().read(it)),
            Self::Format(format) => format.r#type().read(value).and_then(|it| format.print(&it)),
            Self::Enum(table, failure) => each(value, &|item| {
                let found = scalar_text(&item).and_then(|key| table.get(&key).cloned());
                found.ok_or_else(|| failure.clone())
            }),
            Self::Phone(region) => each(value, &|item| {
                let text = scalar_text(&item).unwrap_or_default();
                phone::e164(&text, *region).map(Value::String)
            }),
            Self::Email => each(value, &|item| {
                let email = item.as_str().and_then(email);
                email.map(Value::String).ok_or_else(|| Failure::expected("an e-mail address"))
            }),
            Self::Trim => each_text(value, |text| text.trim().to_owned()),
            Self::Lower => each_text(value, str::to_lowercase),
            Self::Upper => each_text(value, str::to_uppercase),
            Self::Capitalize => each_text(value, capitalize),
        }
    }

    /// What it reads of the contact besides the value: `contact`, `contact.name`.
    pub fn reads(&self) -> impl Iterator<Item = String> {
        let variables = match self {
            Self::Expression(expression) => expression.variables(),
            _ => std::collections::BTreeSet::new(),
        };
        variables.into_iter().filter(|name| name != "value")
    }
}

/// An address, as it is compared: outer space removed, in lower case. RFC 5321, section 2.4, lets a
/// mail server tell upper from lower case before the `@`, and advises against it.
pub fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let is_address = !local.is_empty() && !domain.is_empty() && !text.contains(char::is_whitespace);
    is_address.then(|| text.to_lowercase())
}

/// The value transformed, or each item of a list.
fn each(
    value: Value,
    transform: &dyn Fn(Value) -> Result<Value, Failure>,
) -> Result<Value, Failure> {
    match value {
        Value::Array(items) => items.into_iter().map(transform).collect(),
        one => transform(one),
    }
}

/// The same for texts; what is none stays as it is.
fn each_text(value: Value, transform: impl Fn(&str) -> String) -> Result<Value, Failure> {
    each(value, &|item| match item {
        Value::String(text) => Ok(Value::String(transform(&text))),
        other => Ok(other),
    })
}

fn capitalize(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters.flat_map(char::to_lowercase)).collect()
}
