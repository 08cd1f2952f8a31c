//! The two sides that are kept in step.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One of the two sides, in `patchcord.yaml` `botmatic` and `ext`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// Botmatic.
    Botmatic,
    /// The external service.
    #[serde(rename = "ext")]
    External,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Botmatic => Self::External,
            Self::External => Self::Botmatic,
        }
    }

    /// As it is written in `patchcord.yaml`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Botmatic => "botmatic",
            Self::External => "ext",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}
