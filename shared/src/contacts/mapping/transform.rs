//! `transform`: a name, a name with a parameter, or a list of them in order.

use std::collections::HashMap;

use serde_json::Value;

use super::format::{Format, separator};
use super::functions::Functions;
use super::step::Step;
use super::table::names;
use super::types::Type;
use super::{failure::Failure, phone, route::Contact};
use crate::ground::config::{ConfigErrors, Place, Section, read};
use crate::ground::expression::Expression;

const NAMES: &str = "a transform: trim, lower, upper, capitalize, email, phone (also with a \
    region), a type (text, number, integer, boolean, date, datetime, json, list), or one of enum, \
    expression, format, function, join, parse, split with its parameter";

/// The steps of a transform, each with where it stands in a list.
#[derive(Clone, Default)]
pub struct Transform(Vec<(Step, Option<usize>)>);

impl Transform {
    /// Understands `value`.
    pub fn compile(
        value: Value,
        place: &Place,
        functions: &Functions,
        errors: &mut ConfigErrors,
    ) -> Option<Self> {
        let Value::Array(steps) = value else {
            return step(value, place, functions, errors).map(|step| Self(vec![(step, None)]));
        };
        let steps = steps.into_iter().enumerate().map(|(index, value)| {
            let place = place.key(&index.to_string());
            step(value, &place, functions, errors).map(|step| (step, Some(index)))
        });
        // All of them, so that each mistake is found.
        let steps: Vec<_> = steps.collect();
        steps.into_iter().collect::<Option<_>>().map(Self)
    }

    /// `value` transformed, or which step failed and why.
    pub fn apply(
        &self,
        value: Value,
        contact: &Contact<'_>,
    ) -> Result<Value, (Option<usize>, Failure)> {
        self.0.iter().try_fold(value, |value, (step, index)| {
            step.apply(value, contact).map_err(|failure| (*index, failure))
        })
    }

    /// What it reads of the contact besides the value.
    pub fn reads(&self) -> impl Iterator<Item = String> {
        self.0.iter().flat_map(|(step, _)| step.reads())
    }
}

fn step(
    value: Value,
    place: &Place,
    functions: &Functions,
    errors: &mut ConfigErrors,
) -> Option<Step> {
    let (name, parameter) = match value {
        Value::String(name) => {
            let step = plain(&name).ok_or_else(|| place.expected(NAMES));
            return errors.note(step);
        }
        Value::Object(fields) if fields.len() == 1 => fields.into_iter().next()?,
        _ => {
            errors.add(place.expected(NAMES));
            return None;
        }
    };
    let inner = place.key(&name);
    match name.as_str() {
        "parse" => Format::compile_readable(parameter, None, None, &inner, errors).map(Step::Parse),
        "format" => Format::compile(parameter, None, None, &inner, errors).map(Step::Format),
        "split" => {
            let separator = errors.note(separator(&parameter, &inner))?;
            Some(Step::Parse(Format::list(separator)))
        }
        "join" => {
            let separator = errors.note(separator(&parameter, &inner))?;
            Some(Step::Format(Format::list(separator)))
        }
        "phone" => phone::region(&parameter, &inner, errors).map(|it| Step::Phone(Some(it))),
        "enum" => {
            let section = errors.note(Section::new(parameter, inner))?;
            let table: HashMap<_, _> =
                section.into_entries().map(|(from, to, _)| (from, to)).collect();
            let failure = names(&table);
            Some(Step::Enum(table, failure))
        }
        "expression" => {
            let source: String = errors.note(read(parameter, &inner))?;
            errors.note(expression(&source, &inner)).map(|it| Step::Expression(Box::new(it)))
        }
        "function" => {
            let name: String = errors.note(read(parameter, &inner))?;
            let function = functions.get(&name).ok_or_else(|| {
                let names = functions.names();
                let known = if names.is_empty() { "there is none" } else { &names };
                inner.expected(format!("the name of a Rust function that was registered: {known}"))
            });
            errors.note(function).map(|function| Step::Function(name.into(), function))
        }
        _ => {
            errors.add(place.expected(NAMES));
            None
        }
    }
}

fn plain(name: &str) -> Option<Step> {
    Some(match name {
        "trim" => Step::Trim,
        "lower" => Step::Lower,
        "upper" => Step::Upper,
        "capitalize" => Step::Capitalize,
        "email" => Step::Email,
        "phone" => Step::Phone(None),
        name => Step::Type(Type::parse(name)?),
    })
}

fn expression(
    source: &str,
    place: &Place,
) -> Result<Expression, crate::ground::config::ConfigError> {
    let expression = Expression::compile(source).map_err(|error| {
        place.error(format!("expected an expression such as `value | upper`: {error}"))
    })?;
    let is_known = |name: &String| matches!(name.split('.').next(), Some("value" | "contact"));
    match expression.variables().into_iter().find(|name| !is_known(name)) {
        Some(name) => {
            Err(place.expected(format!("the variables `value` and `contact`, not `{name}`")))
        }
        None => Ok(expression),
    }
}
