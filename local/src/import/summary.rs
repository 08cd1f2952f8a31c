//! What has become of the contacts: counts, and a table of those that were not brought over.

use std::fmt::{self, Display};

use indicatif::HumanCount;
use patchcord::contacts::import::Status;
use patchcord::contacts::import::job::{Failure, JobState, Kind};
use serde_json::json;

use super::options::ImportOptions;
use super::screen::clock;

/// How many failures are shown at the end.
pub const SHOWN: u16 = 20;
/// A reason is cut after so many letters.
const LONGEST_REASON: usize = 100;

/// An import that has ended.
pub struct Summary<'a> {
    pub status: &'a Status,
    /// The first failures.
    pub failures: &'a [Failure],
    /// Whether there are more of them.
    pub is_more: bool,
    pub options: &'a ImportOptions,
    /// How long it took.
    pub took: std::time::Duration,
}

impl Summary<'_> {
    /// Whether everything was brought over, as far as it was to be.
    pub fn is_success(&self) -> bool {
        let counts = &self.status.counts;
        self.status.state == JobState::Finished && counts.failed == 0 && counts.doubtful == 0
    }

    fn writes(&self) -> bool {
        !self.status.dry_run && json!(self.status.mode) != "verify"
    }

    /// What can be done about contacts that were not brought over.
    fn advise(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has = |kind| self.failures.iter().any(|failure| failure.kind == kind);
        let retry = self.options.command("retry", &self.status.import);
        if has(Kind::Unreadable) {
            writeln!(f, "Lines that are unreadable: mend the file, and import it again")?;
        }
        if has(Kind::Rejected) || has(Kind::Passing) {
            writeln!(f, "Once the others are mended: {retry}")?;
        }
        if has(Kind::Doubtful) {
            let hint = "If Botmatic has not created the doubtful ones (look first)";
            writeln!(f, "{hint}: {retry} --create-doubtful")?;
        }
        Ok(())
    }

    /// How many contacts have a failure that is not shown.
    fn more(&self) -> u64 {
        let counts = &self.status.counts;
        let found = if self.writes() { 0 } else { counts.created + counts.updated };
        let all = counts.failed + counts.doubtful + found;
        all.saturating_sub(self.failures.len().try_into().unwrap_or(u64::MAX))
    }
}

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Status { import, counts, state, .. } = self.status;
        let seen = HumanCount(counts.seen);
        writeln!(f, "import {import} {}: {seen} contacts, {}", state.as_str(), clock(self.took))?;
        if let Some(reason) = &self.status.reason {
            writeln!(f, "  because: {reason}")?;
        }
        let would = if self.writes() { "" } else { "would be " };
        for (name, count) in [
            (format!("{would}created"), counts.created),
            (format!("{would}updated"), counts.updated),
            ("unchanged".to_owned(), counts.unchanged),
            ("failed".to_owned(), counts.failed),
            ("doubtful".to_owned(), counts.doubtful),
        ] {
            writeln!(f, "  {name:<16} {:>12}", HumanCount(count).to_string())?;
        }
        for example in &self.status.examples {
            let fields = example.fields.join(", ");
            writeln!(f, "  for example {}, {}: {fields}", example.id, word(example.kind))?;
        }
        if self.failures.is_empty() {
            return Ok(());
        }
        writeln!(f, "\n{}", Table(self.failures))?;
        if self.is_more {
            let command = self.options.command("failures", import);
            writeln!(f, "… and {} more: {command}", HumanCount(self.more()))?;
        }
        if self.writes() {
            self.advise(f)?;
        }
        Ok(())
    }
}

/// Contacts that were not brought over, a line for each.
pub struct Table<'a>(pub &'a [Failure]);

impl Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = ["CONTACT".to_owned(), "WHAT".to_owned(), "WHY".to_owned()];
        let rows = self.0.iter().map(|failure| {
            let id = failure.external_id.as_ref().map(ToString::to_string);
            let contact = id.or_else(|| failure.place.clone()).unwrap_or_default();
            [printable(&contact), word(failure.kind), printable(&failure.reason)]
        });
        let rows: Vec<_> = std::iter::once(header).chain(rows).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
        let [first, second] = [0, 1].map(|column| width(column).unwrap_or_default().min(40));
        for (index, [contact, what, why]) in rows.iter().enumerate() {
            let end = if index + 1 < rows.len() { "\n" } else { "" };
            write!(f, "{contact:<first$}  {what:<second$}  {why}{end}")?;
        }
        Ok(())
    }
}

fn word(kind: Kind) -> String {
    json!(kind).as_str().unwrap_or_default().to_owned()
}

/// One line that moves no cursor, whoever has written it.
fn printable(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST_REASON) {
        None => line,
        Some((end, _)) => format!("{}…", &line[..end]),
    }
}

#[cfg(test)]
mod tests {
    use patchcord::contacts::ExternalId;

    use super::*;

    #[test]
    fn a_table_has_a_line_for_each_failure_whatever_its_reason_is() {
        let id = |id: &str| ExternalId::new(id).unwrap();
        let failures = [
            Failure::of(&id("c-17"), Kind::Rejected, "email:\n\u{1b}[31mnot valid"),
            Failure {
                external_id: None,
                place: Some("line 4".to_owned()),
                kind: Kind::Unreadable,
                reason: "x".repeat(200),
            },
        ];
        let long = "x".repeat(LONGEST_REASON);
        let expected = format!(
            "CONTACT  WHAT        WHY\nc-17     rejected    email: [31mnot valid\nline 4   unreadable  {long}…"
        );
        assert_eq!(Table(&failures).to_string(), expected);
    }
}
