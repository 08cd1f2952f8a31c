//! What is measured, and what it should be.

use std::time::Duration;

use serde::Serialize;

use super::{
    BenchError,
    statistics::{Samples, Summary},
};

/// One line of the table.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Figure {
    #[serde(rename = "figure")]
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    #[serde(flatten)]
    pub(super) summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<Target>,
}

/// What a figure should be.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Target {
    /// Of which number this is said.
    pub(super) of: Of,
    pub(super) at_most: f64,
    pub(super) met: bool,
}

/// A number of a summary.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Of {
    P50,
    Max,
}

/// Everything that was measured, in the order of the table.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) start: Samples,
    pub(super) first_message: Samples,
    pub(super) health: Samples,
    pub(super) one_session: Samples,
    pub(super) many_sessions: Samples,
    pub(super) large_states: Samples,
    pub(super) per_second: Samples,
    pub(super) overhead: Samples,
    pub(super) store: Samples,
    pub(super) cpu: Samples,
    pub(super) memory_after_start: Samples,
    pub(super) memory_under_load: Samples,
    pub(super) peak_memory: Samples,
    pub(super) peak_memory_large: Samples,
    pub(super) binary: Samples,
    pub(super) calls: Samples,
    pub(super) calls_of_duplicates: Samples,
}

impl Measured {
    /// The lines of the table.
    pub(super) fn figures(&self) -> Vec<Figure> {
        let figure = |name, unit, samples: &Samples| Figure {
            name,
            unit,
            summary: samples.summary(),
            target: None,
        };
        vec![
            figure("start: exec to first /next", "ms", &self.start).target(Of::P50, 10.0),
            figure("first message", "ms", &self.first_message),
            figure("health request, warm", "ms", &self.health),
            figure("message, warm, one session", "ms", &self.one_session),
            figure("message, warm, 500 sessions", "ms", &self.many_sessions),
            figure("message, warm, 100 KB states", "ms", &self.large_states),
            figure("  of a message: not in the store", "ms", &self.overhead).target(Of::P50, 0.3),
            figure("  of a message: in the store", "ms", &self.store),
            figure("CPU time of a message", "ms", &self.cpu),
            figure("messages per second, one instance", "1/s", &self.per_second),
            figure("memory after start", "MB", &self.memory_after_start),
            figure("memory under load", "MB", &self.memory_under_load),
            figure("memory under load, peak", "MB", &self.peak_memory).target(Of::Max, 16.0),
            figure("memory with 100 KB states, peak", "MB", &self.peak_memory_large),
            figure("binary, stripped", "MB", &self.binary).target(Of::Max, 6.0),
            figure(CALLS, "", &self.calls).target(Of::Max, CALLS_PER_MESSAGE),
            figure(CALLS_OF_DUPLICATES, "", &self.calls_of_duplicates)
                .target(Of::Max, CALLS_PER_DUPLICATE),
        ]
    }

    /// The one thing that is the same on every machine, so that anything else is a mistake.
    pub(super) fn check_calls(&self) -> Result<(), BenchError> {
        let cases = [
            (CALLS, &self.calls, CALLS_PER_MESSAGE),
            (CALLS_OF_DUPLICATES, &self.calls_of_duplicates, CALLS_PER_DUPLICATE),
        ];
        for (figure, samples, expected) in cases {
            let Summary { min: least, max: most, .. } = samples.summary();
            let exact = |found: f64| (found - expected).abs() < f64::EPSILON;
            if !(exact(least) && exact(most)) {
                return Err(BenchError::Calls { figure, expected, least, most });
            }
        }
        Ok(())
    }
}

const CALLS: &str = "DynamoDB calls per message";
const CALLS_PER_MESSAGE: f64 = 2.0;
const CALLS_OF_DUPLICATES: &str = "DynamoDB calls per duplicate";
const CALLS_PER_DUPLICATE: f64 = 1.0;

impl Figure {
    fn target(mut self, of: Of, at_most: f64) -> Self {
        let met = of.in_summary(&self.summary) <= at_most;
        self.target = Some(Target { of, at_most, met });
        self
    }
}

impl Of {
    const fn in_summary(self, summary: &Summary) -> f64 {
        match self {
            Self::P50 => summary.p50,
            Self::Max => summary.max,
        }
    }
}

pub(super) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// A megabyte is a million bytes.
#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 bytes")]
pub(super) fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(message: &[f64], duplicate: &[f64]) -> Measured {
        Measured {
            calls: message.iter().copied().collect(),
            calls_of_duplicates: duplicate.iter().copied().collect(),
            ..Measured::default()
        }
    }

    #[test]
    fn one_call_too_many_or_too_few_is_an_error() {
        assert!(calls(&[2.0, 2.0], &[1.0]).check_calls().is_ok());
        for wrong in [
            calls(&[2.0, 3.0, 2.0], &[1.0]),
            calls(&[2.0, 1.0], &[1.0]),
            calls(&[2.0], &[2.0]),
            calls(&[], &[]),
        ] {
            assert!(wrong.check_calls().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_target_looks_at_the_number_it_is_about() {
        let measured = Measured {
            start: [9.0, 10.0, 30.0].into_iter().collect(),
            peak_memory: [15.0, 16.1].into_iter().collect(),
            ..Measured::default()
        };
        let figures = measured.figures();
        let met = |name| {
            let figure = figures.iter().find(|figure| figure.name.starts_with(name));
            figure.and_then(|figure| figure.target).map(|target| target.met)
        };
        assert_eq!(met("start"), Some(true));
        assert_eq!(met("memory under load, peak"), Some(false));
        assert_eq!(met("first message"), None);
    }

    #[test]
    fn units_are_decimal() {
        assert!((milliseconds(Duration::from_micros(1500)) - 1.5).abs() < 1e-9);
        assert!((megabytes(1_500_000) - 1.5).abs() < 1e-9);
    }
}
