//! Where the contacts of an import are from: the external service, or a file.

mod consumer;
mod error;
mod failed;
mod file;

use async_trait::async_trait;

use crate::contacts::consumer::{Cursor, Page};
use crate::ground::clock::Deadline;
use crate::ground::fingerprint::Fingerprint;

pub(super) use consumer::ConsumerSource;
pub use error::SourceError;
pub(super) use failed::{FailedContacts, FailedOf};
pub use file::{
    Access, FileConfig, FileParts, FileSource, Format, InvalidFile, MAX_RECORD_BYTES, bytes_before,
};

/// A page as a source has it.
pub struct Read {
    /// The page.
    pub page: Page,
    /// What the list shows there, also of contacts that are left out of the page, where showing the
    /// same page again and again would be a mistake.
    pub shown: Option<Fingerprint>,
}

/// A list of contacts that can be read page by page, from any place at which a page has ended.
#[async_trait]
pub trait Source: Send + Sync {
    /// The page at `from`, of `limit` contacts at most. Nothing of it takes longer than until
    /// `deadline`. What is repeated in vain is an error here.
    async fn page(
        &self,
        from: &Cursor,
        limit: u32,
        deadline: Deadline,
    ) -> Result<Read, SourceError>;
}
