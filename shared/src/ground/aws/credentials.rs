//! Who calls.

use crate::ground::secret::Secret;

/// An access key, with the session token of temporary credentials.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub(super) key_id: String,
    pub(super) secret: Secret,
    pub(super) session_token: Option<Secret>,
}

impl Credentials {
    /// The key `key_id`. None if a part is empty.
    pub fn new(key_id: String, secret: String, session_token: Option<String>) -> Option<Self> {
        let secret = Secret::try_from(secret).ok().filter(|_| !key_id.is_empty())?;
        let session_token = session_token.and_then(|token| Secret::try_from(token).ok());
        Some(Self { key_id, secret, session_token })
    }

    /// The key in the environment, where Lambda puts that of the function's role.
    pub fn from_env() -> Option<Self> {
        let var = |name: &str| std::env::var(name).ok();
        Self::new(
            var("AWS_ACCESS_KEY_ID")?,
            var("AWS_SECRET_ACCESS_KEY")?,
            var("AWS_SESSION_TOKEN"),
        )
    }
}
