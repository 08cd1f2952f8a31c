//! All figures of a run, with the machine they were measured on.

use std::{fs, path::Path};

use serde::Serialize;

use super::{BenchError, figures::Figure, machine::Machine};

/// What a run leaves.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    pub(super) machine: Machine,
    pub(super) functions: Vec<Function>,
}

/// The figures of one function, in the order of its table.
#[derive(Debug, Serialize)]
pub(super) struct Function {
    #[serde(rename = "function")]
    pub(super) name: &'static str,
    pub(super) figures: Vec<Figure>,
}

impl Report {
    /// Writes it as JSON, and makes the directory for it.
    pub(super) fn write(&self, path: &Path) -> Result<(), BenchError> {
        let failed = |source| BenchError::Write { path: path.to_owned(), source };
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(failed)?;
        }
        let json = serde_json::to_string_pretty(self).map_err(|error| failed(error.into()))?;
        fs::write(path, json + "\n").map_err(failed)
    }

    /// An error if a figure is wrong that is the same on every machine.
    pub(super) fn check(&self) -> Result<(), BenchError> {
        let figures = self.functions.iter().flat_map(|function| &function.figures);
        figures.into_iter().try_for_each(Figure::check)
    }
}
