//! A session as a DynamoDB item: attribute names, and the way there and back.

use std::fmt::Write as _;

use super::super::record::Record;
use super::super::session::SessionKey;
use super::super::store::StoreError;
use crate::ground::aws::dynamodb::{AttributeValue, Item, Write, number, text};
use crate::ground::clock::Timestamp;

/// The partition key, a string: `channel:key`.
pub const KEY_ATTRIBUTE: &str = "session";
/// DynamoDB's time to live, in seconds since the epoch.
pub const TTL_ATTRIBUTE: &str = "expires_at";

/// Attributes that a commit sets, or removes where the record has no value. `state` and `data` are
/// reserved words of DynamoDB's expressions, hence the names.
const OPTIONAL: [(&str, &str, &str); 4] = [
    ("state", "#state", ":state"),
    ("data", "#data", ":data"),
    ("answers", "answers", ":answers"),
    (TTL_ATTRIBUTE, TTL_ATTRIBUTE, ":expires_at"),
];

/// The key of the item that holds a session.
pub(super) fn item_key(key: &SessionKey) -> Item {
    Item::from([(KEY_ATTRIBUTE.to_owned(), text(key.as_str()))])
}

/// The update of a commit, which also ends the lease, and its values.
pub(super) fn commit_expression(record: Record) -> (String, Item) {
    let owner = record.committed_by.unwrap_or_default();
    let seen = record.seen.into_iter().map(number).collect();
    let mut values = Item::from([
        (":owner".to_owned(), text(owner)),
        (":version".to_owned(), number(record.version)),
        (":updated".to_owned(), number(record.updated.unwrap_or_default().as_millis())),
        (":seen".to_owned(), AttributeValue::L(seen)),
    ]);
    let answers =
        (!record.answers.is_empty()).then(|| serde_json::to_string(&record.answers).ok()).flatten();
    let optional = [
        record.state.map(AttributeValue::S),
        record.data.map(AttributeValue::S),
        answers.map(AttributeValue::S),
        record.expires.map(|expires| number(expires.as_secs())),
    ];
    let mut set = "SET committed_by = :owner, version = :version, updated = :updated, seen = :seen"
        .to_owned();
    let mut remove = " REMOVE lease_owner, lease_until".to_owned();
    for ((_, path, placeholder), value) in OPTIONAL.into_iter().zip(optional) {
        if let Some(value) = value {
            let _ = write!(set, ", {path} = {placeholder}");
            values.insert(placeholder.to_owned(), value);
        } else {
            let _ = write!(remove, ", {path}");
        }
    }
    (set + &remove, values)
}

/// Says what the paths of [`OPTIONAL`] that are placeholders stand for.
pub(super) fn naming(write: Write<'_>) -> Write<'_> {
    let placeholders = OPTIONAL.into_iter().filter(|(_, path, _)| path.starts_with('#'));
    placeholders.fold(write, |write, (name, path, _)| write.name(path, name))
}

/// The session an item is about.
pub(super) fn key_of(item: &Item) -> Result<SessionKey, StoreError> {
    let key = item.get(KEY_ATTRIBUTE).and_then(AttributeValue::as_text);
    Ok(SessionKey::from_stored(key.ok_or(StoreError::Corrupt("expected a key"))?))
}

/// The record an item holds; an empty one where there is no item.
pub(super) fn record_of(item: Option<Item>) -> Result<Record, StoreError> {
    let Some(mut item) = item else { return Ok(Record::default()) };
    let mut text = |name: &str| item.remove(name).and_then(AttributeValue::into_text);
    let (state, data) = (text("state"), text("data"));
    let (owner, committed_by) = (text("lease_owner"), text("committed_by"));
    let answers = match text("answers") {
        Some(json) => serde_json::from_str(&json)
            .map_err(|_| StoreError::Corrupt("expected a list of answers"))?,
        None => Vec::new(),
    };
    let integer = |name: &str| item.get(name).and_then(AttributeValue::as_number);
    let seen = match item.get("seen") {
        Some(AttributeValue::L(list)) => {
            list.iter().filter_map(AttributeValue::as_number).collect()
        }
        _ => Vec::new(),
    };
    Ok(Record {
        state,
        data,
        seen,
        answers,
        version: integer("version").unwrap_or_default(),
        updated: integer("updated").map(Timestamp::from_millis),
        expires: integer(TTL_ATTRIBUTE).map(|secs| Timestamp::from_millis(secs * 1000)),
        lease: owner.zip(integer("lease_until").map(Timestamp::from_millis)),
        committed_by,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_commit_sets_is_what_is_read_back() {
        let record = Record {
            state: Some(r#"{"count":1}"#.to_owned()),
            seen: vec![1, u64::MAX],
            version: 7,
            updated: Some(Timestamp::from_millis(1_500)),
            expires: Some(Timestamp::from_millis(9_000)),
            committed_by: Some("owner".to_owned()),
            ..Record::default()
        };
        let (expression, values) = commit_expression(record.clone());
        assert!(expression.contains("REMOVE lease_owner, lease_until, #data, answers"));

        let (set, _) = expression.strip_prefix("SET ").unwrap().split_once(" REMOVE ").unwrap();
        let name_of =
            |path: &str| OPTIONAL.iter().find(|(_, of, _)| *of == path).map(|(name, ..)| *name);
        let item = set.split(", ").map(|assignment| {
            let (path, placeholder) = assignment.split_once(" = ").unwrap();
            (name_of(path).unwrap_or(path).to_owned(), values[placeholder].clone())
        });
        assert_eq!(record_of(Some(item.collect())).unwrap(), record);
    }
}
