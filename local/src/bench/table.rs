//! The report as a reader wants it.

use std::fmt;

use super::{
    figures::{Figure, Of, Target},
    report::{Function, Report},
    statistics::Summary,
};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let machine = &self.machine;
        writeln!(f, "{}, {} cores, Linux {}", machine.cpu, machine.cores, machine.kernel)?;
        writeln!(f, "{}, {} UTC, load {}", machine.rustc, machine.date, machine.load_before)?;
        self.functions.iter().try_for_each(|function| write!(f, "\n{function}"))
    }
}

impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<40} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8}      {:<16}",
            self.name, "runs", "min", "p50", "p90", "p99", "max", "target"
        )?;
        self.figures.iter().try_for_each(|figure| writeln!(f, "{}", figure.to_string().trim_end()))
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { runs, min, p50, p90, p99, max } = self.summary;
        write!(f, "{:<40} {runs:>6}", self.name)?;
        for value in [min, p50, p90, p99, max] {
            write!(f, " {:>8}", short(value))?;
        }
        write!(f, " {:<4}", self.unit)?;
        self.target.map_or(Ok(()), |target| write!(f, " {target}"))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = match self.of {
            Of::P50 => "p50 ≤",
            Of::P50FromBelow => "p50 ≥",
            Of::P99 => "p99 ≤",
            Of::Max => "max ≤",
            Of::Each => "always",
        };
        let met = if self.met { "met" } else { "MISSED" };
        write!(f, "{of} {}, {met}", self.value)
    }
}

/// As many decimals as say something.
pub(super) fn short(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value if value >= 1.0 => format!("{value:.2}"),
        value => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_one_line() {
        let summary =
            Summary { runs: 50, min: 0.1234, p50: 1.234, p90: 12.34, p99: 123.4, max: 1234.0 };
        let target = Some(Target { of: Of::P50, value: 10.0, met: false });
        let mut figure = Figure { name: "start", unit: "ms", summary, target };
        let line = figure.to_string();
        let columns: Vec<&str> = line.split_whitespace().collect();
        let numbers = ["start", "50", "0.123", "1.23", "12.3", "123", "1234", "ms"];
        assert_eq!(columns[..8], numbers);
        assert_eq!(columns[8..], ["p50", "≤", "10,", "MISSED"]);

        figure.target = None;
        assert!(!figure.to_string().contains('≤'));
    }
}
