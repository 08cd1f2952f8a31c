//! Telling somebody that an import has ended, as a Standard Webhook.

use std::time::Duration;

use http::StatusCode;
use http::header::InvalidHeaderValue;
use reqwest::Url;
use serde::Deserialize;
use serde_json::json;

use crate::contacts::import::job::{Counts, Job};
use crate::ground::clock::Deadline;
use crate::ground::config::{ConfigError, Place};
use crate::ground::http::{ExchangeError, HttpParts, exchange};
use crate::ground::retry::RetryPolicy;
use crate::ground::secret::Secret;
use crate::ground::standard_webhook::WebhookKey;

/// What the event is called.
const TYPE: &str = "import_finished";
const POLICY: RetryPolicy = RetryPolicy {
    retries: 2,
    first_pause: Duration::from_millis(500),
    longest_pause: Duration::from_secs(5),
};
/// One attempt; the specification suggests 15 to 30 s.
pub(super) const TIMEOUT: Duration = Duration::from_secs(15);
/// The answer's body is not looked at.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Whoever is to be told was not.
#[derive(Debug, thiserror::Error)]
pub enum AnnouncementError {
    /// The id of the import cannot stand in a header.
    #[error("the request could not be signed")]
    Unsigned(#[from] InvalidHeaderValue),
    /// They say that they could not take it.
    #[error("status {0}")]
    Status(u16),
    /// They gave no answer.
    #[error(transparent)]
    NoAnswer(#[from] ExchangeError),
}

/// Who is told, in `patchcord.yaml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishedConfig {
    /// Where to.
    url: String,
    /// The key of the signature, `whsec_…`.
    secret: Secret,
}

/// Who is told.
#[derive(Clone)]
pub struct Finished {
    url: Url,
    key: WebhookKey,
}

impl Finished {
    /// Whoever `config` at `place` names.
    pub fn new(config: &FinishedConfig, place: &Place) -> Result<Self, ConfigError> {
        let url = Url::parse(&config.url).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = url.ok_or_else(|| place.key("url").expected("an address with http or https"))?;
        let key = WebhookKey::parse(config.secret.expose());
        let key = key.map_err(|error| place.key("secret").error(error))?;
        Ok(Self { url, key })
    }

    /// Tells of the end of `job`. A refusal that would come again is logged, and is fine.
    pub(super) async fn tell(
        &self,
        http: &HttpParts,
        job: &Job,
        counts: Counts,
        deadline: Deadline,
    ) -> Result<(), AnnouncementError> {
        let body = json!({
            "type": TYPE,
            "timestamp": job.ended.unwrap_or_default().to_rfc3339(),
            "data": {
                "import": job.id,
                "integration": job.request.integration,
                "state": job.state,
                "reason": job.reason,
                "counts": counts,
            },
        });
        let body = body.to_string().into_bytes();
        // The same whenever it is told; a full stop would separate what is signed.
        let id = job.id.to_string().replace('.', "-");
        let mut retries = POLICY.start();
        loop {
            let (now, left) = (http.clock.now(), http.left(deadline));
            let signed = self.key.headers(&id, now, &body)?;
            let request = http
                .client
                .post(self.url.clone())
                .timeout(TIMEOUT.min(left))
                .header("content-type", "application/json")
                .headers(signed)
                .body(body.clone());
            let error = match exchange(request, MAX_ANSWER_BYTES).await {
                Ok(answer) if answer.status.is_success() => return Ok(()),
                Ok(answer) if !is_passing(answer.status) => {
                    let status = answer.status.as_u16();
                    tracing::warn!(import = %job.id, status, "whoever is told of imports refuses");
                    return Ok(());
                }
                Ok(answer) => AnnouncementError::Status(answer.status.as_u16()),
                Err(error) => error.into(),
            };
            match retries.next_pause(None, left, &http.random) {
                Some(pause) => http.sleep.sleep(pause).await,
                None => return Err(error),
            }
        }
    }
}

fn is_passing(status: StatusCode) -> bool {
    let may_pass = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    status.is_server_error() || may_pass.contains(&status)
}
