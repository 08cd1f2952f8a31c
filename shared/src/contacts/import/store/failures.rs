//! The contacts of a job that were not brought over.

use std::collections::HashMap;

use super::item::{KEPT_FOR, as_json, failures_key, text as text_of};
use super::jobs::{JobError, Jobs};
use crate::botmatic::integrations::table::{self, SORT_KEY, TTL_ATTRIBUTE};
use crate::contacts::ExternalId;
use crate::contacts::import::job::{Failure, JobId};
use crate::ground::aws::dynamodb::{Item, Query, Write, number, text};

const FAILURES: &str = "pk = :pk";

/// Some of a job's failures. In the order of their keys, which says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailurePage {
    /// The failures.
    pub failures: Vec<Failure>,
    /// After which the next page begins; none after the last one.
    pub next: Option<String>,
}

impl Jobs {
    /// Remembers failures. One of the same contact takes the place of an earlier one.
    pub async fn note_failures(&self, id: &JobId, failures: &[Failure]) -> Result<(), JobError> {
        let expires = number((self.clock.now() + KEPT_FOR).as_secs());
        let items = failures.iter().map(|failure| {
            let sort_key = sort_key(failure);
            let mut item = table::item_key(failures_key(id), sort_key.clone());
            item.insert("failure".to_owned(), as_json(failure)?);
            item.insert(TTL_ATTRIBUTE.to_owned(), expires.clone());
            Ok((sort_key, item))
        });
        // No two of one call may have the same key.
        let items = items.collect::<Result<HashMap<_, _>, JobError>>()?;
        Ok(self.client.put_all(&self.table, items.into_values().collect()).await?)
    }

    /// Forgets the failure of a contact.
    pub async fn forget_failure(&self, id: &JobId, failure: &Failure) -> Result<(), JobError> {
        let key = table::item_key(failures_key(id), sort_key(failure));
        self.client.delete(&Write::to(&self.table, key)).await?;
        Ok(())
    }

    /// The failure of a contact.
    pub async fn failure_of(
        &self,
        id: &JobId,
        contact: &ExternalId,
    ) -> Result<Option<Failure>, JobError> {
        let key = table::item_key(failures_key(id), format!("id#{contact}"));
        let item = self.client.get(&Query::of(&self.table).key(key)).await?;
        item.as_ref().map(failure_of).transpose()
    }

    /// The failures of a job after `after`, `limit` at most.
    pub async fn failures(
        &self,
        id: &JobId,
        after: Option<&str>,
        limit: u16,
    ) -> Result<FailurePage, JobError> {
        let after = after.map(|sort_key| table::item_key(failures_key(id), sort_key));
        let query = Query::of(&self.table)
            .where_key(FAILURES)
            .value(":pk", text(failures_key(id)))
            .after(after)
            .limit(limit);
        let page = self.client.query(&query).await?;
        let next = page.last_evaluated_key.as_ref().and_then(|key| text_of(key, SORT_KEY));
        let next = next.map(str::to_owned);
        let failures = page.items.iter().map(failure_of).collect::<Result<_, _>>()?;
        Ok(FailurePage { failures, next })
    }
}

fn sort_key(failure: &Failure) -> String {
    match (&failure.external_id, &failure.place) {
        (Some(id), _) => format!("id#{id}"),
        (None, Some(place)) => format!("at#{place}"),
        (None, None) => "at#".to_owned(),
    }
}

fn failure_of(item: &Item) -> Result<Failure, JobError> {
    let json = text_of(item, "failure").unwrap_or_default();
    serde_json::from_str(json).map_err(|_| JobError::Corrupt("a failure"))
}
