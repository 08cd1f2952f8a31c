//! Compiling what is configured, and checking requests by it.

use super::config::AuthConfig;
use super::jwt::JwtVerifier;
use crate::chat::{RequestError, WebhookRequest};
use crate::connectors::registry::{ChannelSettings, Stage};
use crate::ground::clock::Timestamp;
use crate::ground::config::{ConfigError, Place};
use crate::ground::http::credentials;
use crate::ground::secret::Secret;

/// Checks the proof. With both a token and a JWT key configured, either is enough.
#[derive(Clone, Debug)]
pub struct Auth {
    token: Option<Secret>,
    jwt: Option<JwtVerifier>,
}

const EXPECTED: &str = "expected `Authorization: Bearer` with a valid token";

impl Auth {
    /// Compiles what is configured.
    pub fn new(config: AuthConfig, place: &Place) -> Result<Self, ConfigError> {
        let AuthConfig { token, jwt_key, jwt_method, jwt_audience, jwt_issuer } = config;
        if jwt_key.is_none()
            && (jwt_method.is_some() || jwt_audience.is_some() || jwt_issuer.is_some())
        {
            return Err(place
                .key("jwt_key")
                .expected("a key, because other `jwt_` settings are there"));
        }
        let jwt_method = jwt_method.unwrap_or_default();
        let jwt = jwt_key
            .map(|key| JwtVerifier::new(&key, jwt_method, jwt_audience, jwt_issuer))
            .transpose()
            .map_err(|error| place.key("jwt_key").expected(error.to_string()))?;
        Ok(Self { token, jwt })
    }

    /// The section `auth` of `channel`. Refused where anybody could call it and the configuration
    /// does not say that this is meant, by `public`.
    pub fn of_channel(
        config: AuthConfig,
        public: bool,
        channel: &ChannelSettings,
    ) -> Result<Self, ConfigError> {
        let auth = Self::new(config, &channel.place.key("auth"))?;
        if auth.is_open() && !public && channel.stage == Stage::Deployed {
            return Err(channel.place.expected(
                "`auth` with a `token` or a `jwt_key`, or `public: true` to let everybody in \
                 (on your own machine, PATCHCORD_LOCAL=1 allows a channel without either)",
            ));
        }
        Ok(auth)
    }

    /// Whether everybody is let in.
    pub const fn is_open(&self) -> bool {
        self.token.is_none() && self.jwt.is_none()
    }

    /// Lets a request pass at `now`, or refuses it.
    pub fn check(&self, request: &WebhookRequest, now: Timestamp) -> Result<(), RequestError> {
        if self.is_open() {
            return Ok(());
        }
        let by_token = |bearer| self.token.as_ref().is_some_and(|token| token.matches(bearer));
        let by_jwt = |bearer| self.jwt.as_ref().is_some_and(|jwt| jwt.accepts(bearer, now));
        match credentials(request.headers(), "bearer") {
            Some(bearer) if by_token(bearer) || by_jwt(bearer) => Ok(()),
            _ => Err(RequestError::Unauthorized { expected: EXPECTED, scheme: Some("Bearer") }),
        }
    }
}
