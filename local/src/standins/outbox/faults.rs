//! What goes wrong on purpose on the way to the other side.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::standins::{BadFaults, faults::draw};

/// Faults of deliveries. Rates are shares of all deliveries, from 0 to 1, each for itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryFaults {
    /// The same seed hits the same deliveries, counted in the order of the changes.
    pub seed: u64,
    /// Delivered a second time.
    pub rate_duplicate: f64,
    /// Overtaken by the next change of the same contact.
    pub rate_reorder: f64,
    /// How long one waits for the change that is to overtake it.
    pub reorder_ms: u64,
    /// The first attempt gets lost on the way.
    pub rate_drop: f64,
    /// How late a delivery may be.
    pub delay_ms: u64,
}

impl Default for DeliveryFaults {
    fn default() -> Self {
        Self {
            seed: 0,
            rate_duplicate: 0.0,
            rate_reorder: 0.0,
            reorder_ms: 50,
            rate_drop: 0.0,
            delay_ms: 0,
        }
    }
}

/// For one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Luck {
    pub(super) delay: Duration,
    pub(super) dropped: bool,
    pub(super) duplicated: bool,
    /// How long it waits to be overtaken, if it does.
    pub(super) reorder: Option<Duration>,
}

impl DeliveryFaults {
    pub(in crate::standins) fn check(&self) -> Result<(), BadFaults> {
        let rates = [self.rate_duplicate, self.rate_reorder, self.rate_drop];
        let valid = rates.iter().all(|rate| (0.0..=1.0).contains(rate));
        if valid { Ok(()) } else { Err(BadFaults) }
    }

    pub(super) fn luck(&self, number: u64) -> Luck {
        let mut rng = draw(self.seed, number);
        let reorder = rng.f64() < self.rate_reorder;
        Luck {
            dropped: rng.f64() < self.rate_drop,
            duplicated: rng.f64() < self.rate_duplicate,
            delay: Duration::from_millis(rng.u64(..=self.delay_ms)),
            reorder: reorder.then(|| Duration::from_millis(self.reorder_ms)),
        }
    }
}
