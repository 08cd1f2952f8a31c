//! Which faults, and how often.

use serde::{Deserialize, Serialize};

use super::Rule;

/// Faults of a stand-in's API. Rates are shares of all requests, from 0 to 1; together at most 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// The same seed hits the same requests, counted in the order they arrive.
    pub seed: u64,
    /// How long every request waits before anything happens.
    pub latency_ms: u64,
    /// How much longer at most.
    pub jitter_ms: u64,
    /// Refused with 429.
    pub rate_429: f64,
    /// The `Retry-After` of a 429, in seconds; none means no such header.
    pub retry_after: Option<u64>,
    /// Answered with 500, 502, 503 or 504, without an effect.
    pub rate_5xx: f64,
    /// Accepted and never answered, without an effect.
    pub rate_timeout: f64,
    /// The connection is closed before the request has an effect.
    pub rate_drop_before: f64,
    /// The connection is closed after the request had its effect, instead of an answer.
    pub rate_drop_after: f64,
    /// Particular requests that fail; asked before chance is.
    pub script: Vec<Rule>,
}

/// Rates that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("rates: expected numbers from 0 to 1, with a sum of at most 1")]
pub struct BadFaults;

impl Faults {
    pub(super) const fn rates(&self) -> [f64; 5] {
        [
            self.rate_429,
            self.rate_5xx,
            self.rate_timeout,
            self.rate_drop_before,
            self.rate_drop_after,
        ]
    }

    pub(in crate::standins) fn check(&self) -> Result<(), BadFaults> {
        let rates = self.rates();
        let valid = rates.iter().all(|rate| (0.0..=1.0).contains(rate));
        // A little more than 1, for 0.1 + 0.2 is.
        if valid && rates.iter().sum::<f64>() < 1.000_001 { Ok(()) } else { Err(BadFaults) }
    }
}
