//! The bodies of the plain requests: one contact, or many.

use serde_json::Value;

use super::error::PushError;
use super::json;
use crate::contacts::{Fields, MAX_FIELDS};

/// The field of many contacts.
const CONTACTS: &str = "contacts";

/// The body of `POST /contacts` and `PATCH /contacts/{external_id}`: the fields of one contact.
pub fn contact(body: &[u8]) -> Result<Fields, PushError> {
    fields(json::parse(body)?, "")
}

/// The body of `PATCH /contacts`: `{"contacts": […]}` or the list itself, in its order.
pub fn contacts(body: &[u8]) -> Result<Vec<Fields>, PushError> {
    let (list, place) = match json::parse(body)? {
        Value::Object(mut body) => (body.remove(CONTACTS), "contacts."),
        list => (Some(list), ""),
    };
    let Some(Value::Array(list)) = list else {
        return Err(PushError::malformed("a list of contacts, or one at `contacts`"));
    };
    let each = list.into_iter().enumerate();
    each.map(|(index, contact)| fields(contact, &format!(" at `{place}{index}`"))).collect()
}

fn fields(contact: Value, at: &str) -> Result<Fields, PushError> {
    match contact {
        Value::Object(fields) if fields.len() <= MAX_FIELDS => Ok(fields),
        Value::Object(_) => {
            Err(PushError::malformed(format!("a contact of at most {MAX_FIELDS} fields{at}")))
        }
        _ => Err(PushError::malformed(format!("an object with a contact's fields{at}"))),
    }
}
