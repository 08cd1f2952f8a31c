//! What came back, and what it means.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use super::template::Leaf;
use crate::contacts::ExternalId;
use crate::contacts::consumer::{ConsumerError, Operation, Outage};
use crate::contacts::path::FieldPath;

/// A service's own codes are shorter than this; what is longer is a sentence.
const MAX_CODE_CHARS: usize = 64;

/// An answer, read to its end.
pub(super) struct Answer {
    pub status: StatusCode,
    pub retry_after: Option<Duration>,
    /// Null if there is none, or if it is not JSON.
    pub body: Value,
}

/// Something an answer may look like.
pub(super) struct Match {
    pub status: Option<u16>,
    pub path: Option<FieldPath>,
    pub equals: Option<Value>,
}

impl Match {
    fn fits(&self, answer: &Answer) -> bool {
        let status_fits = self.status.is_none_or(|status| status == answer.status.as_u16());
        let Some(path) = &self.path else { return status_fits };
        let found = path.get(&answer.body);
        let body_fits = match &self.equals {
            Some(expected) => found == Some(expected),
            None => found.is_some_and(|value| !value.is_null()),
        };
        status_fits && body_fits
    }
}

/// What the configuration says of answers that are no success.
pub(super) struct Rules {
    pub busy: Vec<Match>,
    pub not_found: Vec<Match>,
    pub conflict: Vec<Match>,
    pub existing_id: Option<Leaf>,
    pub rejected: Vec<Match>,
    pub error_code: Option<FieldPath>,
}

impl Rules {
    /// Whether `answer` is a success, or what it is instead.
    pub fn check(&self, operation: Operation, answer: &Answer) -> Result<(), ConsumerError> {
        let is = |matches: &[Match]| matches.iter().any(|it| it.fits(answer));
        let names_a_contact =
            !matches!(operation, Operation::CreateContact | Operation::ListContacts);
        let writes = matches!(operation, Operation::CreateContact | Operation::UpdateContact);
        let status = answer.status.as_u16();
        let retry_after = answer.retry_after;
        if is(&self.busy) {
            return Err(ConsumerError::RateLimited { retry_after });
        }
        if names_a_contact && is(&self.not_found) {
            return Err(ConsumerError::NotFound);
        }
        if writes && is(&self.conflict) {
            return Err(ConsumerError::Conflict { existing: self.existing(answer) });
        }
        match answer.status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                Err(ConsumerError::Unauthorized { status })
            }
            _ if is(&self.rejected) => Err(self.rejection(answer)),
            success if success.is_success() => Ok(()),
            failed if failed.is_server_error() || failed == StatusCode::REQUEST_TIMEOUT => {
                Err(ConsumerError::Unavailable {
                    outage: Outage::Status(status),
                    retry_after,
                    may_have_happened: true,
                })
            }
            _ => Err(self.rejection(answer)),
        }
    }

    fn existing(&self, answer: &Answer) -> Option<ExternalId> {
        let id = self.existing_id.as_ref()?.eval(&json!({"body": answer.body})).ok()??;
        ExternalId::from_value(&id).ok()
    }

    fn rejection(&self, answer: &Answer) -> ConsumerError {
        let code = self.error_code.as_ref().and_then(|path| path.get(&answer.body));
        let code = code.and_then(super::template::text).filter(|code| is_code(code));
        ConsumerError::Rejected { status: answer.status.as_u16(), code }
    }
}

/// Whether `text` is a code rather than a sentence, which may quote the contact.
fn is_code(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    !text.is_empty() && text.len() <= MAX_CODE_CHARS && text.chars().all(is_plain)
}

impl Answer {
    /// The answer of a service that has nothing to say.
    pub fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, retry_after: None, body: Value::Null }
    }
}
