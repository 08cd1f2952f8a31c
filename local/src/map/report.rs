//! The table: a line for each mapping, with its value before and after, or why there is none.

use std::fmt;

use patchcord::contacts::Fields;
use patchcord::contacts::Side;
use patchcord::contacts::mapping::{Entry, Line, Mapped, Mappings, Origin};
use patchcord::contacts::path::FieldPath;
use serde_json::Value;

/// What a contact becomes.
pub struct Report {
    rows: Vec<[String; 5]>,
    footer: Vec<String>,
}

impl Report {
    /// What `contact` has become as `mapped`, on the side `to`.
    pub fn new(mappings: &Mappings, to: Side, contact: &Fields, mapped: &Mapped) -> Self {
        let rows = mappings.lines(to).map(|line| row(&line, contact, mapped));
        let is_made = |line: &Line<'_>| mappings.lines(to).any(|other| other.name == line.name);
        let others = mappings.lines(to.other()).filter(|line| !is_made(line)).map(|line| {
            // There a source is what the field is called here.
            let from = line.source.map(|_| line.target);
            let why = format!("left out: only mapped to {}", to.other());
            [line.name.to_owned(), place(from), String::new(), before(contact, from), why]
        });
        let (id, email) = match to {
            Side::Botmatic => (mappings.external_id(contact).map(|id| id.to_string()), None),
            Side::External => {
                let id = mappings.botmatic_id(contact).map(|id| id.to_string());
                (id, mappings.email_on_botmatic(contact))
            }
        };
        let id = id.unwrap_or_else(|| "none".to_owned());
        let email = email.map(|email| format!("Found on the other side by the e-mail {email}."));
        let missing: Vec<_> = mapped.missing_required().collect();
        let missing = (!missing.is_empty()).then(|| {
            format!("Required on this side, and without a value: {}.", missing.join(", "))
        });
        let rows: Vec<_> = rows.chain(others).collect();
        let all = mappings.lines(to).count();
        let count = format!("{} of {all} fields mapped.", mapped.entries.len());
        let id = format!("The contact's id, which is never mapped: {id}.");
        Self { rows, footer: [count, id].into_iter().chain(email).chain(missing).collect() }
    }
}

fn row(line: &Line<'_>, contact: &Fields, mapped: &Mapped) -> [String; 5] {
    let problem = mapped.problems.iter().find(|problem| &*problem.name == line.name);
    let after = match (mapped.entry(line.name), problem) {
        (Some(entry), _) => after(entry),
        (None, Some(problem)) => format!("left out: {}: {}", problem.place(), problem.failure),
        (None, None) => {
            let found = line.source.and_then(|path| path.get_in(contact));
            let why = match found {
                None => "the contact has no such field",
                Some(value) if value.is_null() || value == "" => "it is empty",
                Some(_) => "nothing is left of it",
            };
            format!("left out: {why}")
        }
    };
    let (from, before) = (place(line.source), before(contact, line.source));
    [line.name.to_owned(), from, line.target.to_string(), before, after]
}

fn place(path: Option<&FieldPath>) -> String {
    path.map_or_else(|| "(constant)".to_owned(), ToString::to_string)
}

fn before(contact: &Fields, path: Option<&FieldPath>) -> String {
    path.and_then(|path| path.get_in(contact)).map(Value::to_string).unwrap_or_default()
}

fn after(entry: &Entry) -> String {
    let note = match (entry.origin, entry.value.is_null()) {
        (Origin::Field, false) => "",
        (Origin::Field, true) => " (cleared)",
        (Origin::Default, _) => " (default)",
        (Origin::Constant, _) => " (constant)",
    };
    format!("{}{note}", entry.value)
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let header = ["MAPPING", "FROM", "TO", "BEFORE", "AFTER"].map(str::to_owned);
        let rows: Vec<_> = [&header].into_iter().chain(&self.rows).collect();
        let width = |column: usize| {
            let widths = rows.iter().map(|row| row[column].chars().count());
            // A long value moves what comes after it in its own line only.
            widths.max().unwrap_or_default().min(40)
        };
        let widths: [usize; 5] = std::array::from_fn(width);
        for row in rows {
            let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        writeln!(f)?;
        self.footer.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
