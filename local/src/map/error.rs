//! Why a contact is not mapped.

use std::{io, path::PathBuf};

use patchcord::ground::config::LoadError;

/// Why a contact is not mapped, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// There is no configuration.
    #[error("no configuration at {}; --config (or PATCHCORD_CONFIG) names another file", path.display())]
    NoConfig {
        /// Where it was expected.
        path: PathBuf,
    },
    /// The configuration is wrong.
    #[error(transparent)]
    Config(LoadError),
    /// It has no mappings.
    #[error(
        "{} has no `contacts.mappings`; docs/mappings.md says how to write them",
        path.display()
    )]
    NoMappings {
        /// The configuration.
        path: PathBuf,
    },
    /// There is no such file.
    #[error("cannot read the contact in {file}")]
    Read {
        /// Where it was expected.
        file: String,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// It is not JSON.
    #[error("{file} is not valid JSON")]
    Syntax {
        /// The file.
        file: String,
        /// What is wrong, with line and column.
        #[source]
        source: serde_json::Error,
    },
    /// It is something else than a contact.
    #[error("expected one contact, a JSON object, in {file}, and found {found}")]
    NotAContact {
        /// The file.
        file: String,
        /// What it is.
        found: String,
    },
    /// The result could not be written.
    #[error("cannot write the result")]
    Write(#[source] io::Error),
}

impl From<LoadError> for MapError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Missing { path, .. } => Self::NoConfig { path },
            error => Self::Config(error),
        }
    }
}
