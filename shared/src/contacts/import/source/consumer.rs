//! The external service as the source of an import.

use async_trait::async_trait;
use serde_json::json;

use super::{Read, Source, SourceError};
use crate::botmatic::integrations::Integration;
use crate::contacts::consumer::{Cursor, ExternalConsumer, Page, Tenant};
use crate::ground::clock::Deadline;
use crate::ground::fingerprint::Fingerprint;

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
    ) -> Result<Read, SourceError> {
        let tenant = Tenant::of(self.integration, deadline);
        let page = self.consumer.list_contacts(&tenant, from, limit).await?;
        let shown = shown(&page);
        Ok(Read { page, shown })
    }
}

/// What a page shows: of its contacts the ids, as fields may change between two looks. None if that
/// is nothing by which it could be told from another one.
fn shown(page: &Page) -> Option<Fingerprint> {
    let ids: Vec<_> = page.contacts.iter().map(|contact| contact.id.as_str()).collect();
    let items: Vec<_> = page.unreadable.iter().filter_map(|unreadable| unreadable.item).collect();
    let is_something = !ids.is_empty() || !items.is_empty();
    is_something.then(|| Fingerprint::of_value(&json!([ids, items])))
}
