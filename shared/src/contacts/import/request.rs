//! What somebody asks for when they start an import.

use serde::{Deserialize, Serialize};

use super::source::FileConfig;
use crate::botmatic::IntegrationId;

/// How many contacts a page has where nobody says it.
const DEFAULT_PAGE_SIZE: u32 = 100;
/// Botmatic is told of a page in one call, and a call has an end.
const MAX_PAGE_SIZE: u32 = 500;

/// Starts an import. The JSON form of `POST /imports` and of an invocation of the function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    /// Whose contacts.
    pub integration: IntegrationId,
    /// What is done about them.
    #[serde(default)]
    pub mode: Mode,
    /// How many contacts are read, and written, at a time: from 1 to 500.
    #[serde(default)]
    pub page_size: PageSize,
    /// Says what would be done, and does not do it.
    #[serde(default)]
    pub dry_run: bool,
    /// A file; the external service if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<FileConfig>,
}

/// What is done about the contacts of the source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// New ones are created on Botmatic, changed ones updated.
    #[default]
    Full,
    /// New ones are created, others left alone.
    Missing,
    /// Nothing is written; whatever is not in step is reported, contact by contact.
    Verify,
}

/// How many contacts a page has at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct PageSize(u32);

/// A number is no size of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected a page size from 1 to {MAX_PAGE_SIZE}")]
pub struct InvalidPageSize;

impl PageSize {
    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl Default for PageSize {
    fn default() -> Self {
        Self(DEFAULT_PAGE_SIZE)
    }
}

impl TryFrom<u32> for PageSize {
    type Error = InvalidPageSize;

    fn try_from(size: u32) -> Result<Self, InvalidPageSize> {
        if (1..=MAX_PAGE_SIZE).contains(&size) { Ok(Self(size)) } else { Err(InvalidPageSize) }
    }
}

impl From<PageSize> for u32 {
    fn from(size: PageSize) -> Self {
        size.0
    }
}

impl ImportRequest {
    /// An import of everything the external service has.
    pub fn full(integration: IntegrationId) -> Self {
        let (mode, page_size) = (Mode::default(), PageSize::default());
        Self { integration, mode, page_size, dry_run: false, source: None }
    }

    /// Whether anything is written to either side.
    pub fn writes(&self) -> bool {
        !self.dry_run && self.mode != Mode::Verify
    }
}
