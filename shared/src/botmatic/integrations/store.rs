//! The store's contract.

use async_trait::async_trait;

use super::id::IntegrationId;
use super::integration::Integration;
use crate::botmatic::Fields;
use crate::ground::seal::SealError;
use crate::ground::secret::Secret;

/// A store failed, or refused. Shows neither tokens nor settings.
#[derive(Debug, thiserror::Error)]
pub enum IntegrationError {
    /// There is none with this id.
    #[error("no such integration")]
    NotFound,
    /// It is being uninstalled. Nothing was changed.
    #[error("the integration is being uninstalled")]
    Uninstalling,
    /// It is installed, and has to be uninstalled first. Nothing was changed.
    #[error("the integration is installed")]
    Installed,
    /// The token, or the id, belongs to another integration. Nothing was changed.
    #[error("another integration has this token or id")]
    Conflict,
    /// Others changed it again and again meanwhile. Nothing was changed.
    #[error("the integration is being changed by others")]
    Contended,
    /// What is stored is not what this version writes.
    #[error("the stored integration is not readable: {0}")]
    Corrupt(&'static str),
    /// The token or the settings cannot be sealed or opened.
    #[error("the integration's token or settings cannot be sealed or opened")]
    Sealed(#[from] SealError),
    /// The store could not be reached, or answered with an error.
    #[error("the store of integrations did not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl IntegrationError {
    /// Whether the same call may succeed later.
    pub const fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Contended)
    }
}

/// Keeps integrations. Every implementation passes [`contract`](super::contract).
#[async_trait]
pub trait IntegrationStore: Send + Sync + 'static {
    /// The installation of this token, or a new one called `new_id`. Repeating it is fine. One
    /// that is being uninstalled is [`IntegrationError::Uninstalling`].
    async fn install(
        &self,
        token: &Secret,
        new_id: IntegrationId,
    ) -> Result<Integration, IntegrationError>;

    /// The integration that has this token, also while it is being uninstalled.
    async fn by_token(&self, token: &str) -> Result<Option<Integration>, IntegrationError>;

    /// The integration of this id, also while it is being uninstalled.
    async fn by_id(&self, id: &IntegrationId) -> Result<Option<Integration>, IntegrationError>;

    /// The integration of this id, if it is installed.
    async fn installed(&self, id: &IntegrationId) -> Result<Option<Integration>, IntegrationError> {
        let found = self.by_id(id).await?;
        Ok(found.filter(Integration::is_installed))
    }

    /// Gives an installed integration another token; from then on there is none that has the old
    /// one. Repeating it is fine. A token of another integration is a
    /// [`IntegrationError::Conflict`].
    async fn replace_token(
        &self,
        id: &IntegrationId,
        token: &Secret,
    ) -> Result<Integration, IntegrationError>;

    /// Saves the settings of an installed integration, in place of those it had.
    async fn save_settings(
        &self,
        id: &IntegrationId,
        settings: &Fields,
    ) -> Result<(), IntegrationError>;

    /// From now on it is being uninstalled: it is found by its token, so that a repetition can
    /// finish what was begun, and refuses every change. Repeating it is fine.
    async fn begin_uninstall(&self, id: &IntegrationId) -> Result<(), IntegrationError>;

    /// The last step of uninstalling: the integration and its token are gone. Repeating it is
    /// fine. One that is installed is [`IntegrationError::Installed`].
    async fn forget(&self, id: &IntegrationId) -> Result<(), IntegrationError>;
}
