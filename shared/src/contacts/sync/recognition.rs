//! By what the events of both sides recognise the same new contact.

use serde_json::Value;

use crate::contacts::mapping::{Mapped, Mappings};
use crate::contacts::pairs::{Contact, CreationKey};
use crate::contacts::{Fields, Side};

/// The key of the creation of `contact`, which holds `fields` and is `mapped` to the other side: its
/// address, or else all that Botmatic holds of it.
pub(in crate::contacts) fn creation_key(
    mappings: &Mappings,
    contact: &Contact,
    fields: &Fields,
    mapped: &Mapped,
) -> CreationKey {
    let side = contact.side();
    let email = match side {
        Side::Botmatic => mappings.email_on_botmatic(fields),
        Side::External => mappings.email_on_botmatic(&mapped.fields()),
    };
    if let Some(email) = email {
        return CreationKey::of_address(&email);
    }
    let on_botmatic = mapped.entries.iter().map(|entry| match side {
        Side::Botmatic => (&*entry.name, &entry.source),
        Side::External => (&*entry.name, &entry.value),
    });
    let held: Fields = on_botmatic
        .filter(|(name, value)| mappings.is_two_way(name) && !value.is_null())
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    if held.is_empty() {
        // Nothing to be recognised by.
        return CreationKey::of_values(&format!("{side} {}", contact.id()).into());
    }
    CreationKey::of_values(&Value::Object(held))
}
