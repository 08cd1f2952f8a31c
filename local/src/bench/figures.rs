//! A figure, and what it should be.

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
    pub(super) value: f64,
    pub(super) met: bool,
}

/// A number of a summary, and how it compares with the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Of {
    /// The median is at most the target.
    P50,
    /// The median is at least the target.
    #[serde(rename = "p50_from_below")]
    P50FromBelow,
    /// 99 of 100 are at most the target.
    P99,
    /// The largest is at most the target.
    Max,
    /// Each is exactly the target, on every machine; anything else is a mistake.
    Each,
}

impl Figure {
    pub(super) fn new(name: &'static str, unit: &'static str, samples: &Samples) -> Self {
        Self { name, unit, summary: samples.summary(), target: None }
    }

    pub(super) fn target(mut self, of: Of, value: f64) -> Self {
        let met = of.is_met(&self.summary, value);
        self.target = Some(Target { of, value, met });
        self
    }

    /// An error if it is wrong on every machine.
    pub(super) fn check(&self) -> Result<(), BenchError> {
        let Summary { min: least, max: most, .. } = self.summary;
        match self.target {
            Some(Target { of: Of::Each, value: expected, met: false }) => {
                Err(BenchError::Calls { figure: self.name, expected, least, most })
            }
            _ => Ok(()),
        }
    }
}

impl Of {
    fn is_met(self, summary: &Summary, value: f64) -> bool {
        let exact = |found: f64| (found - value).abs() < f64::EPSILON;
        match self {
            Self::P50 => summary.p50 <= value,
            Self::P50FromBelow => summary.runs > 0 && summary.p50 >= value,
            Self::P99 => summary.p99 <= value,
            Self::Max => summary.max <= value,
            Self::Each => summary.runs > 0 && exact(summary.min) && exact(summary.max),
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

    fn figure(values: &[f64]) -> Figure {
        Figure::new("figure", "", &values.iter().copied().collect())
    }

    #[test]
    fn one_call_too_many_or_too_few_is_an_error() {
        let calls = |values: &[f64], expected| figure(values).target(Of::Each, expected).check();
        assert!(calls(&[2.0, 2.0], 2.0).is_ok());
        assert!(calls(&[0.0], 0.0).is_ok());
        let wrong: [(&[f64], f64); 4] =
            [(&[2.0, 3.0, 2.0], 2.0), (&[2.0, 1.0], 2.0), (&[2.0], 1.0), (&[], 0.0)];
        for (values, expected) in wrong {
            assert!(calls(values, expected).is_err(), "{values:?} for {expected}");
        }
    }

    #[test]
    fn a_target_looks_at_the_number_it_is_about() {
        let met = |values: &[f64], of, value| {
            let figure = figure(values).target(of, value);
            assert!(figure.check().is_ok(), "{figure:?}");
            figure.target.is_some_and(|target| target.met)
        };
        assert!(met(&[9.0, 10.0, 30.0], Of::P50, 10.0));
        assert!(!met(&[9.0, 10.1, 30.0], Of::P50, 10.0));
        assert!(met(&[9.0, 10.0, 30.0], Of::P50FromBelow, 10.0));
        assert!(!met(&[9.0, 9.9, 30.0], Of::P50FromBelow, 10.0));
        assert!(!met(&[], Of::P50FromBelow, 0.0));
        assert!(met(&[15.0, 16.0], Of::Max, 16.0));
        assert!(!met(&[15.0, 16.1], Of::Max, 16.0));
        assert!(figure(&[1.0]).target.is_none());
    }

    #[test]
    fn units_are_decimal() {
        assert!((milliseconds(Duration::from_micros(1500)) - 1.5).abs() < 1e-9);
        assert!((megabytes(1_500_000) - 1.5).abs() < 1e-9);
    }
}
