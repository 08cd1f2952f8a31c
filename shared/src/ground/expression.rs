//! Expressions and templates of `patchcord.yaml`, in MiniJinja's language, compiled at the start
//! and bounded in what they may compute.

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};
use serde::Serialize;
use serde_json::Value;

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
        environment.add_template_owned(NAME, template).map_err(|error| explain(&error))?;
        Ok(Self(environment))
    }

    /// Its value, where the fields of `context` are variables. Undefined becomes null.
    pub fn eval(&self, context: &impl Serialize) -> Result<Value, ExpressionError> {
        let evaluate = || {
            let template = self.0.get_template(NAME)?;
            let captured = template.render_captured(Serde(context))?;
            let value = captured.state().lookup(NAME).unwrap_or_default();
            if value.is_undefined() {
                return Ok(Value::Null);
            }
            serde_json::to_value(value)
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
        if let Some(inner) = sole_expression(source) {
            return Expression::compile(inner).map(Self::Value);
        }
        let mut environment = environment();
        let added = environment.add_template_owned(NAME, source.to_owned());
        added.map_err(|error| explain(&error))?;
        Ok(Self::Text(environment))
    }

    /// Its value, where the fields of `context` are variables.
    pub fn eval(&self, context: &impl Serialize) -> Result<Value, ExpressionError> {
        match self {
            Self::Value(expression) => expression.eval(context),
            Self::Text(environment) => {
                let template = environment.get_template(NAME);
                let render =
                    |template: minijinja::Template<'_, '_>| template.render(Serde(context));
                template.and_then(render).map(Value::String).map_err(|error| explain(&error))
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

/// The expression of a template that consists of nothing else.
fn sole_expression(source: &str) -> Option<&str> {
    let inner = source.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let is_sole = !inner.contains("{{") && !inner.contains("}}") && !inner.contains("{%");
    is_sole.then(|| inner.trim_matches('-').trim())
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
            ErrorKind::SyntaxError | ErrorKind::UnknownFilter | ErrorKind::UnknownFunction
        )
    });
    ExpressionError(match detail {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_expression_gives_a_value_and_a_template_a_text() {
        let context = json!({"value": " Ada ", "fields": {"n": 3, "tags": ["a"]}});
        for (source, expected) in [
            ("value | trim | upper", json!("ADA")),
            ("fields.n + 1", json!(4)),
            ("fields.tags", json!(["a"])),
            ("fields.missing.deeper", json!(null)),
        ] {
            let expression = Expression::compile(source).unwrap();
            assert_eq!(expression.eval(&context).unwrap(), expected, "{source}");
        }
        for (source, expected) in [
            ("{{ fields.n }}", json!(3)),
            ("{{ fields.n }}/{{ fields.n }}", json!("3/3")),
            ("<{{ value | trim }}>", json!("<Ada>")),
            ("plain", json!("plain")),
        ] {
            let template = Template::compile(source).unwrap();
            assert_eq!(template.eval(&context).unwrap(), expected, "{source}");
        }
        assert_eq!(
            Template::compile("{{ fields.tags }}").unwrap().render(&context).unwrap(),
            r#"["a"]"#
        );
    }

    #[test]
    fn what_is_wrong_is_said_without_the_value() {
        assert!(Expression::compile("value |").is_err());
        assert!(Expression::compile("1) %}{{ 2 }}{% set x = (3").is_err());
        assert!(Template::compile("{{ open").is_err());
        let error = Expression::compile("value | nope").unwrap().eval(&json!({"value": "s3cret"}));
        assert_eq!(error.unwrap_err().to_string(), "unknown filter: filter nope is unknown");
        let endless = Expression::compile("range(9000) | map('string') | join").unwrap();
        let long = "{% for a in range(9000) %}{% for b in range(9000) %}x{% endfor %}{% endfor %}";
        assert!(endless.eval(&json!({})).is_ok());
        let error = Template::compile(long).unwrap().eval(&json!({})).unwrap_err();
        assert_eq!(error.to_string(), "engine ran out of fuel");
    }
}
