//! What one side's contact means for the other side of its pair: what has to be written there, and
//! what both hold then.

use serde_json::Value;

use crate::contacts::mapping::{Entry, Mapped, Origin};
use crate::contacts::pairs::View;
use crate::contacts::{Fields, Side};
use crate::ground::clock::Timestamp;
use crate::ground::fingerprint::Fingerprint;

/// What has to be done about a pair.
pub(in crate::contacts) struct Change {
    /// What the other side has to be told; empty if it holds all of it already.
    pub fields: Fields,
    /// What both sides hold once it was told.
    pub view: View,
}

/// Both sides correct each other's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::contacts) struct Loop;

impl Change {
    /// What has to be done, now that a contact on `side` is `mapped` to the other one and both were
    /// last known to hold `view`.
    pub fn of(mapped: &Mapped, side: Side, view: &View, now: Timestamp) -> Result<Self, Loop> {
        let other = side.other();
        let mut after = view.clone();
        let news_to_us = news_in(mapped, side, view);
        let news_to_them: Vec<_> = news_to_us
            .iter()
            .copied()
            .filter(|entry| !view.holds(other, &entry.name, &entry.value))
            .collect();
        let fields = changes(mapped, &news_to_them);
        if !news_to_them.is_empty() {
            let write = fingerprint(&news_to_them);
            if view.guard.forbids(other, write, now) {
                return Err(Loop);
            }
            after.guard.note(other, write, now);
            after.last_written = Some(now);
        }
        for entry in &news_to_us {
            after.note(side, &entry.name, &entry.source);
            after.note(other, &entry.name, &entry.value);
        }
        Ok(Self { fields, view: after })
    }
}

/// The fields whose value on `side` is another than it was. A default is none: it belongs into new
/// contacts.
fn news_in<'a>(mapped: &'a Mapped, side: Side, view: &View) -> Vec<&'a Entry> {
    let entries = mapped.entries.iter().filter(|entry| entry.origin != Origin::Default);
    entries.filter(|entry| !view.holds(side, &entry.name, &entry.source)).collect()
}

/// What is written. Of a list every mapped item is, since writing one would drop the others.
fn changes(mapped: &Mapped, news: &[&Entry]) -> Fields {
    mapped.fields_where(|entry| {
        news.iter()
            .any(|it| it.name == entry.name || it.target_path.shares_list(&entry.target_path))
    })
}

/// The fingerprint of a write.
fn fingerprint(entries: &[&Entry]) -> Fingerprint {
    let fields: Fields =
        entries.iter().map(|entry| (entry.name.to_string(), entry.value.clone())).collect();
    Fingerprint::of_value(&Value::Object(fields))
}
