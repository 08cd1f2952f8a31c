//! The external service as the source of an import.

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use serde_json::json;

use super::{Read, Source, SourceError};
use crate::botmatic::integrations::Integration;
use crate::contacts::consumer::{Cursor, ExternalConsumer, Page, Tenant};
use crate::ground::clock::Deadline;
use crate::ground::fingerprint::Fingerprint;

/// So many pages in a row may be empty, and the list go on. Each may have a cursor of its own, so
/// that nothing else tells such a list from one without an end.
const MAX_EMPTY_PAGES: u32 = 1_000;

/// All that the external service has.
pub(in crate::contacts::import) struct ConsumerSource<'a> {
    consumer: &'a dyn ExternalConsumer,
    integration: &'a Integration,
    /// How many pages in a row were empty.
    empty: AtomicU32,
}

impl<'a> ConsumerSource<'a> {
    /// What `consumer` has for `integration`.
    pub fn new(consumer: &'a dyn ExternalConsumer, integration: &'a Integration) -> Self {
        Self { consumer, integration, empty: AtomicU32::new(0) }
    }

    /// Counts a page, if it is empty and the list goes on; an error if it goes on like that.
    fn count(&self, page: &Page) -> Result<(), SourceError> {
        if page.items() > 0 || page.next.is_none() {
            self.empty.store(0, Ordering::Relaxed);
        } else if self.empty.fetch_add(1, Ordering::Relaxed) + 1 >= MAX_EMPTY_PAGES {
            let expected = format!("a contact on one of {MAX_EMPTY_PAGES} pages in a row");
            return Err(SourceError::unreadable("the list", expected));
        }
        Ok(())
    }
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
        self.count(&page)?;
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
