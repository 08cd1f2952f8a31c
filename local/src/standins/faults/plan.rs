//! What happens to the next request.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{Fault, Faults, script};

/// The settings, and how far they have been used.
#[derive(Debug, Default)]
pub(in crate::standins) struct FaultPlan(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    faults: Faults,
    /// Requests since the settings were made.
    requests: u64,
}

/// For one request.
#[derive(Debug, PartialEq)]
pub(in crate::standins) struct Verdict {
    pub(in crate::standins) latency: Duration,
    pub(in crate::standins) fault: Option<Fault>,
}

/// Chance for the `number`th of something: the same whatever else is drawn meanwhile.
pub(in crate::standins) fn draw(seed: u64, number: u64) -> fastrand::Rng {
    fastrand::Rng::with_seed(seed.rotate_left(32) ^ number)
}

impl FaultPlan {
    pub(in crate::standins) fn set(&self, faults: Faults) {
        *self.lock() = State { faults, requests: 0 };
    }

    /// The settings, with what is left of the script.
    pub(in crate::standins) fn get(&self) -> Faults {
        self.lock().faults.clone()
    }

    pub(in crate::standins) fn next(&self, method: &str, path: &str) -> Verdict {
        let mut state = self.lock();
        state.requests += 1;
        let mut rng = draw(state.faults.seed, state.requests);
        let faults = &mut state.faults;
        let jitter = rng.u64(..=faults.jitter_ms);
        let latency = Duration::from_millis(faults.latency_ms.saturating_add(jitter));
        let fault = script::next(&mut faults.script, method, path);
        Verdict { latency, fault: fault.or_else(|| by_chance(faults, &mut rng)) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn by_chance(faults: &Faults, rng: &mut fastrand::Rng) -> Option<Fault> {
    let mut left = rng.f64();
    let hit = faults.rates().iter().position(|rate| {
        left -= rate;
        left < 0.0
    });
    Some(match hit? {
        0 => Fault::RateLimited { retry_after: faults.retry_after },
        1 => Fault::Status(rng.choice([500, 502, 503, 504])?),
        2 => Fault::Timeout,
        3 => Fault::DropBefore,
        _ => Fault::DropAfter,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(faults: &Faults) -> Vec<Verdict> {
        let plan = FaultPlan::default();
        plan.set(faults.clone());
        (0..1_000).map(|_| plan.next("GET", "/")).collect()
    }

    #[test]
    fn rates_are_kept_and_a_seed_repeats_them() {
        let rate = 0.1;
        let faults = Faults {
            seed: 5,
            latency_ms: 2,
            jitter_ms: 3,
            rate_429: rate,
            retry_after: Some(1),
            rate_5xx: rate,
            rate_timeout: rate,
            rate_drop_before: rate,
            rate_drop_after: rate,
            script: Vec::new(),
        };
        let drawn = verdicts(&faults);
        assert_eq!(drawn, verdicts(&faults));
        assert_ne!(drawn, verdicts(&Faults { seed: 6, ..faults.clone() }));
        let count = |wanted: fn(&Fault) -> bool| {
            drawn.iter().filter(|verdict| verdict.fault.as_ref().is_some_and(wanted)).count()
        };
        for (name, count) in [
            ("429", count(|fault| *fault == Fault::RateLimited { retry_after: Some(1) })),
            ("5xx", count(|fault| matches!(fault, Fault::Status(500 | 502..=504)))),
            ("timeout", count(|fault| *fault == Fault::Timeout)),
            ("before", count(|fault| *fault == Fault::DropBefore)),
            ("after", count(|fault| *fault == Fault::DropAfter)),
        ] {
            assert!((70..=130).contains(&count), "{name}: {count} of 1,000");
        }
        let between = Duration::from_millis(2)..=Duration::from_millis(5);
        assert!(drawn.iter().all(|verdict| between.contains(&verdict.latency)));
    }

    #[test]
    fn rates_that_cannot_be_are_refused() {
        for (rate_429, rate_5xx, is_valid) in
            [(0.0, 1.0, true), (0.6, 0.5, false), (-0.1, 0.2, false), (f64::NAN, 0.0, false)]
        {
            let faults = Faults { rate_429, rate_5xx, ..Faults::default() };
            assert_eq!(faults.check().is_ok(), is_valid, "{rate_429} and {rate_5xx}");
        }
    }
}
