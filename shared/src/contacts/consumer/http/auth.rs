//! How requests prove whose they are.

use http::HeaderName;
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use super::address::Address;
use super::request::{RequestTemplate, header_value};
use super::template::{Leaf, unsendable};
use super::tokens::{Token, Tokens};
use super::transport::{Credential, Transport};
use crate::contacts::consumer::{ConsumerError, Operation, Outage, Tenant};
use crate::contacts::path::FieldPath;
use crate::ground::config::Place;
use crate::ground::http::percent_encode;

/// One way of several.
pub(super) enum Auth {
    None,
    Header { name: HeaderName, prefix: String, value: Leaf },
    Basic { username: Leaf, password: Leaf },
    Token(Box<TokenAuth>),
}

/// A token has to be asked for first.
pub(super) struct TokenAuth {
    pub request: RequestTemplate,
    /// Sent as user name and password with that request.
    pub client: Option<(Leaf, Leaf)>,
    pub token: FieldPath,
    /// Of an OAuth2 answer: what kind of token it is.
    pub kind: Option<FieldPath>,
    pub expires_in: Option<FieldPath>,
    pub header: HeaderName,
    pub prefix: String,
    pub place: Place,
    pub tokens: Tokens,
}

/// A credential, and the token in it, if there is one that can be renewed.
pub(super) struct Proof {
    pub credential: Credential,
    pub token: Option<String>,
}

impl Auth {
    /// The header that it sets, which no request may have a second time.
    pub fn header(&self) -> Option<&HeaderName> {
        match self {
            Self::None => None,
            Self::Header { name, .. } => Some(name),
            Self::Basic { .. } => Some(&AUTHORIZATION),
            Self::Token(auth) => Some(&auth.header),
        }
    }

    /// What to send with a request of `tenant`. `refused` is a token that the service did not take.
    pub async fn proof(
        &self,
        tenant: &Tenant<'_>,
        transport: &Transport,
        base: &Address,
        operation: Operation,
        refused: Option<&str>,
    ) -> Result<Proof, ConsumerError> {
        let variables = || json!({"settings": tenant.settings});
        let credential = match self {
            Self::None => Credential::None,
            Self::Header { name, prefix, value } => {
                let text = format!("{prefix}{}", value.required(&variables())?);
                Credential::Header(name.clone(), header_value(&text, value.place())?)
            }
            Self::Basic { username, password } => {
                let variables = variables();
                let password = password.text(&variables)?.unwrap_or_default();
                Credential::Basic(username.required(&variables)?, password)
            }
            Self::Token(auth) => {
                let login = async || auth.login(tenant, transport, base, operation).await;
                let now = transport.parts.clock.now();
                let token = auth.tokens.get(tenant, now, refused, login).await?;
                let text = format!("{}{token}", auth.prefix);
                let value = header_value(&text, &auth.place)?;
                let credential = Credential::Header(auth.header.clone(), value);
                return Ok(Proof { credential, token: Some(token) });
            }
        };
        Ok(Proof { credential, token: None })
    }
}

impl TokenAuth {
    async fn login(
        &self,
        tenant: &Tenant<'_>,
        transport: &Transport,
        base: &Address,
        operation: Operation,
    ) -> Result<Token, ConsumerError> {
        let variables = json!({"settings": tenant.settings});
        let prepared = self.request.prepare(base, &variables)?;
        let credential = match &self.client {
            // Both are encoded before (<https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1>).
            Some((id, secret)) => Credential::Basic(
                percent_encode(&id.required(&variables)?),
                percent_encode(&secret.required(&variables)?),
            ),
            None => Credential::None,
        };
        let asked_at = transport.parts.clock.now();
        let answer = transport.attempt(tenant, operation, &prepared, &credential).await;
        let answer = answer.map_err(|error| self.not_the_operation(error))?;
        let status = answer.status.as_u16();
        let retry_after = answer.retry_after;
        match status {
            200..=299 => {}
            400 | 401 | 403 => return Err(ConsumerError::Unauthorized { status }),
            429 => return Err(ConsumerError::RateLimited { retry_after }),
            _ => {
                let outage = Outage::Status(status);
                let may_have_happened = false;
                return Err(ConsumerError::Unavailable { outage, retry_after, may_have_happened });
            }
        }
        let kind = self.kind.as_ref().and_then(|path| path.get(&answer.body));
        let is_bearer = kind.is_none_or(|kind| {
            kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"))
        });
        let token = self.token.get(&answer.body).and_then(Value::as_str);
        let Some(token) = token.filter(|token| is_bearer && !token.is_empty()) else {
            let expected = format!("expected a bearer token at `{}` of the answer", self.token);
            return Err(unsendable(&self.place, expected));
        };
        let expires_in = self.expires_in.as_ref().and_then(|path| path.get(&answer.body));
        Ok(Token::new(token, expires_in.and_then(seconds), asked_at))
    }

    /// Whatever became of the login, the operation itself was not sent.
    fn not_the_operation(&self, error: ConsumerError) -> ConsumerError {
        match error {
            ConsumerError::Unavailable { outage, retry_after, .. } => {
                ConsumerError::Unavailable { outage, retry_after, may_have_happened: false }
            }
            ConsumerError::Unreadable { expected, .. } => {
                unsendable(&self.place, format!("expected an answer of {expected}"))
            }
            other => other,
        }
    }
}

/// Seconds, as a number or as its digits.
fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
