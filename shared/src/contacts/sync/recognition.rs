//! By what the events of both sides recognise the same new contact.

use std::borrow::Cow;

use serde_json::Value;

use crate::contacts::mapping::{Entry, Extent, Mapped, Mappings, Origin};
use crate::contacts::pairs::{Contact, CreationKey};
use crate::contacts::{Fields, Side};

/// The key of the creation of `contact`, which holds `fields` and is `mapped` to the other side: its
/// address, or else what Botmatic would hold of it after the way to the external side and back. The
/// contact that is created holds what the way there has made of it, and its own event tells of that:
/// the key has to be the same before and after.
pub(in crate::contacts) fn creation_key(
    mappings: &Mappings,
    contact: &Contact,
    fields: &Fields,
    mapped: &Mapped,
) -> CreationKey {
    let side = contact.side();
    let on_botmatic = match side {
        Side::Botmatic => Cow::Borrowed(fields),
        Side::External => Cow::Owned(mapped.fields()),
    };
    if let Some(email) = mappings.email_on_botmatic(&on_botmatic) {
        return CreationKey::of_address(&email);
    }
    let there = mappings.map(Side::External, &on_botmatic, Extent::Whole).fields();
    let back = mappings.map(Side::Botmatic, &there, Extent::Whole);
    let held: Fields = back
        .entries
        .iter()
        .filter(|entry| mappings.is_two_way(&entry.name) && !entry.value.is_null())
        .map(|entry| (entry.name.to_string(), entry.value.clone()))
        .collect();
    // Defaults alone are those of everybody.
    let is_own = |entry: &Entry| entry.origin == Origin::Field && !entry.value.is_null();
    let has_own =
        mapped.entries.iter().any(|entry| is_own(entry) && mappings.is_two_way(&entry.name));
    if !has_own || held.is_empty() {
        // Nothing to be recognised by.
        return CreationKey::of_values(&format!("{side} {}", contact.id()).into());
    }
    CreationKey::of_values(&Value::Object(held))
}
