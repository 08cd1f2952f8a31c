//! What a file's bytes are from.

use bytes::Bytes;
use reqwest::Url;

use super::attempts::Attempts;
use super::{local, remote};
use crate::contacts::import::source::SourceError;
use crate::ground::aws::s3::Object;
use crate::ground::fingerprint::Fingerprint;

/// One of the places where a file can be.
pub(super) enum Origin {
    Path(String),
    Web(Url),
    S3(Object),
}

/// A file that is being read.
pub(super) struct Opened {
    pub body: Body,
    /// What tells this state of the file from others, if anything does.
    pub version: Option<Fingerprint>,
}

/// Where the next bytes are from.
pub(super) enum Body {
    File(local::Reader),
    Answer(remote::Answer),
}

impl Origin {
    /// Opens it so that the byte `at` is the first that is read.
    pub async fn open(&self, at: u64, attempts: &Attempts<'_>) -> Result<Opened, SourceError> {
        let client = &attempts.parts.client;
        let request = match self {
            Self::Path(path) => return attempts.within(local::open(path.clone(), at)).await?,
            Self::Web(url) => client.get(url.clone()),
            Self::S3(object) => reqwest::RequestBuilder::from_parts(client.clone(), object.get()?),
        };
        remote::open(request, at, attempts).await
    }

    /// Whether it should be opened again for every page, since another state of the file shows
    /// only then. A connection goes on with the state it began with.
    pub fn is_reopened(&self) -> bool {
        matches!(self, Self::Path(_))
    }
}

impl Body {
    /// Whether the file ends where it ends.
    pub fn is_last(&self) -> bool {
        match self {
            Self::File(_) => true,
            Self::Answer(answer) => answer.is_last(),
        }
    }

    /// Some bytes, or none at its end.
    pub async fn read(&mut self, attempts: &Attempts<'_>) -> Result<Bytes, SourceError> {
        match self {
            Self::File(reader) => attempts.within(reader.read()).await?,
            Self::Answer(answer) => answer.read(attempts).await,
        }
    }
}
