//! What an integration checks by itself before its settings are stored: `docs/settings-page.md`.

use async_trait::async_trait;

use super::{FieldErrors, Settings};
use crate::botmatic::IntegrationId;
use crate::ground::clock::Deadline;

/// What somebody has entered. It has no `Debug`: it holds secrets.
pub struct Entered {
    /// Whose settings these are.
    pub integration: IntegrationId,
    /// The values as templates are going to see them: secrets and files that were left empty are
    /// those that are stored.
    pub settings: Settings,
    /// Until when the answer has to be there.
    pub deadline: Deadline,
}

/// Decides whether values may be stored that are as the form declares them: it asks the service
/// whether it knows the API key, for instance.
#[async_trait]
pub trait CheckSettings: Send + Sync + 'static {
    /// Nothing is stored where something is wrong, and the page shows each text beside its field.
    async fn check(&self, entered: Entered) -> Result<(), FieldErrors>;
}

#[async_trait]
impl<F, Fut> CheckSettings for F
where
    F: Fn(Entered) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), FieldErrors>> + Send,
{
    async fn check(&self, entered: Entered) -> Result<(), FieldErrors> {
        self(entered).await
    }
}
