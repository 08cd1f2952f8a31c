//! The contacts of one tenant, by number and by e-mail address.

use std::collections::{BTreeMap, BTreeSet};

use patchcord::contacts::Fields;

use super::Generated;

/// A contact's fields and the time of its latest change, in microseconds since 1970.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::standins) struct Record {
    pub(in crate::standins) fields: Fields,
    pub(in crate::standins) updated_at: u64,
}

/// The contacts of one tenant. Generated ones are kept only if they were changed.
#[derive(Debug, Default)]
pub(in crate::standins) struct Contacts {
    /// Fields as their JSON text: a third of what a tree of them takes, which counts by the million.
    kept: BTreeMap<u64, (Box<str>, u64)>,
    /// Addresses of those that are kept, in small letters.
    emails: BTreeSet<(Box<str>, u64)>,
    generated: Generated,
    /// Generated ones that were deleted.
    gone: BTreeSet<u64>,
}

impl Contacts {
    /// Nothing but generated contacts.
    pub(in crate::standins) fn generated(generated: Generated) -> Self {
        Self { generated, ..Self::default() }
    }

    pub(in crate::standins) fn len(&self) -> usize {
        let changed = self.kept.range(..=self.generated.count).count();
        self.count_generated() + self.kept.len() - changed
    }

    pub(in crate::standins) fn get(&self, number: u64) -> Option<Record> {
        if let Some((fields, updated_at)) = self.kept.get(&number) {
            let fields = serde_json::from_str(fields).unwrap_or_default();
            return Some(Record { fields, updated_at: *updated_at });
        }
        let fields = self.generated.fields(number).filter(|_| !self.gone.contains(&number))?;
        // Generation counts as their first change.
        Some(Record { fields, updated_at: self.generated.at + number })
    }

    /// Creates or replaces.
    pub(in crate::standins) fn put(&mut self, number: u64, record: Record) {
        self.forget_email(number);
        if let Some(email) = email(&record.fields) {
            self.emails.insert((email.into(), number));
        }
        let fields = serde_json::Value::Object(record.fields).to_string();
        self.kept.insert(number, (fields.into(), record.updated_at));
    }

    /// Says whether it was there.
    pub(in crate::standins) fn remove(&mut self, number: u64) -> bool {
        self.forget_email(number);
        let kept = self.kept.remove(&number).is_some();
        let generated = (1..=self.generated.count).contains(&number) && self.gone.insert(number);
        kept || generated
    }

    fn forget_email(&mut self, number: u64) {
        let record = self.kept.contains_key(&number).then(|| self.get(number)).flatten();
        if let Some(email) = record.and_then(|record| email(&record.fields)) {
            self.emails.remove(&(email.into(), number));
        }
    }

    /// Those with this address, whatever its capitals.
    pub(in crate::standins) fn by_email(&self, address: &str) -> Vec<u64> {
        let address = address.to_lowercase();
        let generated = self.generated.by_email(&address);
        let generated = generated.filter(|n| !self.gone.contains(n) && !self.kept.contains_key(n));
        let all = (address.clone().into(), 0)..=(address.into(), u64::MAX);
        generated.into_iter().chain(self.emails.range(all).map(|(_, number)| *number)).collect()
    }

    /// The numbers above `after`, in order.
    pub(in crate::standins) fn after(&self, after: u64) -> impl Iterator<Item = u64> {
        let last = self.generated.count;
        let generated = (after.saturating_add(1)..=last).filter(|n| !self.gone.contains(n));
        let own = self.kept.range(after.max(last).saturating_add(1)..).map(|(number, _)| *number);
        generated.chain(own)
    }

    /// The number before the contact that `offset` others precede, to hand to [`Self::after`].
    pub(in crate::standins) fn before_offset(&self, offset: usize) -> u64 {
        let generated = self.count_generated();
        let number = if offset < generated {
            let first = offset as u64 + 1;
            // Each one that is gone moves the others up by one place.
            self.gone.iter().fold(first, |number, gone| number + u64::from(*gone <= number))
        } else {
            let mut own = self.kept.range(self.generated.count + 1..);
            own.nth(offset - generated).map_or(u64::MAX, |(number, _)| *number)
        };
        number - 1
    }

    fn count_generated(&self) -> usize {
        usize::try_from(self.generated.count).unwrap_or(usize::MAX) - self.gone.len()
    }
}

fn email(fields: &Fields) -> Option<String> {
    Some(fields.get("email")?.as_str()?.to_lowercase())
}
