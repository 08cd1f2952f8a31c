//! Who may send events and actions.

use async_trait::async_trait;
use serde_json::Value;

use crate::ground::secret::Secret;

/// Somebody who may.
#[derive(Clone)]
pub struct Auth {
    /// The integration token.
    pub token: Secret,
    /// What [`Authenticate`] knows of whoever has it; handlers get it.
    pub client: Option<Value>,
}

/// Why somebody may not, or it is not known.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// They may not.
    #[error("Not authorized")]
    Refused,
    /// It could not be found out now.
    #[error("it could not be checked who sends this")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Decides about every event and action but `install` and `uninstall`, whose token Botmatic is
/// asked about. Where there is none of one's own, tokens are accepted that were installed and not
/// uninstalled.
#[async_trait]
pub trait Authenticate: Send + Sync + 'static {
    /// Who has this token.
    async fn authenticate(&self, token: &Secret) -> Result<Auth, AuthError>;
}

#[async_trait]
impl<F, Fut> Authenticate for F
where
    F: Fn(Secret) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Auth, AuthError>> + Send,
{
    async fn authenticate(&self, token: &Secret) -> Result<Auth, AuthError> {
        self(token.clone()).await
    }
}
