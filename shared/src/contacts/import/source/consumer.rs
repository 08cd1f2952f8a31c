//! The external service as the source of an import.

use async_trait::async_trait;

use super::{Source, SourceError};
use crate::botmatic::integrations::Integration;
use crate::contacts::consumer::{Cursor, ExternalConsumer, Page, Tenant};
use crate::ground::clock::Deadline;

/// All that the external service has.
pub(in crate::contacts::import) struct ConsumerSource<'a> {
    pub consumer: &'a dyn ExternalConsumer,
    pub integration: &'a Integration,
}

#[async_trait]
impl Source for ConsumerSource<'_> {
    async fn page(
        &self,
        from: &Cursor,
        limit: u32,
        deadline: Deadline,
    ) -> Result<Page, SourceError> {
        let tenant = Tenant::of(self.integration, deadline);
        Ok(self.consumer.list_contacts(&tenant, from, limit).await?)
    }
}
