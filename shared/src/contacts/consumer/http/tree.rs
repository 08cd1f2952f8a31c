//! A JSON tree of the configuration with `{{ … }}` in its texts.

use serde_json::{Map, Value};

use super::template::{Leaf, is_template};
use crate::contacts::consumer::ConsumerError;
use crate::ground::config::{ConfigError, Place};

/// The key whose object's fields become those of the object it stands in.
const SPREAD: &str = "...";

/// A tree to be filled in.
pub(super) enum Tree {
    /// As it is.
    Literal(Value),
    /// A text with something to fill in.
    Leaf(Leaf),
    /// A list of such.
    List(Vec<Tree>),
    /// An object of such, which begins with the fields of another.
    Object { spread: Option<Leaf>, fields: Vec<(String, Tree)> },
}

impl Tree {
    /// Understands `source`, whose texts may use the variables `known`.
    pub fn compile(source: &Value, known: &[&str], place: &Place) -> Result<Self, ConfigError> {
        Ok(match source {
            Value::String(text) if is_template(text) => {
                Self::Leaf(Leaf::compile(text, known, place)?)
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let items = items.map(|(index, item)| {
                    Self::compile(item, known, &place.key(&index.to_string()))
                });
                Self::List(items.collect::<Result<_, _>>()?)
            }
            Value::Object(object) => {
                let mut fields = Vec::new();
                let mut spread = None;
                for (name, value) in object {
                    let place = place.key(name);
                    match value {
                        Value::String(text) if name == SPREAD => {
                            spread = Some(Leaf::compile(text, known, &place)?);
                        }
                        _ if name == SPREAD => {
                            return Err(place.expected("one `{{ expression }}`"));
                        }
                        _ => fields.push((name.clone(), Self::compile(value, known, &place)?)),
                    }
                }
                Self::Object { spread, fields }
            }
            literal => Self::Literal(literal.clone()),
        })
    }

    /// The tree filled in; none if it is undefined as a whole. What is undefined in an object or a
    /// list is left out.
    pub fn eval(&self, variables: &Value) -> Result<Option<Value>, ConsumerError> {
        Ok(Some(match self {
            Self::Literal(value) => value.clone(),
            Self::Leaf(leaf) => return leaf.eval(variables),
            Self::List(items) => {
                let items = items.iter().filter_map(|item| item.eval(variables).transpose());
                Value::Array(items.collect::<Result<_, _>>()?)
            }
            Self::Object { spread, fields } => {
                let mut object = match spread {
                    Some(leaf) => spread_of(leaf, variables)?,
                    None => Map::new(),
                };
                for (name, tree) in fields {
                    match tree.eval(variables)? {
                        Some(value) => object.insert(name.clone(), value),
                        None => object.remove(name),
                    };
                }
                Value::Object(object)
            }
        }))
    }
}

fn spread_of(leaf: &Leaf, variables: &Value) -> Result<Map<String, Value>, ConsumerError> {
    match leaf.eval(variables)? {
        Some(Value::Object(object)) => Ok(object),
        None | Some(Value::Null) => Ok(Map::new()),
        Some(_) => Err(super::template::unsendable(leaf.place(), "expected an object")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_tree_keeps_its_types_and_leaves_out_what_is_undefined() {
        let contact = json!({"email": "a@b.c", "age": 7, "gone": null, "name": "{{ 1 + 1 }}"});
        let variables = json!({"contact": contact});
        for (source, expected) in [
            (json!("{{ contact }}"), contact.clone()),
            (json!({"n": 1, "a": "{{ contact.age }}"}), json!({"n": 1, "a": 7})),
            (json!(["{{ contact.missing }}", "{{ contact.gone }}", true]), json!([null, true])),
            (json!({"a": {"b": "{{ contact.missing }}"}}), json!({"a": {}})),
            (
                json!({"...": "{{ contact }}", "age": "{{ omit }}", "email": "x", "name": 1}),
                json!({"email": "x", "gone": null, "name": 1}),
            ),
            (json!({"...": "{{ contact.missing }}", "a": 1}), json!({"a": 1})),
            // A contact's value is never taken for a template.
            (json!({"n": "{{ contact.name }}"}), json!({"n": "{{ 1 + 1 }}"})),
        ] {
            let tree = Tree::compile(&source, &["contact"], &Place::root()).unwrap();
            assert_eq!(tree.eval(&variables).unwrap(), Some(expected), "{source}");
        }
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        let place = Place::root().key("json");
        for (source, expected) in [
            (json!({"a": [1, "{{ x }}"]}), "json.a.1: unknown variable `x`"),
            (json!({"...": {"a": 1}}), "json....: expected one `{{ expression }}`"),
        ] {
            let error = Tree::compile(&source, &[], &place).map(|_| ()).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        let tree = Tree::compile(&json!({"...": "{{ [1] }}"}), &[], &place).unwrap();
        let error = tree.eval(&json!({})).unwrap_err().to_string();
        assert_eq!(error, "json....: expected an object");
    }
}
