//! What is configured.

use serde::Deserialize;

use super::jwt::JwtMethod;
use crate::ground::secret::Secret;

/// The section `auth` of a channel: what it accepts as proof. `jwt_key` and `jwt_method` are the
/// names Rasa's channels use.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthConfig {
    /// A token that callers send as `Authorization: Bearer <token>`.
    pub token: Option<Secret>,
    /// The key that callers sign their JWT with (HS256), or the public key in PEM (RS256).
    pub jwt_key: Option<Secret>,
    /// How JWTs are signed; HS256 if not set.
    pub jwt_method: Option<JwtMethod>,
    /// The `aud` a JWT must have; any if not set.
    pub jwt_audience: Option<String>,
    /// The `iss` a JWT must have; any if not set.
    pub jwt_issuer: Option<String>,
}
