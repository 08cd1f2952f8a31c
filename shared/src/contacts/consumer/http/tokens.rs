//! Tokens that have been asked for, kept apart by integration.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::contacts::Fields;
use crate::contacts::consumer::{ConsumerError, Tenant};
use crate::ground::clock::Timestamp;
use crate::ground::fingerprint::Fingerprint;

/// Unused entries are dropped once there are more than these; that costs a login each.
const MANY: usize = 1_000;
/// A token is renewed this long before it expires, or a tenth of its life if that is shorter.
const MARGIN: Duration = Duration::from_secs(30);

/// A token, and how long it is good for. It has no `Debug`.
pub(super) struct Token {
    text: String,
    good_until: Option<Timestamp>,
}

impl Token {
    /// The token `text`, good for so many seconds from `asked_at`, or until it is refused.
    pub fn new(text: &str, expires_in: Option<u64>, asked_at: Timestamp) -> Self {
        let good_until = expires_in.map(|seconds| {
            let life = Duration::from_secs(seconds);
            asked_at + life.saturating_sub(MARGIN.min(life / 10))
        });
        Self { text: text.to_owned(), good_until }
    }
}

struct Kept {
    token: Token,
    /// Of the settings it was asked for with.
    settings: Fingerprint,
}

type Slot = Arc<tokio::sync::Mutex<Option<Kept>>>;

/// The tokens of this process.
#[derive(Default)]
pub(super) struct Tokens(Mutex<HashMap<String, Slot>>);

impl Tokens {
    /// The tenant's token, which `login` gets if there is none, if it has expired, if the settings
    /// have changed, or if it is the one that was `refused`. At the same time for one integration
    /// there is one login only.
    pub async fn get(
        &self,
        tenant: &Tenant<'_>,
        now: Timestamp,
        refused: Option<&str>,
        login: impl AsyncFnOnce() -> Result<Token, ConsumerError>,
    ) -> Result<String, ConsumerError> {
        let settings = fingerprint(tenant.settings);
        let slot = self.slot(tenant.integration);
        let mut kept = slot.lock().await;
        let good = kept.as_ref().filter(|kept| {
            let in_time = kept.token.good_until.is_none_or(|until| now < until);
            in_time && kept.settings == settings && Some(kept.token.text.as_str()) != refused
        });
        if let Some(good) = good {
            return Ok(good.token.text.clone());
        }
        *kept = None;
        let token = login().await?;
        let text = token.text.clone();
        *kept = Some(Kept { token, settings });
        Ok(text)
    }

    fn slot(&self, integration: &str) -> Slot {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() > MANY {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1);
        }
        Arc::clone(slots.entry(integration.to_owned()).or_default())
    }
}

fn fingerprint(settings: &Fields) -> Fingerprint {
    Fingerprint::of(&serde_json::to_string(settings).unwrap_or_default())
}
