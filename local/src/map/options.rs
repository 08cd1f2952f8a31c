//! What can be chosen on the command line.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use patchcord::contacts::Side;

/// Which contact is mapped, and where to.
#[derive(Debug, Clone, Args)]
pub struct MapOptions {
    /// The side it is mapped to.
    #[arg(long)]
    pub to: To,

    /// A file with one contact of the other side as JSON; `-` is the standard input.
    pub file: PathBuf,

    /// The configuration. Only `contacts.mappings` and `contacts.ext_id_key` are read.
    #[arg(long, env = "PATCHCORD_CONFIG", default_value = "patchcord.yaml")]
    pub config: PathBuf,

    /// Print the resulting contact as JSON instead of the table; problems go to standard error.
    #[arg(long)]
    pub json: bool,
}

/// A side, as the configuration calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum To {
    /// From the external service to Botmatic.
    Botmatic,
    /// From Botmatic to the external service.
    Ext,
}

impl From<To> for Side {
    fn from(to: To) -> Self {
        match to {
            To::Botmatic => Self::Botmatic,
            To::Ext => Self::External,
        }
    }
}
