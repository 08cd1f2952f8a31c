//! A file as the source of an import.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Mutex;

use super::attempts::Attempts;
use super::config::{FileConfig, Format};
use super::location::{Access, InvalidFile, Location};
use super::mark::Mark;
use super::origin::Origin;
use super::reading::Reading;
use crate::contacts::consumer::Cursor;
use crate::contacts::import::source::{Read, Source, SourceError};
use crate::contacts::mapping::Mappings;
use crate::ground::aws::s3::S3;
use crate::ground::clock::Deadline;
use crate::ground::http::HttpParts;

/// What it takes to read files.
#[derive(Clone)]
pub struct FileParts {
    /// For servers.
    pub http: HttpParts,
    /// For `s3://`.
    pub s3: S3,
    /// What may be read.
    pub access: Access,
}

/// The contacts in a file. What a contact's id is, the mappings say.
///
/// Whoever reads page after page reads one stream; from any other cursor the file is opened again.
/// Pages are read one at a time. A page has fewer contacts than it may have, or none, where records
/// are unreadable or long: it is the last one only if there is no next. The total is not known.
pub struct FileSource {
    origin: Arc<Origin>,
    format: Format,
    mappings: Mappings,
    http: HttpParts,
    /// The stream behind the last page.
    open: Mutex<Option<Reading>>,
}

impl FileSource {
    /// The file `config`, if it may be read. It is not opened yet.
    pub fn new(
        config: FileConfig,
        mappings: Mappings,
        parts: FileParts,
    ) -> Result<Self, InvalidFile> {
        config.check(parts.access)?;
        let format = config.format();
        let origin = match config.location {
            Location::Path(path) => Origin::Path(path),
            Location::Web(url) => Origin::Web(url),
            Location::S3(name) => Origin::S3(parts.s3.object(&name).ok_or_else(|| {
                InvalidFile::expected("s3://bucket/key, as S3 names buckets and objects")
            })?),
        };
        let (origin, open) = (Arc::new(origin), Mutex::default());
        Ok(Self { origin, format, mappings, http: parts.http, open })
    }
}

#[async_trait]
impl Source for FileSource {
    async fn page(
        &self,
        from: &Cursor,
        limit: u32,
        deadline: Deadline,
    ) -> Result<Read, SourceError> {
        let mark = Mark::read(from)?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX).max(1);
        let mut attempts = Attempts::new(&self.http, deadline);
        // It is put back only where a page has ended: what fails or is dropped, is opened again.
        let mut open = self.open.lock().await;
        let kept = open.take().filter(|reading| reading.is_at(mark));
        let mut reading = if let Some(reading) = kept {
            reading
        } else {
            let (origin, mappings) = (&self.origin, &self.mappings);
            Reading::open(origin, self.format, mark, mappings, &mut attempts).await?
        };
        let page = reading.page(limit, &self.mappings, &mut attempts).await?;
        *open = page.next.is_some().then_some(reading);
        // A file may have the same contacts again, and comes to its end all the same.
        Ok(Read { page, shown: None })
    }
}
