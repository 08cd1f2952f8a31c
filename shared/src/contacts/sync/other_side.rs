//! Writing to the side that does not know yet, whichever it is.

use std::error::Error as _;

use ring::digest::{SHA256, digest};

use super::operations::{Job, Sync};
use super::outcome::{Obstacle, Outcome};
use crate::botmatic::api::ApiError;
use crate::contacts::consumer::{ConsumerError, ExternalContact};
use crate::contacts::pairs::{Contact, CreationKey};
use crate::contacts::{ExternalId, Fields, Side};
use crate::ground::hex::hex;

/// A side refused, or did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum SideError {
    /// The external service.
    #[error("external service")]
    External(#[from] ConsumerError),
    /// Botmatic.
    #[error("Botmatic")]
    Botmatic(#[from] ApiError),
}

impl SideError {
    /// Which side, and what it said. What is behind that is not for whoever is answered.
    fn reason(&self) -> String {
        self.source().map_or_else(|| self.to_string(), |cause| format!("{self}: {cause}"))
    }

    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::External(ConsumerError::NotFound) | Self::Botmatic(ApiError::NotFound))
    }

    /// It is not known whether it was done; whoever told has to tell again.
    pub fn into_doubt(self) -> Outcome {
        let reason = self.reason();
        match self.into() {
            later @ Outcome::RetryLater { .. } => later,
            _ => Outcome::busy(reason),
        }
    }

    /// Whether a creation may have taken place all the same.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::External(error) => error.may_have_happened(),
            Self::Botmatic(error) => error.may_have_happened(),
        }
    }
}

impl From<SideError> for Outcome {
    fn from(error: SideError) -> Self {
        let (is_retryable, after) = match &error {
            SideError::External(error) => (error.is_retryable(), error.retry_after()),
            SideError::Botmatic(error) => (error.is_retryable(), error.retry_after()),
        };
        match error {
            error if error.is_not_found() => Self::NotFound,
            error if is_retryable => {
                let (reason, obstacle) = (error.reason(), Obstacle::Service);
                Self::RetryLater { after, reason, obstacle }
            }
            error => Self::Rejected(error.reason()),
        }
    }
}

impl Sync {
    /// Creates a contact on `side` with these fields, on behalf of `source`, whose creation is known
    /// by `key`.
    pub(super) async fn create_on(
        &self,
        side: Side,
        job: &Job<'_>,
        source: &Contact,
        key: CreationKey,
        fields: &Fields,
    ) -> Result<Contact, SideError> {
        match side {
            Side::Botmatic => {
                let token = &job.integration.token;
                let id = self.botmatic.create_contact(token, job.deadline, fields).await?;
                Ok(Contact::Botmatic(id))
            }
            Side::External => {
                let key = idempotency_key(job, source, key);
                let id = self.consumer.create_contact(&job.tenant(), fields, &key).await?;
                Ok(Contact::External(id))
            }
        }
    }

    /// Changes these fields of a contact.
    pub(super) async fn update_on(
        &self,
        job: &Job<'_>,
        contact: &Contact,
        fields: &Fields,
    ) -> Result<(), SideError> {
        match contact {
            Contact::Botmatic(id) => {
                let token = &job.integration.token;
                Ok(self.botmatic.update_contact(token, job.deadline, id, fields).await?)
            }
            Contact::External(id) => {
                Ok(self.consumer.update_contact(&job.tenant(), id, fields).await?)
            }
        }
    }

    /// The external contact of this id, if it is there.
    pub(super) async fn read(
        &self,
        job: &Job<'_>,
        id: &ExternalId,
    ) -> Result<Option<ExternalContact>, SideError> {
        match self.consumer.get_contact(&job.tenant(), id).await {
            Ok(found) => Ok(Some(found)),
            Err(ConsumerError::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes a contact; that there is none is fine.
    pub(super) async fn delete_on(
        &self,
        job: &Job<'_>,
        contact: &Contact,
    ) -> Result<(), SideError> {
        let deleted = match contact {
            Contact::Botmatic(id) => {
                let token = &job.integration.token;
                self.botmatic.delete_contact(token, job.deadline, id).await.map_err(SideError::from)
            }
            Contact::External(id) => {
                self.consumer.delete_contact(&job.tenant(), id).await.map_err(SideError::from)
            }
        };
        match deleted {
            Err(error) if !error.is_not_found() => Err(error),
            _ => Ok(()),
        }
    }
}

/// The same for every attempt to create the same contact, and not to be guessed from its id. Another
/// one once the contact is another: services refuse a key that comes back with another body
/// (<https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-07#section-2.6>).
fn idempotency_key(job: &Job<'_>, source: &Contact, key: CreationKey) -> String {
    let text = format!("{}#{}#{:016x}", job.integration.id, source.id(), key.to_bits());
    let hash = digest(&SHA256, text.as_bytes());
    hex(&hash.as_ref()[..16])
}
