//! The report as `docs/benchmarks.md` has it.

use std::fmt;

use super::{
    figures::Figure,
    report::{Function, Report},
    statistics::Summary,
    table::short,
};

/// Written as Markdown.
pub(super) struct Markdown<'a, T>(pub(super) &'a T);

impl fmt::Display for Markdown<'_, Report> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let machine = &self.0.machine;
        writeln!(f, "{}, {} cores, Linux {};", machine.cpu, machine.cores, machine.kernel)?;
        write!(f, "{}; {} UTC; ", machine.rustc, machine.date)?;
        writeln!(f, "load {} of the minute before.", machine.load_before)?;
        self.0.functions.iter().try_for_each(|function| write!(f, "\n{}", Markdown(function)))
    }
}

impl fmt::Display for Markdown<'_, Function> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "### {}\n", self.0.name)?;
        writeln!(f, "| | Runs | Min | p50 | p90 | p99 | Max | | Target |")?;
        writeln!(f, "|---|---|---|---|---|---|---|---|---|")?;
        self.0.figures.iter().try_for_each(|figure| writeln!(f, "{}", Markdown(figure)))
    }
}

impl fmt::Display for Markdown<'_, Figure> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figure { name, unit, summary, target } = self.0;
        let Summary { runs, min, p50, p90, p99, max } = *summary;
        write!(f, "| {} | {} |", name.trim(), in_thousands(runs))?;
        for value in [min, p50, p90, p99, max] {
            write!(f, " {} |", short(value))?;
        }
        let target = target.map(|target| target.to_string()).unwrap_or_default();
        write!(f, " {unit} | {target} |")
    }
}

fn in_thousands(number: usize) -> String {
    let mut text = number.to_string();
    let mut at = text.len();
    while at > 3 {
        at -= 3;
        text.insert(at, ',');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::figures::Of;

    #[test]
    fn a_figure_is_a_row() {
        let samples = [1.0, 2.0].into_iter().collect();
        let figure = Figure::new("  calls", "ms", &samples).target(Of::Each, 2.0);
        let row = "| calls | 2 | 1.00 | 1.00 | 2.00 | 2.00 | 2.00 | ms | always 2, MISSED |";
        assert_eq!(Markdown(&figure).to_string(), row);
    }

    #[test]
    fn thousands_are_set_apart() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")];
        for (number, expected) in cases {
            assert_eq!(in_thousands(number), expected);
        }
    }
}
