//! A part of the tree as what serde reads types from, with errors that show no value.

use serde::Deserializer;
use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Error, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use super::mistake::{Mistake, OneOf};

/// A part of the tree.
pub(super) struct Part(pub Value);

impl IntoDeserializer<'_, Mistake> for Part {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Part {
    type Error = Mistake;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(bool) => visitor.visit_bool(bool),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(unsigned), _, _) => visitor.visit_u64(unsigned),
                (_, Some(signed), _) => visitor.visit_i64(signed),
                (_, _, Some(float)) => visitor.visit_f64(float),
                _ => Err(Mistake::invalid_value(Unexpected::Other("number"), &"a number")),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => {
                let mut items = SeqDeserializer::new(items.into_iter().map(Part));
                let read = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(read)
            }
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(name, field)| (name, Self(field)));
                let mut fields = MapDeserializer::new(fields);
                let read = visitor.visit_map(&mut fields)?;
                fields.end()?;
                Ok(read)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mistake> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        visitor.visit_newtype_struct(self)
    }

    /// A list is no struct: it would be read by position.
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        match self.0 {
            Value::Array(_) => Err(Mistake::invalid_type(Unexpected::Seq, &"a mapping")),
            _ => self.deserialize_any(visitor),
        }
    }

    /// A text names a variant; a mapping with one field also says what is in it.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mistake> {
        match self.0 {
            Value::String(name) => visitor.visit_enum(name.into_deserializer()),
            Value::Object(fields) if fields.len() == 1 => {
                let fields = fields.into_iter().map(|(name, field)| (name, Self(field)));
                visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(fields)))
            }
            _ => Err(Mistake::custom(OneOf(variants))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::num::NonZeroU32;

    use serde::Deserialize;
    use serde_json::json;

    use super::super::{Place, read, read_rest};
    use super::*;
    use crate::ground::secret::Secret;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Way {
        Header,
        Body { name: String },
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Settings {
        keys: Vec<String>,
        inner: Option<Box<Settings>>,
        names: BTreeMap<String, Value>,
        is_on: bool,
        count: Option<NonZeroU32>,
        ratio: f64,
        way: Option<Way>,
        pair: (u8, i64),
    }

    #[test]
    fn it_reads_what_serde_json_reads() {
        let all = json!({
            "keys": ["a", "b"], "inner": {"ratio": -1}, "names": {"x": [1, null, 2.5, {"y": -3}]},
            "is_on": true, "count": 7, "ratio": 3, "way": {"body": {"name": "n"}}, "pair": [255, -1],
        });
        for value in [all, json!({}), json!({"inner": null, "way": "header", "count": null})] {
            let expected: Settings = serde_json::from_value(value.clone()).unwrap();
            assert_eq!(read::<Settings>(value, &Place::root()).unwrap(), expected);
        }
    }

    #[test]
    fn a_mistake_is_said_in_words_of_the_file_and_without_the_value() {
        for (value, expected) in [
            (json!("s3cret"), "the file: expected a mapping, found a text"),
            (json!({"keys": "s3cret"}), "keys: expected a list, found a text"),
            (json!({"keys": [7]}), "keys[0]: expected a text, found a number"),
            (json!({"inner": ["s3cret"]}), "inner: expected a mapping, found a list"),
            (json!({"names": true}), "names: expected a mapping, found `true` or `false`"),
            (json!({"is_on": "s3cret"}), "is_on: expected `true` or `false`, found a text"),
            (json!({"count": 0}), "count: expected a whole number from 1 to 4294967295"),
            (json!({"count": 1.5}), "count: expected a whole number from 1 to 4294967295, found"),
            (json!({"ratio": null}), "ratio: expected a number, found nothing"),
            (json!({"way": "s3cret"}), "way: expected `header` or `body`"),
            (json!({"way": 5}), "way: expected `header` or `body`"),
            (json!({"pair": [256, 1]}), "pair[0]: expected a whole number from 0 to 255"),
            (json!({"pair": [1, 2, 3]}), "pair: expected"),
            (json!({"key": 1}), "key: unknown field `key`, expected one of `keys`, `inner`,"),
            (json!({"inner": {"key": 1}}), "inner.key: unknown field `key`, expected one of"),
        ] {
            let error = read::<Settings>(value.clone(), &Place::root()).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{value}\n  expected {expected}\n  found {error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn fields_that_were_taken_out_are_among_those_that_are_known() {
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Channel {
            #[expect(dead_code, reason = "only its name matters")]
            token: Option<Secret>,
            #[expect(dead_code, reason = "only its name matters")]
            auth: Option<Box<Channel>>,
        }
        for (value, expected) in [
            (json!({"delivry": 1}), "expected one of `token`, `auth`, `type`, `delivery`"),
            (json!({"auth": {"delivry": 1}}), "expected `token` or `auth`"),
        ] {
            let error = read_rest::<Channel>(value, &["type", "delivery"], &Place::root());
            let error = error.unwrap_err().to_string();
            assert!(error.ends_with(expected), "expected {expected}, found {error}");
        }
    }
}
