//! Keys and attributes, and a contact's record as an item.

use super::super::contact::{Contact, CreationKey};
use super::super::error::PairError;
use super::super::record::Record;
use super::super::view::View;
use crate::botmatic::IntegrationId;
use crate::botmatic::integrations::table;
use crate::contacts::{BotmaticId, ExternalId};
use crate::ground::aws::dynamodb::{AttributeValue, Item, text};
use crate::ground::clock::Timestamp;
use crate::ground::fingerprint::Fingerprint;

/// Into how many partitions an integration's items are spread. Never to be changed: the number is
/// part of where an item is.
pub(super) const PARTITIONS: u8 = 16;
/// What the sort key of a contact on Botmatic begins with.
pub(super) const BOTMATIC: &str = "b#";
/// That of an external contact.
pub(super) const EXTERNAL: &str = "e#";
/// That of a creation.
pub(super) const CREATION: &str = "c#";

/// The partition key of the items of `integration` that are in `partition`.
pub(super) fn partition_key(integration: &IntegrationId, partition: u8) -> String {
    format!("pairs#{integration}#{partition}")
}

/// The sort key of a contact.
pub(super) fn sort_key(contact: &Contact) -> String {
    match contact {
        Contact::Botmatic(id) => format!("{BOTMATIC}{id}"),
        Contact::External(id) => format!("{EXTERNAL}{id}"),
    }
}

/// The contact that has this sort key.
pub(super) fn contact_of(sort_key: &str) -> Option<Contact> {
    if let Some(id) = sort_key.strip_prefix(BOTMATIC) {
        return BotmaticId::new(id).ok().map(Contact::Botmatic);
    }
    let id = sort_key.strip_prefix(EXTERNAL)?;
    ExternalId::new(id).ok().map(Contact::External)
}

/// The key of the item with this sort key.
pub(super) fn item_key(integration: &IntegrationId, sort_key: String) -> Item {
    let partition = Fingerprint::of(&sort_key).to_bits() % u64::from(PARTITIONS);
    let partition = u8::try_from(partition).unwrap_or_default();
    table::item_key(partition_key(integration, partition), sort_key)
}

/// The key of a contact's item.
pub(super) fn contact_key(integration: &IntegrationId, contact: &Contact) -> Item {
    item_key(integration, sort_key(contact))
}

/// The key of a creation's item.
pub(super) fn creation_key(integration: &IntegrationId, key: CreationKey) -> Item {
    item_key(integration, format!("{CREATION}{:016x}", key.to_bits()))
}

/// The texts of a key, or of the key of an item.
pub(super) fn key_texts(item: &Item) -> (&str, &str) {
    let text = |name| item.get(name).and_then(AttributeValue::as_text).unwrap_or_default();
    (text(table::PARTITION_KEY), text(table::SORT_KEY))
}

/// A view as an attribute.
pub(super) fn view_text(view: &View) -> Result<AttributeValue, PairError> {
    let json = serde_json::to_string(view);
    json.map(text).map_err(|_| PairError::Corrupt("expected a view that is JSON"))
}

/// The record an item holds; an empty one where there is no item.
pub(super) fn record_of(item: Option<Item>) -> Result<Record, PairError> {
    let Some(mut item) = item else { return Ok(Record::default()) };
    let mut text = |name: &str| item.remove(name).and_then(AttributeValue::into_text);
    let mut view = |name| match text(name) {
        Some(json) => {
            serde_json::from_str(&json).map_err(|_| PairError::Corrupt("expected a view as JSON"))
        }
        None => Ok(View::default()),
    };
    let (view, sent) = (view("pair_view")?, view("creating_view")?);
    let (paired_with, owner, last_owner) =
        (text("paired_with"), text("lease_owner"), text("last_owner"));
    let number = |name: &str| item.get(name).and_then(AttributeValue::as_number);
    let millis = |name: &str| number(name).map(Timestamp::from_millis);
    let creation = number("creating_key").map(CreationKey::from_bits);
    Ok(Record {
        paired_with,
        view,
        lease: owner.zip(millis("lease_until")),
        last_owner,
        creating: millis("creating_since").zip(creation),
        sent,
        deleted_until: millis("deleted_until"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sort_key_is_that_of_one_contact() {
        for contact in [
            Contact::Botmatic(BotmaticId::new("122").unwrap()),
            Contact::External(ExternalId::new("b#122").unwrap()),
        ] {
            assert_eq!(contact_of(&sort_key(&contact)), Some(contact));
        }
        assert_eq!(contact_of("c#0011223344556677"), None);
    }

    #[test]
    fn ids_are_spread_evenly() {
        let integration = IntegrationId::try_from("one".to_owned()).unwrap();
        let mut counts = std::collections::HashMap::new();
        for id in 0..16_000 {
            let key = item_key(&integration, format!("{BOTMATIC}{id}"));
            *counts.entry(key[table::PARTITION_KEY].as_text().unwrap().to_owned()).or_insert(0) +=
                1;
        }
        assert_eq!(counts.len(), usize::from(PARTITIONS));
        assert!(counts.values().all(|count| (850..1150).contains(count)), "{counts:?}");
    }
}
