//! What a bot remembers of one conversation: a JSON object, with typed access.

use std::any::type_name;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The state of one conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State(Map<String, Value>);

/// A value does not fit the state, or the state not a type. The values are not shown: they may be
/// what people wrote.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// The state is a JSON object, so only objects can be merged into it.
    #[error("expected an object such as a struct or a map, got a {0}")]
    NotAnObject(&'static str),
    /// The value cannot be written as JSON, or the state cannot be read as the type asked for.
    #[error("the state does not fit the type {0}")]
    Mismatch(&'static str),
}

impl State {
    /// The fields as they are.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The whole state as a `T`. Fields that `T` does not have are ignored; give fields that may
    /// be missing `#[serde(default)]`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, StateError> {
        T::deserialize(Value::Object(self.0.clone()))
            .map_err(|_| StateError::Mismatch(type_name::<T>()))
    }

    /// The field `name`, if it is there and is a `T`.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        T::deserialize(self.0.get(name)?).ok()
    }

    /// Sets the fields of `fields` and leaves the others: a shallow merge, as Bottender's
    /// `setState`. A field that holds an object is replaced, not merged.
    pub fn merge<T: Serialize>(&mut self, fields: T) -> Result<(), StateError> {
        match serde_json::to_value(fields) {
            Ok(Value::Object(fields)) => self.0.extend(fields),
            Ok(_) => return Err(StateError::NotAnObject(type_name::<T>())),
            Err(_) => return Err(StateError::Mismatch(type_name::<T>())),
        }
        Ok(())
    }
}

impl From<Map<String, Value>> for State {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Order {
        #[serde(default)]
        items: Vec<String>,
        #[serde(default)]
        paid: bool,
    }

    #[test]
    fn a_merge_is_shallow() {
        let mut state = State::default();
        state.merge(json!({"a": {"x": 1}, "b": 2})).unwrap();
        state.merge(json!({"a": {"y": 1}})).unwrap();
        assert_eq!(Value::Object(state.as_map().clone()), json!({"a": {"y": 1}, "b": 2}));
    }

    #[test]
    fn it_is_read_as_a_type() {
        let mut state = State::default();
        state.merge(Order { items: vec!["tea".to_owned()], paid: false }).unwrap();
        state.merge(json!({"paid": true, "other": "ignored"})).unwrap();
        let order: Order = state.read().unwrap();
        assert_eq!(order, Order { items: vec!["tea".to_owned()], paid: true });
        assert_eq!(state.get::<bool>("paid"), Some(true));
        assert_eq!(state.get::<bool>("items"), None);
    }

    #[test]
    fn an_error_does_not_show_what_is_in_the_state() {
        let mut state = State::default();
        state.merge(json!({"paid": "my private words"})).unwrap();
        let error = state.read::<Order>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("private"), "{error}");
    }

    #[test]
    fn only_objects_merge() {
        let error = State::default().merge(3).unwrap_err();
        assert_eq!(error, StateError::NotAnObject("i32"));
    }
}
