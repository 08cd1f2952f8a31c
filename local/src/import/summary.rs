//! What has become of the contacts: counts, and a table of those that were not brought over.

use std::fmt::{self, Display};

use indicatif::HumanCount;
use patchcord::contacts::import::job::{Example, Failure, JobState, Kind};
use patchcord::contacts::import::{Mode, Status};
use serde_json::json;

use super::options::ImportOptions;
use super::screen::{clock, contacts};

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

    fn is_verify(&self) -> bool {
        self.status.mode == Mode::Verify
    }

    /// What the counts are called, of contacts that were created and of those that were updated.
    fn names(&self) -> [&'static str; 2] {
        match (self.is_verify(), self.status.dry_run) {
            (true, _) => ["missing", "changed"],
            (false, true) => ["would be created", "would be updated"],
            (false, false) => ["created", "updated"],
        }
    }

    /// What an example is one of.
    fn word_for(&self, example: &Example) -> &'static str {
        match (self.is_verify(), example.kind) {
            (true, Kind::Missing) => "is missing on Botmatic",
            (true, _) => "has changed",
            (false, Kind::Missing) => "would be created",
            (false, _) => "would be updated",
        }
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
        if has(Kind::Missing) || has(Kind::Changed) {
            writeln!(f, "To bring over what was found: {retry}")?;
        }
        Ok(())
    }

    /// How many contacts have a failure that is not shown.
    fn more(&self) -> u64 {
        let counts = &self.status.counts;
        let found = if self.is_verify() { counts.created + counts.updated } else { 0 };
        let all = counts.failed + counts.doubtful + found;
        all.saturating_sub(self.failures.len().try_into().unwrap_or(u64::MAX))
    }
}

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Status { import, counts, state, .. } = self.status;
        let seen = contacts(counts.seen);
        writeln!(f, "import {import} {}: {seen}, {}", state.as_str(), clock(self.took))?;
        if let Some(reason) = &self.status.reason {
            writeln!(f, "  because: {reason}")?;
        }
        let [created, updated] = self.names();
        for (name, count) in [
            (created, counts.created),
            (updated, counts.updated),
            ("unchanged", counts.unchanged),
            ("failed", counts.failed),
            ("doubtful", counts.doubtful),
        ] {
            writeln!(f, "  {name:<16} {:>12}", HumanCount(count).to_string())?;
        }
        for example in &self.status.examples {
            let (id, what) = (&example.id, self.word_for(example));
            let fields = example.fields.join(", ");
            writeln!(f, "  for example {id} {what}; its fields: {fields}")?;
        }
        if self.failures.is_empty() {
            return Ok(());
        }
        writeln!(f, "\n{}", Table(self.failures))?;
        if self.is_more {
            let command = self.options.command("failures", import);
            writeln!(f, "… and {} more: {command}", HumanCount(self.more()))?;
        }
        if !self.status.dry_run {
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
mod tests;
