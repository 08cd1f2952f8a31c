//! What is measured: the release binary of a function.

use std::{fs, path::PathBuf};

use super::{BenchError, figures::megabytes};

/// The release binary of a function.
#[derive(Debug)]
pub(super) struct Binary {
    pub(super) path: PathBuf,
    pub(super) megabytes: f64,
}

impl Binary {
    /// That of the package `function`, if it was built.
    pub(super) fn find(function: &'static str, path: PathBuf) -> Result<Self, BenchError> {
        match fs::metadata(&path) {
            Ok(metadata) => Ok(Self { megabytes: megabytes(metadata.len()), path }),
            Err(source) => Err(BenchError::NoBinary { function, binary: path, source }),
        }
    }
}
