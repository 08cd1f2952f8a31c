//! Reading jobs and their parts.

use super::item::{JOB, active_key, job_key, job_of, part_of, partition_key, parts_prefix, text};
use super::jobs::{JobError, Jobs};
use crate::botmatic::IntegrationId;
use crate::contacts::import::job::{Job, JobId, Part};
use crate::ground::aws::dynamodb::{Query, text as text_value};

const BEGINS_WITH: &str = "pk = :pk AND begins_with(sk, :prefix)";

impl Jobs {
    /// A job.
    pub async fn find(&self, id: &JobId) -> Result<Option<Job>, JobError> {
        let query = Query::of(&self.table).key(job_key(id));
        let item = self.client.get(&query).await?;
        item.map(|item| job_of(&self.sealer, id.integration(), &item)).transpose()
    }

    /// The job of an integration that runs.
    pub async fn running(&self, integration: &IntegrationId) -> Result<Option<JobId>, JobError> {
        let query = Query::of(&self.table).key(active_key(integration));
        let item = self.client.get(&query).await?;
        let run = item.as_ref().and_then(|item| text(item, "job"));
        let id = run.map(|run| JobId::of_run(integration, run)).transpose();
        id.map_err(|_| JobError::Corrupt("an id"))
    }

    /// The parts of a job, 100 at most.
    pub async fn parts(&self, id: &JobId) -> Result<Vec<Part>, JobError> {
        let query = Query::of(&self.table)
            .where_key(BEGINS_WITH)
            .value(":pk", text_value(partition_key(id.integration())))
            .value(":prefix", text_value(parts_prefix(id)));
        let page = self.client.query(&query).await?;
        page.items.iter().map(part_of).collect()
    }

    /// The jobs of an integration, the newest first, `limit` at most.
    pub async fn list(
        &self,
        integration: &IntegrationId,
        limit: u16,
    ) -> Result<Vec<Job>, JobError> {
        let query = Query::of(&self.table)
            .where_key(BEGINS_WITH)
            .value(":pk", text_value(partition_key(integration)))
            .value(":prefix", text_value(JOB))
            .backwards()
            .limit(limit);
        let page = self.client.query(&query).await?;
        page.items.iter().map(|item| job_of(&self.sealer, integration, item)).collect()
    }
}
