//! Installing the integration in a workspace, and uninstalling it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::import::job::JobId;
use super::import::store::JobError;
use super::import::{ImportRequest, Imports, LEASE, StartError};
use super::mapping::Mappings;
use super::pairs::{Deletion, PairError, PairStore};
use crate::botmatic::api::{ApiError, BotmaticApi};
use crate::botmatic::integrations::{
    Integration, IntegrationError, IntegrationId, IntegrationStore,
};
use crate::ground::clock::{Clock, Deadline};
use crate::ground::random::Random;
use crate::ground::secret::Secret;

/// What is left of an invocation for the answer, when a deletion ends before it is finished.
/// Two calls of the store that are tried three times may still run then.
const RESERVE: Duration = Duration::from_secs(7);

/// An installation failed, or the end of one.
#[derive(Debug, thiserror::Error)]
pub enum InstallationError {
    /// Botmatic does not know the token.
    #[error("Not authorized.")]
    Refused,
    /// Botmatic did not answer, or refused something else.
    #[error(transparent)]
    Botmatic(#[from] ApiError),
    /// The integration could not be stored.
    #[error(transparent)]
    Integration(#[from] IntegrationError),
    /// The pairs could not be deleted.
    #[error(transparent)]
    Pairs(#[from] PairError),
    /// The imports could not be ended, or deleted.
    #[error(transparent)]
    Jobs(#[from] JobError),
    /// The import could not be started.
    #[error(transparent)]
    Import(#[from] StartError),
    /// There are more pairs than could be deleted in the time there is. The next call goes on.
    #[error("not everything could be deleted in the time there is")]
    Unfinished,
}

impl InstallationError {
    /// Whether the same may succeed later.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Refused => false,
            Self::Botmatic(error) => error.is_retryable(),
            Self::Pairs(error) => error.is_retryable(),
            Self::Jobs(error) => error.is_retryable(),
            Self::Import(error) => error.is_retryable(),
            // Once it is uninstalled it may be installed again.
            Self::Integration(IntegrationError::Uninstalling) | Self::Unfinished => true,
            Self::Integration(error) => error.is_retryable(),
        }
    }
}

/// Installs and uninstalls.
pub struct Installations {
    /// What is installed.
    pub integrations: Arc<dyn IntegrationStore>,
    /// The pairs that go with an integration.
    pub pairs: Arc<dyn PairStore>,
    /// The imports of contacts.
    pub imports: Arc<Imports>,
    /// Whether an installation starts one, where there is a queue for it.
    pub imports_on_install: bool,
    /// Asked about tokens, and told of properties.
    pub botmatic: Arc<BotmaticApi>,
    /// What properties there are to be.
    pub mappings: Option<Mappings>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids of integrations.
    pub random: Arc<Random>,
}

impl Installations {
    /// Botmatic knows the token; it is stored; every mapped property exists; an import is started,
    /// whose id is handed back. May be repeated.
    pub async fn install(
        &self,
        token: &Secret,
        deadline: Deadline,
    ) -> Result<(Integration, Option<JobId>), InstallationError> {
        self.validate(token, deadline).await?;
        let id = IntegrationId::random(&self.random);
        let integration = self.integrations.install(token, id).await?;
        if let Some(mappings) = &self.mappings {
            let properties = mappings.botmatic_properties();
            self.botmatic.create_properties(token, deadline, &properties).await?;
        }
        let imports = self.imports_on_install && self.imports.slices.is_queue();
        let import = if imports {
            let request = ImportRequest::full(integration.id.clone());
            Some(self.imports.start(&request).await?.import)
        } else {
            None
        };
        Ok((integration, import))
    }

    /// Says that the end of an integration has begun: from now on its token is refused
    /// wherever it is not remembered. None if
    /// there is no such integration, or none any more.
    pub async fn begin_uninstall(
        &self,
        token: &Secret,
        deadline: Deadline,
    ) -> Result<Option<Integration>, InstallationError> {
        self.validate(token, deadline).await?;
        let Some(integration) = self.integrations.by_token(token.expose()).await? else {
            return Ok(None);
        };
        self.integrations.begin_uninstall(&integration.id).await?;
        Ok(Some(integration))
    }

    /// Ends and deletes the imports, deletes every pair, then settings and token. What a call does
    /// not finish the next one does.
    pub async fn finish_uninstall(
        &self,
        id: &IntegrationId,
        deadline: Deadline,
    ) -> Result<(), InstallationError> {
        let now = self.clock.now();
        let left = deadline.remaining(now);
        let until = Deadline::after(left.saturating_sub(RESERVE.min(left / 2)), now);
        if self.imports.end(id).await? {
            // Whoever worked on it learns of its end within this time.
            sleep(LEASE.min(left / 2)).await;
        }
        let is_finished = |deletion| match deletion {
            Deletion::Finished => Ok(()),
            Deletion::Unfinished => Err(InstallationError::Unfinished),
        };
        is_finished(self.imports.jobs.delete_all(id, until).await?)?;
        is_finished(self.pairs.delete_all_ids(id, until).await?)?;
        Ok(self.integrations.forget(id).await?)
    }

    /// Gives an integration another token; its pairs stay.
    pub async fn replace_token(
        &self,
        id: &IntegrationId,
        token: &Secret,
        deadline: Deadline,
    ) -> Result<Integration, InstallationError> {
        self.validate(token, deadline).await?;
        Ok(self.integrations.replace_token(id, token).await?)
    }

    async fn validate(&self, token: &Secret, deadline: Deadline) -> Result<(), InstallationError> {
        let is_known = self.botmatic.validate_token(token, deadline).await?;
        is_known.then_some(()).ok_or(InstallationError::Refused)
    }
}
