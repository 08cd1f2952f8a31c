//! What can be chosen, on the command line or in the environment.

use std::path::PathBuf;

use clap::Args;

/// What is measured, and how often.
#[derive(Debug, Clone, Args)]
pub struct BenchOptions {
    /// The release binary of `webhook`, if it is not the one in cargo's target directory.
    #[arg(long)]
    pub binary: Option<PathBuf>,

    /// The release binary of `botmatic`, if it is not the one in cargo's target directory.
    #[arg(long)]
    pub botmatic_binary: Option<PathBuf>,

    /// The release binary of `contact-import`, if it is not the one in cargo's target directory.
    #[arg(long)]
    pub import_binary: Option<PathBuf>,

    /// Cargo's target directory.
    #[arg(long, env = "CARGO_TARGET_DIR", default_value = "target")]
    pub target_dir: PathBuf,

    /// Where the figures go as JSON.
    #[arg(long, default_value = "target/bench.json")]
    pub json: PathBuf,

    /// Prints the tables as docs/benchmarks.md has them.
    #[arg(long)]
    pub markdown: bool,

    /// How many instances of each function are started to measure starts.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
    pub starts: u16,

    /// How many instances each series of messages is sent to, one after the other.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    pub rounds: u16,

    /// How many imports are made at the default concurrency, and how many sequential ones.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..))]
    pub imports: u16,

    /// How many pages an import works on at a time, in place of what is the default.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub concurrency: Option<u16>,

    /// Measures one function only.
    #[arg(long, value_parser = ["webhook", "botmatic", "contact-import"])]
    pub only: Option<String>,

    /// How many messages a series has; a thousand at least, or there is no 99th percentile.
    #[arg(long, default_value_t = 5000, value_parser = clap::value_parser!(u32).range(1000..))]
    pub messages: u32,
}

impl BenchOptions {
    pub(super) fn webhook(&self) -> PathBuf {
        self.binary.clone().unwrap_or_else(|| self.built("webhook"))
    }

    pub(super) fn botmatic(&self) -> PathBuf {
        self.botmatic_binary.clone().unwrap_or_else(|| self.built("botmatic"))
    }

    pub(super) fn import(&self) -> PathBuf {
        self.import_binary.clone().unwrap_or_else(|| self.built("contact-import"))
    }

    fn built(&self, function: &str) -> PathBuf {
        self.target_dir.join("release").join(function)
    }
}
