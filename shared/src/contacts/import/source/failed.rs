//! The contacts that another import has not brought over, as the source of one.

use async_trait::async_trait;
use futures_util::{StreamExt as _, stream};
use tokio::sync::Semaphore;

use super::{Read, Source, SourceError};
use crate::botmatic::integrations::Integration;
use crate::contacts::consumer::{
    ConsumerError, Cursor, ExternalConsumer, Page, Tenant, Unreadable,
};
use crate::contacts::import::job::JobId;
use crate::contacts::import::store::{JobError, Jobs};
use crate::ground::clock::Deadline;

/// How many contacts are looked up at once.
const CONCURRENCY: usize = 8;

/// The failures of a job, read from the external service one by one.
pub(in crate::contacts::import) struct FailedContacts<'a> {
    pub jobs: &'a Jobs,
    pub of: &'a JobId,
    pub consumer: &'a dyn ExternalConsumer,
    pub integration: &'a Integration,
    /// What calls of the services may be made besides that for which a page is read.
    pub calls: &'a Semaphore,
}

/// Those of another source's contacts that are failures of a job.
pub(in crate::contacts::import) struct FailedOf<'a> {
    pub jobs: &'a Jobs,
    pub of: &'a JobId,
    pub all: Box<dyn Source + 'a>,
}

#[async_trait]
impl Source for FailedContacts<'_> {
    async fn page(
        &self,
        from: &Cursor,
        limit: u32,
        deadline: Deadline,
    ) -> Result<Read, SourceError> {
        let after = match from {
            Cursor::Token(after) => Some(after.as_str()),
            _ => None,
        };
        let limit = u16::try_from(limit).unwrap_or(u16::MAX);
        let page = self.jobs.failures(self.of, after, limit).await.map_err(unavailable)?;
        let tenant = Tenant::of(self.integration, deadline);
        let ids = page.failures.into_iter().filter_map(|failure| failure.external_id);
        let asking = ids.map(|id| async move {
            let found = self.consumer.get_contact(&tenant, &id).await;
            (id, found)
        });
        let spare: Vec<_> =
            std::iter::from_fn(|| self.calls.try_acquire().ok()).take(CONCURRENCY - 1).collect();
        let found: Vec<_> = stream::iter(asking).buffered(1 + spare.len()).collect().await;
        drop(spare);
        let (mut contacts, mut unreadable) = (Vec::with_capacity(found.len()), Vec::new());
        for (id, found) in found {
            match found {
                Ok(contact) => contacts.push(contact),
                // It was deleted since: there is nothing to bring over.
                Err(ConsumerError::NotFound) => {}
                Err(
                    error @ (ConsumerError::Unreadable { .. } | ConsumerError::Rejected { .. }),
                ) => {
                    let (place, expected) = (id.to_string(), format!("a contact: {error}"));
                    unreadable.push(Unreadable { place, expected, item: None });
                }
                Err(error) => return Err(error.into()),
            }
        }
        let next = page.next.map(Cursor::Token);
        Ok(Read { page: Page { contacts, unreadable, next, total: None }, shown: None })
    }
}

#[async_trait]
impl Source for FailedOf<'_> {
    async fn page(
        &self,
        from: &Cursor,
        limit: u32,
        deadline: Deadline,
    ) -> Result<Read, SourceError> {
        let Read { mut page, shown } = self.all.page(from, limit, deadline).await?;
        let looking = page.contacts.into_iter().map(|contact| async move {
            let failure = self.jobs.failure_of(self.of, &contact.id).await?;
            Ok::<_, JobError>(failure.map(|_| contact))
        });
        let looked: Vec<_> = stream::iter(looking).buffered(CONCURRENCY).collect().await;
        let failed = looked.into_iter().filter_map(Result::transpose);
        page.contacts = failed.collect::<Result<_, _>>().map_err(unavailable)?;
        // What could not be read has no id by which it could be tried again; the total is of all.
        page.unreadable.clear();
        page.total = None;
        Ok(Read { page, shown })
    }
}

fn unavailable(error: JobError) -> SourceError {
    SourceError::Failures(Box::new(error))
}
