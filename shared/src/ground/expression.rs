//! Expressions and templates of `patchcord.yaml`, in MiniJinja's language, compiled at the start
//! and bounded in what they may compute. A filter, test or function that does not exist is found at
//! the start as well.

mod names;
mod write;

use std::collections::BTreeSet;

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;
use serde_json::Value;

use write::{Write, write, write_something};

/// How many instructions one evaluation may take; a mapping's take some dozens.
const FUEL: u64 = 50_000;
/// The only template of an expression's environment, and the variable that gets its value.
const NAME: &str = "it";

/// An expression or template is wrong, or could not be evaluated. Shows the source, never a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ExpressionError(String);

/// An expression: `value | lower`, `fields.first ~ " " ~ fields.last`.
#[derive(Clone, Debug)]
pub struct Expression(Environment<'static>);

impl Expression {
    /// Understands `source`.
    pub fn compile(source: &str) -> Result<Self, ExpressionError> {
        let mut environment = environment();
        environment.compile_expression(source).map_err(|error| explain(&error))?;
        let template = format!("{{% set {NAME} = ({source}) %}}");
        add(&mut environment, &template)?;
        Ok(Self(environment))
    }

    /// What it reads, as far as that is written in it: `value`, `contact.address.city`. A variable
    /// whose fields are chosen by a value is there by its own name.
    pub fn variables(&self) -> BTreeSet<String> {
        variables(&self.0)
    }

    /// Its value, where the fields of `context` are variables. Undefined becomes null.
    pub fn eval(&self, context: &impl Serialize) -> Result<Value, ExpressionError> {
        self.eval_defined(context).map(Option::unwrap_or_default)
    }

    /// The same; none if it is undefined.
    pub fn eval_defined(&self, context: &impl Serialize) -> Result<Option<Value>, ExpressionError> {
        let evaluate = || {
            let template = self.0.get_template(NAME)?;
            let captured = template.render_captured(Serde(context))?;
            let value = captured.state().lookup(NAME).filter(|value| !value.is_undefined());
            value
                .map(serde_json::to_value)
                .transpose()
                .map_err(|_| minijinja::Error::new(ErrorKind::BadSerialization, "not a JSON value"))
        };
        evaluate().map_err(|error: minijinja::Error| explain(&error))
    }
}

/// A text with `{{ expressions }}` in it.
#[derive(Clone, Debug)]
pub enum Template {
    /// Nothing but one expression: its value keeps its type.
    Value(Expression),
    /// Anything else is a text.
    Text(Environment<'static>),
}

impl Template {
    /// Understands `source`.
    pub fn compile(source: &str) -> Result<Self, ExpressionError> {
        Self::compile_with(source, write)
    }

    /// The same where nothing may be missing: an expression in a text that gives nothing is an error
    /// when it is evaluated. Of a key that is made of text and a secret, the text alone is none. What
    /// is joined within one expression is not looked at.
    pub fn compile_key(source: &str) -> Result<Self, ExpressionError> {
        Self::compile_with(source, write_something)
    }

    fn compile_with(source: &str, write: Write) -> Result<Self, ExpressionError> {
        if let Some(inner) = sole_expression(source) {
            let has_braces = ["{{", "}}", "{%"].iter().any(|brace| inner.contains(brace));
            match Expression::compile(inner) {
                // Two expressions look like one that begins and ends with these braces.
                Err(_) if has_braces => {}
                compiled => return compiled.map(Self::Value),
            }
        }
        let mut environment = environment();
        environment.set_formatter(write);
        add(&mut environment, source)?;
        Ok(Self::Text(environment))
    }

    /// What it reads, as [`Expression::variables`] has it.
    pub fn variables(&self) -> BTreeSet<String> {
        match self {
            Self::Value(expression) => expression.variables(),
            Self::Text(environment) => variables(environment),
        }
    }

    /// Its value, where the fields of `context` are variables. Undefined becomes null.
    pub fn eval(&self, context: &impl Serialize) -> Result<Value, ExpressionError> {
        self.eval_defined(context).map(Option::unwrap_or_default)
    }

    /// The same; none if it is one expression that is undefined.
    pub fn eval_defined(&self, context: &impl Serialize) -> Result<Option<Value>, ExpressionError> {
        match self {
            Self::Value(expression) => expression.eval_defined(context),
            Self::Text(environment) => {
                let template = environment.get_template(NAME);
                let render =
                    |template: minijinja::Template<'_, '_>| template.render(Serde(context));
                let text = template.and_then(render).map_err(|error| explain(&error))?;
                Ok(Some(Value::String(text)))
            }
        }
    }

    /// The same as a text: null is empty, a list or an object its JSON.
    pub fn render(&self, context: &impl Serialize) -> Result<String, ExpressionError> {
        Ok(match self.eval(context)? {
            Value::Null => String::new(),
            Value::String(text) => text,
            other => other.to_string(),
        })
    }
}

/// What is between the braces of a template that begins and ends with them.
fn sole_expression(source: &str) -> Option<&str> {
    let inner = source.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    Some(inner.trim_matches('-').trim())
}

/// A variable of many evaluations, made ready for them once.
#[derive(Clone, Debug)]
pub struct Variable(minijinja::Value);

impl Variable {
    /// The variable with this value.
    pub fn new(value: &impl Serialize) -> Self {
        Self(Serde(value).into())
    }
}

impl Serialize for Variable {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

fn variables(environment: &Environment<'_>) -> BTreeSet<String> {
    let Ok(template) = environment.get_template(NAME) else { return BTreeSet::new() };
    let is_global = |name: &String| environment.globals().any(|(global, _)| global == name);
    let names = template.undeclared_variables(true).into_iter();
    names.filter(|name| !is_global(name)).collect()
}

fn add(environment: &mut Environment<'static>, source: &str) -> Result<(), ExpressionError> {
    let added = environment.add_template_owned(NAME, source.to_owned());
    let checked = added.and_then(|()| names::check(environment, NAME, source));
    checked.map_err(|error| explain(&error))
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_fuel(Some(FUEL));
    environment
}

fn explain(error: &minijinja::Error) -> ExpressionError {
    // A detail of a syntax error quotes the source; that of an evaluation may quote a value.
    let detail = error.detail().filter(|_| {
        matches!(
            error.kind(),
            ErrorKind::SyntaxError
                | ErrorKind::UnknownFilter
                | ErrorKind::UnknownTest
                | ErrorKind::UnknownFunction
        )
    });
    ExpressionError(match detail {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    })
}

#[cfg(test)]
mod tests;
