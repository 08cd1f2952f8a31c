//! Many contacts of one request.

use std::collections::HashMap;

use futures_util::{StreamExt as _, stream};

use super::operations::{Job, Sync};
use super::outcome::Outcome;
use crate::contacts::{ExternalId, Fields};

/// How many contacts of one request are handled at once.
const CONCURRENCY: usize = 8;

impl Sync {
    /// Fields of these contacts were changed on the external service: `changed_outside` for each,
    /// several at once. What is told of one contact is handled in the order in which it is told. The
    /// outcomes are in the order of `contacts`.
    pub async fn many_changed_outside(
        &self,
        job: &Job<'_>,
        contacts: Vec<(ExternalId, Fields)>,
    ) -> Vec<Outcome> {
        // Contact by contact, in the order in which they first come.
        let mut by_contact: Vec<(ExternalId, Vec<(usize, Fields)>)> = Vec::new();
        let mut places = HashMap::new();
        for (position, (id, fields)) in contacts.into_iter().enumerate() {
            let place = *places.entry(id.clone()).or_insert(by_contact.len());
            if place == by_contact.len() {
                by_contact.push((id, Vec::new()));
            }
            by_contact[place].1.push((position, fields));
        }
        let each = by_contact.into_iter().map(|(id, changes)| async move {
            let mut outcomes = Vec::with_capacity(changes.len());
            for (position, fields) in changes {
                let outcome = self.changed_outside(job, id.clone(), Some(fields)).await;
                outcomes.push((position, outcome));
            }
            outcomes
        });
        let mut outcomes = stream::iter(each).buffer_unordered(CONCURRENCY).concat().await;
        outcomes.sort_unstable_by_key(|(position, _)| *position);
        outcomes.into_iter().map(|(_, outcome)| outcome).collect()
    }
}
