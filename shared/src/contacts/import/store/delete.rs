//! Deleting everything of an integration's imports, page by page.

use super::item::{JOB, failures_key, partition_key, text as text_of};
use super::jobs::{JobError, Jobs};
use crate::botmatic::IntegrationId;
use crate::botmatic::integrations::table::{PARTITION_KEY, SORT_KEY};
use crate::contacts::import::job::JobId;
use crate::contacts::pairs::Deletion;
use crate::ground::aws::dynamodb::{Action, Query, Write, text};
use crate::ground::clock::Deadline;

/// As many as fit into one transaction.
const PAGE: u16 = 100;
const ALL: &str = "pk = :pk";

impl Jobs {
    /// Deletes jobs, parts and failures, until all are gone or `until` comes.
    pub async fn delete_all(
        &self,
        integration: &IntegrationId,
        until: Deadline,
    ) -> Result<Deletion, JobError> {
        let partition = partition_key(integration);
        let mut after = None;
        loop {
            let query = self.everything(&partition).after(after);
            let page = self.client.query(&query).await?;
            for item in &page.items {
                let run = text_of(item, SORT_KEY).and_then(|key| key.strip_prefix(JOB));
                let Some(run) = run else { continue };
                let id = JobId::of_run(integration, run);
                let id = id.map_err(|_| JobError::Corrupt("an id"))?;
                if self.delete_partition(&failures_key(&id), until).await? == Deletion::Unfinished {
                    return Ok(Deletion::Unfinished);
                }
            }
            after = page.last_evaluated_key;
            if after.is_none() {
                break;
            }
        }
        self.delete_partition(&partition, until).await
    }

    async fn delete_partition(
        &self,
        partition: &str,
        until: Deadline,
    ) -> Result<Deletion, JobError> {
        loop {
            if until.remaining(self.clock.now()).is_zero() {
                return Ok(Deletion::Unfinished);
            }
            let page = self.client.query(&self.everything(partition)).await?;
            if page.items.is_empty() {
                return Ok(Deletion::Finished);
            }
            let deletes = page.items.into_iter().map(|mut item| {
                item.retain(|name, _| name == PARTITION_KEY || name == SORT_KEY);
                Action::Delete(Write::to(&self.table, item))
            });
            self.client.transact(&deletes.collect::<Vec<_>>()).await?;
        }
    }

    fn everything(&self, partition: &str) -> Query<'_> {
        Query::of(&self.table).where_key(ALL).value(":pk", text(partition)).limit(PAGE)
    }
}
