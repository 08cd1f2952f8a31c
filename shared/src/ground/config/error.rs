//! What is wrong with a configuration, and where.

use std::fmt;
use std::path::PathBuf;

/// A place in the configuration: `channels.rest.token`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place(String);

impl Place {
    /// The whole file.
    pub fn root() -> Self {
        Self::default()
    }

    /// The field `name` of this place.
    #[must_use]
    pub fn key(&self, name: &str) -> Self {
        let dot = if self.0.is_empty() { "" } else { "." };
        Self(format!("{}{dot}{name}", self.0))
    }

    /// An error here: `expected` says what should be there instead.
    pub fn expected(&self, expected: impl fmt::Display) -> ConfigError {
        ConfigError { place: self.clone(), message: format!("expected {expected}") }
    }

    /// The error of a part that is of the type `found`, which is none of `known`. What was found
    /// is shown: a type is no secret.
    pub fn unknown_type(&self, found: &str, known: &str) -> ConfigError {
        let found = found.escape_debug();
        self.key("type").expected(format!("one of: {known}; found `{found}`"))
    }

    /// An error here, in other words than “expected”.
    pub fn error(&self, message: impl fmt::Display) -> ConfigError {
        ConfigError { place: self.clone(), message: message.to_string() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "the file" } else { &self.0 })
    }
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct ConfigError {
    pub(super) place: Place,
    pub(super) message: String,
}

/// Every mistake that was found, a line each.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl ConfigErrors {
    /// The value of `result`, or none and the error noted. Of several errors at one place the first
    /// counts: a reference that leads nowhere is also not the text that was expected.
    pub fn note<T>(&mut self, result: Result<T, ConfigError>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    /// Notes an error.
    pub fn add(&mut self, error: ConfigError) {
        if self.0.iter().all(|noted| noted.place != error.place) {
            self.0.push(error);
        }
    }

    /// `value` if there was no mistake and there is one.
    pub fn into_result<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self),
        }
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for ConfigErrors {}

/// The configuration could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is no such file.
    #[error("no configuration at {}: expected patchcord.yaml there, or PATCHCORD_CONFIG to name another file", path.display())]
    Missing {
        /// Where it was looked for last.
        path: PathBuf,
        /// Why it could not be read.
        #[source]
        source: std::io::Error,
    },
    /// It is not YAML.
    #[error("{} is not valid YAML: {message}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        message: String,
    },
    /// Something in it is not what was expected.
    #[error("{} has mistakes:\n{errors}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The mistakes.
        errors: ConfigErrors,
    },
}
