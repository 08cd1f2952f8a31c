//! What is run.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

/// The function, as cargo runs it.
#[derive(Debug, Clone, Args)]
pub struct AttendOptions {
    /// The function's program.
    pub program: PathBuf,

    /// Its arguments.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub arguments: Vec<OsString>,
}
