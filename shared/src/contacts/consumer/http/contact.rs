//! Contacts as an answer has them, and as a request sends them.

use serde_json::{Value, json};

use super::config::Values;
use super::template::{Leaf, text};
use crate::contacts::consumer::{ConsumerError, ExternalContact, Operation};
use crate::contacts::path::FieldPath;
use crate::contacts::{ExternalId, Fields};

/// What a contact looks like in an answer.
pub(super) struct Shape {
    pub id: FieldPath,
    pub fields: Option<FieldPath>,
    pub set: Vec<(FieldPath, Leaf)>,
    pub email: Option<FieldPath>,
}

impl Shape {
    /// The id of the contact `item`.
    pub fn id(&self, operation: Operation, item: &Value) -> Result<ExternalId, ConsumerError> {
        let id = self.id.get(item).and_then(|id| ExternalId::from_value(id).ok());
        id.ok_or_else(|| unreadable(operation, format!("an id at `{}`", self.id)))
    }

    /// The contact `item`.
    pub fn read(
        &self,
        operation: Operation,
        item: &Value,
    ) -> Result<ExternalContact, ConsumerError> {
        let id = self.id(operation, item)?;
        let fields = match &self.fields {
            None => item.as_object(),
            Some(path) => path.get(item).and_then(Value::as_object),
        };
        let Some(fields) = fields else {
            let place = self.fields.as_ref().map(|path| format!(" at `{path}`"));
            let expected = format!("an object{}", place.unwrap_or_default());
            return Err(unreadable(operation, expected));
        };
        let mut fields = fields.clone();
        if !self.set.is_empty() {
            let variables = json!({"item": item});
            for (path, leaf) in &self.set {
                if let Some(value) = leaf.eval(&variables)? {
                    path.set_in(&mut fields, value);
                }
            }
        }
        Ok(ExternalContact { id, fields })
    }

    /// Whether the contact `item` has this address, as far as the configuration says where it is.
    pub fn has_email(&self, item: &Value, email: &str) -> bool {
        let Some(path) = &self.email else { return true };
        let found = path.get(item).and_then(Value::as_str);
        found.is_some_and(|found| found.trim().eq_ignore_ascii_case(email.trim()))
    }
}

/// The fields as the service takes them.
pub(super) fn outgoing(fields: &Fields, values: Values) -> Value {
    let fields = fields.iter().map(|(name, value)| {
        let value = match values {
            Values::AsIs => value.clone(),
            Values::Text => Value::String(text(value).unwrap_or_default()),
        };
        (name.clone(), value)
    });
    Value::Object(fields.collect())
}

/// The answer to `operation` has not what it should have.
pub(super) fn unreadable(operation: Operation, expected: impl Into<String>) -> ConsumerError {
    ConsumerError::Unreadable { operation, expected: expected.into() }
}
