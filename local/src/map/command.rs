//! The command itself.

use std::io::{Read, Write};

use patchcord::contacts::Side;
use serde_json::Value;

use super::error::MapError;
use super::options::{MapOptions, To};
use super::report::Report;
use super::{config, contact};

/// Maps the contact that `options` name, and writes what it becomes to `out`.
pub fn map(
    options: &MapOptions,
    stdin: impl Read,
    mut out: impl Write,
    mut log: impl Write,
) -> Result<(), MapError> {
    let mappings = config::mappings(&options.config)?;
    let contact = contact::read(&options.file, stdin)?;
    let mapped = match options.to {
        To::Botmatic => mappings.to_botmatic(&contact),
        To::Ext => mappings.to_external(&contact),
    };
    let written = if options.json {
        let problems = mapped.problems.iter().map(ToString::to_string);
        let missing = mapped.missing_required().map(|name| format!("`{name}` is required"));
        problems
            .chain(missing)
            .try_for_each(|line| writeln!(log, "{line}"))
            .and_then(|()| writeln!(out, "{:#}", Value::Object(mapped.fields())))
    } else {
        let report = Report::new(&mappings, Side::from(options.to), &contact, &mapped);
        write!(out, "{report}")
    };
    written.map_err(MapError::Write)
}

#[cfg(test)]
mod tests;
