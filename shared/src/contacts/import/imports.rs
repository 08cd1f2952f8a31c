//! Starting imports, ending them, and looking at them. This is all that a function needs which
//! does not import itself.

use std::sync::Arc;
use std::time::Duration;

use super::job::{DOUBTS_PART, Job, JobId, JobState, Retry};
use super::messages::{Slice, Slices};
use super::request::{ImportRequest, Mode};
use super::source::{Access, InvalidFile};
use super::status::Status;
use super::store::{FailurePage, JobError, Jobs, Started};
use crate::botmatic::IntegrationId;
use crate::botmatic::integrations::{IntegrationError, IntegrationStore};
use crate::ground::aws::sqs::SendMessagesError;
use crate::ground::clock::{Clock, Timestamp};
use crate::ground::random::Random;

/// A part that nobody has worked on for so long, though its message should have been received, is
/// told of once more when somebody asks for an import again.
pub(super) const FORGOTTEN: Duration = Duration::from_mins(1);
/// The same for one that nobody has begun.
const UNTOLD: Duration = Duration::from_secs(5);

/// An import could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no such integration, or none any more.
    #[error("no such integration is installed")]
    NotInstalled,
    /// There is no import to try again.
    #[error("no such import")]
    NotFound,
    /// It has not ended yet.
    #[error("the import is still running")]
    Running,
    /// The file cannot be the source.
    #[error("source: {0}")]
    File(InvalidFile),
    /// The integration could not be looked up.
    #[error(transparent)]
    Integration(#[from] IntegrationError),
    /// Jobs could not be read or written.
    #[error(transparent)]
    Jobs(#[from] JobError),
    /// The queue did not take the message.
    #[error("the import could not be queued")]
    Queue(#[from] SendMessagesError),
}

impl StartError {
    /// Whether the same may succeed later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Integration(error) => error.is_retryable(),
            Self::Jobs(error) => error.is_retryable(),
            Self::Queue(error) => error.is_retryable(),
            Self::NotInstalled | Self::NotFound | Self::Running | Self::File(_) => false,
        }
    }
}

/// What became of starting an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// The import that runs.
    pub import: JobId,
    /// Whether it was started now; it ran already if not.
    pub is_new: bool,
}

/// The imports of all integrations.
pub struct Imports {
    /// Jobs, parts, failures.
    pub jobs: Jobs,
    /// Where the messages about slices go.
    pub slices: Slices,
    /// The installations.
    pub integrations: Arc<dyn IntegrationStore>,
    /// Which files may be the source of an import.
    pub access: Access,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids.
    pub random: Arc<Random>,
}

impl Imports {
    /// Starts an import, unless the integration has one that runs.
    pub async fn start(&self, request: &ImportRequest) -> Result<Begun, StartError> {
        self.begin(request, None).await
    }

    /// Starts an import of those contacts alone that another one has not brought over. Where it is
    /// not known whether Botmatic has created a contact, it is created only if `create_doubtful`.
    /// What an import with the mode `verify` has found is brought over as by one with `full`.
    pub async fn retry(&self, of: &JobId, create_doubtful: bool) -> Result<Begun, StartError> {
        let mut job = self.jobs.find(of).await?.ok_or(StartError::NotFound)?;
        if job.state == JobState::Running {
            return Err(StartError::Running);
        }
        if job.request.mode == Mode::Verify {
            job.request.mode = Mode::Full;
        }
        let retry = Retry { of: of.clone(), create_doubtful };
        self.begin(&job.request, Some(&retry)).await
    }

    async fn begin(
        &self,
        request: &ImportRequest,
        retry: Option<&Retry>,
    ) -> Result<Begun, StartError> {
        if self.integrations.installed(&request.integration).await?.is_none() {
            return Err(StartError::NotInstalled);
        }
        if let Some(file) = &request.source {
            file.check(self.access).map_err(StartError::File)?;
        }
        let now = self.clock.now();
        let import = JobId::new(request.integration.clone(), now, &self.random);
        match self.jobs.start(&import, request, retry).await? {
            Started::New => {
                let first = Slice { import: import.clone(), part: 0, slice: 0 };
                if let Err(error) = self.slices.send(&[first], Duration::ZERO, now).await {
                    // Who tries again gets one that somebody works on.
                    let (reason, owner) = (error.to_string(), self.random.token());
                    self.jobs.stop(&import, JobState::Failed, Some(&reason), &owner).await?;
                    return Err(error.into());
                }
                Ok(Begun { import, is_new: true })
            }
            Started::Running(import) => {
                self.remind(&import, FORGOTTEN).await?;
                Ok(Begun { import, is_new: false })
            }
        }
    }

    async fn remind(&self, import: &JobId, idle_for: Duration) -> Result<(), StartError> {
        let slices = self.forgotten(import, idle_for).await?;
        self.slices.send(&slices, Duration::ZERO, self.clock.now()).await?;
        Ok(())
    }

    /// The parts on which nobody works, though somebody should: their messages are sent once more.
    /// Where all are done, whoever did the last one has ended before closing the job: any will do.
    pub(super) async fn forgotten(
        &self,
        import: &JobId,
        idle_for: Duration,
    ) -> Result<Vec<Slice>, JobError> {
        let now = self.clock.now();
        let parts = self.jobs.parts(import).await?;
        let is_leased = |until: Option<Timestamp>| until.is_some_and(|until| until > now);
        let is_done = parts.iter().all(|part| part.is_over);
        let forgotten = parts.into_iter().filter(|part| {
            // Whoever was to tell of it may have ended before that. In doubt it waits on purpose.
            let is_new =
                part.slice == 0 && part.leased_until.is_none() && part.number != DOUBTS_PART;
            let idle_for = if is_new { idle_for.min(UNTOLD) } else { idle_for };
            let is_idle = now.since(part.updated) >= idle_for;
            is_idle && (is_done || !part.is_over && !is_leased(part.leased_until))
        });
        Ok(forgotten
            .take(if is_done { 1 } else { usize::MAX })
            .map(|part| Slice { import: import.clone(), part: part.number, slice: part.slice })
            .collect())
    }

    /// Sends the messages about the parts of an import that nobody works on.
    pub async fn go_on(&self, import: &JobId) -> Result<(), StartError> {
        let job = self.jobs.find(import).await?.ok_or(StartError::NotFound)?;
        if job.state == JobState::Running {
            self.remind(import, Duration::ZERO).await?;
        }
        Ok(())
    }

    /// Ends an import; what is brought over already stays. False if it had ended.
    pub async fn cancel(&self, import: &JobId) -> Result<bool, JobError> {
        self.jobs.stop(import, JobState::Cancelled, None, &self.random.token()).await
    }

    /// Ends the import of an integration that runs, if one does. True if somebody worked on it.
    pub async fn end(&self, integration: &IntegrationId) -> Result<bool, JobError> {
        let Some(import) = self.jobs.running(integration).await? else { return Ok(false) };
        let now = self.clock.now();
        let parts = self.jobs.parts(&import).await?;
        self.cancel(&import).await?;
        Ok(parts.iter().any(|part| part.leased_until.is_some_and(|until| until > now)))
    }

    /// How far an import has come.
    pub async fn status(&self, import: &JobId) -> Result<Option<Status>, JobError> {
        let Some(job) = self.jobs.find(import).await? else { return Ok(None) };
        let parts = self.jobs.parts(import).await?;
        Ok(Some(Status::of(&job, &parts, self.clock.now())))
    }

    /// The imports of an integration, the newest first, `limit` at most.
    pub async fn list(
        &self,
        integration: &IntegrationId,
        limit: u16,
    ) -> Result<Vec<Job>, JobError> {
        self.jobs.list(integration, limit).await
    }

    /// The contacts that an import has not brought over.
    pub async fn failures(
        &self,
        import: &JobId,
        after: Option<&str>,
        limit: u16,
    ) -> Result<FailurePage, JobError> {
        self.jobs.failures(import, after, limit).await
    }
}
