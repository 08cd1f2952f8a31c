//! Texts of the configuration with `{{ … }}` in them, checked when they are read.

use minijinja::Environment;
use serde_json::Value;

use crate::contacts::consumer::ConsumerError;
use crate::ground::config::{ConfigError, Place};
use crate::ground::expression::Template;

/// Never defined: a field that is `{{ omit }}` is left out.
const OMIT: &str = "omit";
/// The language's own, which are no variables.
const FUNCTIONS: [&str; 3] = ["range", "dict", "namespace"];

/// One text, or the one value that its expression gives.
pub(super) struct Leaf {
    template: Box<Template>,
    place: Place,
}

/// Whether there is anything to fill in.
pub(super) fn is_template(source: &str) -> bool {
    ["{{", "{%", "{#"].iter().any(|open| source.contains(open))
}

impl Leaf {
    /// Understands `source`, which may use the variables `known`.
    pub fn compile(source: &str, known: &[&str], place: &Place) -> Result<Self, ConfigError> {
        let template = Template::compile(source).map_err(|error| place.error(error))?;
        check_variables(source, known, place)?;
        Ok(Self { template: Box::new(template), place: place.clone() })
    }

    /// Understands a credential, which is none if a part of it is missing.
    pub fn credential(source: &str, known: &[&str], place: &Place) -> Result<Self, ConfigError> {
        let template = Template::compile_key(source).map_err(|error| place.error(error))?;
        check_variables(source, known, place)?;
        Ok(Self { template: Box::new(template), place: place.clone() })
    }

    /// Its value; none if that is undefined.
    pub fn eval(&self, variables: &Value) -> Result<Option<Value>, ConsumerError> {
        let value = self.template.eval_defined(variables);
        value.map_err(|error| unsendable(&self.place, error.to_string()))
    }

    /// Its value as a text; none if it is undefined or null.
    pub fn text(&self, variables: &Value) -> Result<Option<String>, ConsumerError> {
        Ok(self.eval(variables)?.and_then(|value| text(&value)))
    }

    /// The same where there has to be one.
    pub fn required(&self, variables: &Value) -> Result<String, ConsumerError> {
        let text = self.text(variables)?.filter(|text| !text.is_empty());
        text.ok_or_else(|| unsendable(&self.place, "expected a value, got nothing"))
    }

    /// Where it stands.
    pub fn place(&self) -> &Place {
        &self.place
    }
}

/// A value as a text: a list or an object is its JSON, null is none.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// What at `place` makes no request.
pub(super) fn unsendable(place: &Place, reason: impl Into<String>) -> ConsumerError {
    ConsumerError::Unsendable { place: place.to_string(), reason: reason.into() }
}

/// Refuses variables that will never be there, such as misspelt ones.
pub(super) fn check_variables(
    source: &str,
    known: &[&str],
    place: &Place,
) -> Result<(), ConfigError> {
    let environment = Environment::new();
    let parsed =
        environment.template_from_str(source).map_err(|error| place.error(error.kind()))?;
    let mut used: Vec<_> = parsed.undeclared_variables(false).into_iter().collect();
    used.sort_unstable();
    for name in used {
        let is_known =
            known.contains(&name.as_str()) || FUNCTIONS.contains(&name.as_str()) || name == OMIT;
        if !is_known {
            let known = known.join(", ");
            return Err(place.error(format!("unknown variable `{name}`; there are: {known}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn leaf(source: &str) -> Leaf {
        Leaf::compile(source, &["contact"], &Place::root().key("json")).unwrap()
    }

    #[test]
    fn undefined_is_not_null() {
        let variables = json!({"contact": {"gone": null, "n": 3, "list": ["a"]}});
        for (source, expected) in [
            ("{{ contact.gone }}", Some(json!(null))),
            ("{{ contact.missing }}", None),
            ("{{ omit }}", None),
            ("{{- contact.missing | default(omit) -}}", None),
            ("{{ [contact.n] if contact.missing is defined }}", None),
            ("{{ [contact.n] if contact.n is defined }}", Some(json!([3]))),
            ("n={{ contact.n }}{{ contact.missing }}", Some(json!("n=3"))),
            ("{{ contact.list }}", Some(json!(["a"]))),
        ] {
            assert_eq!(leaf(source).eval(&variables).unwrap(), expected, "{source}");
        }
        assert_eq!(leaf("{{ contact.gone }}").text(&variables).unwrap(), None);
        let error = leaf("{{ contact.missing }}").required(&variables).unwrap_err();
        assert_eq!(error.to_string(), "json: expected a value, got nothing");
    }

    #[test]
    fn what_cannot_work_is_said_at_the_start() {
        for (source, expected) in [
            ("{{ contact.", "json: syntax error"),
            ("{{ contcat.email }}", "json: unknown variable `contcat`; there are: contact"),
            ("x{{ contcat.email }}", "json: unknown variable `contcat`; there are: contact"),
            ("{{ contact.email | lowr }}", "json: unknown filter"),
            ("{{ lowr(contact) }}", "json: unknown function"),
        ] {
            let place = Place::root().key("json");
            let error = Leaf::compile(source, &["contact"], &place).map(|_| ()).unwrap_err();
            assert!(error.to_string().starts_with(expected), "{source}: {error}");
        }
    }
}
