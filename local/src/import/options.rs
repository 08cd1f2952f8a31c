//! What can be chosen on the command line.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use patchcord::botmatic::IntegrationId;
use patchcord::contacts::import::job::JobId;
use patchcord::contacts::import::source::FileConfig;
use patchcord::contacts::import::{ImportRequest, Mode, PageSize};

use super::source;

/// What is imported, and how. One of `--resume`, `--retry`, `--cancel` and `--failures` is about an
/// import that was started before.
#[derive(Debug, Clone, Args)]
#[command(group = ArgGroup::new("earlier"))]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct ImportOptions {
    /// A CSV or JSON lines file: a path, `https://…`, `s3://bucket/key`, or the JSON of
    /// docs/import-files.md. Without it, everything that the external service has.
    #[arg(long, value_name = "FILE", value_parser = source::read, conflicts_with = "earlier")]
    pub source: Option<FileConfig>,

    /// Whose contacts. May be left out where one integration is installed.
    #[arg(long, value_name = "ID", value_parser = integration_id, conflicts_with = "earlier")]
    pub integration: Option<IntegrationId>,

    /// What is done about them.
    #[arg(long, value_enum, default_value_t = ImportMode::Full, conflicts_with = "earlier")]
    pub mode: ImportMode,

    /// Say what would be done, and write nothing.
    #[arg(long, conflicts_with = "earlier")]
    pub dry_run: bool,

    /// How many contacts are read, and written, at a time: 1 to 500.
    #[arg(long, value_name = "N", default_value = "100", value_parser = page_size, conflicts_with = "earlier")]
    pub page_size: PageSize,

    /// Go on with an import that was interrupted.
    #[arg(long, value_name = "IMPORT", value_parser = job_id, group = "earlier")]
    pub resume: Option<JobId>,

    /// Import those contacts alone that this import has not brought over.
    #[arg(long, value_name = "IMPORT", value_parser = job_id, group = "earlier")]
    pub retry: Option<JobId>,

    /// With `--retry`: also create the contacts of which it is not known whether they were.
    #[arg(long, requires = "retry")]
    pub create_doubtful: bool,

    /// End an import. What it has brought over stays.
    #[arg(long, value_name = "IMPORT", value_parser = job_id, group = "earlier")]
    pub cancel: Option<JobId>,

    /// List every contact that this import has not brought over, with the reason.
    #[arg(long, value_name = "IMPORT", value_parser = job_id, group = "earlier")]
    pub failures: Option<JobId>,

    /// Show how far it has come, how fast, and how long it will take.
    #[arg(long)]
    pub watch: bool,

    /// The configuration.
    #[arg(long, env = "PATCHCORD_CONFIG", default_value = DEFAULT_CONFIG)]
    pub config: PathBuf,

    /// AWS's `DynamoDB` and the real Botmatic, where the environment names no others, in place of
    /// what `make run` has started.
    #[arg(long)]
    pub aws: bool,

    /// How this program was called: whoever is to call it again need not have it on their `PATH`.
    #[arg(skip = program())]
    pub program: String,
}

const DEFAULT_CONFIG: &str = "patchcord.yaml";

/// A mode, as `--mode` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportMode {
    /// New contacts are created on Botmatic, changed ones updated.
    Full,
    /// New contacts are created, others left alone.
    Missing,
    /// Nothing is written; what is not in step is listed.
    Verify,
}

impl From<ImportMode> for Mode {
    fn from(mode: ImportMode) -> Self {
        match mode {
            ImportMode::Full => Self::Full,
            ImportMode::Missing => Self::Missing,
            ImportMode::Verify => Self::Verify,
        }
    }
}

impl ImportOptions {
    /// What is asked for, for an integration.
    pub(super) fn request(&self, integration: IntegrationId) -> ImportRequest {
        ImportRequest {
            mode: self.mode.into(),
            page_size: self.page_size,
            dry_run: self.dry_run,
            source: self.source.clone(),
            ..ImportRequest::full(integration)
        }
    }

    /// The command that does something about an import, in the same surroundings.
    pub(super) fn command(&self, option: &str, import: &JobId) -> String {
        let aws = if self.aws { " --aws" } else { "" };
        let config = match self.config.to_str() {
            Some(DEFAULT_CONFIG) | None => String::new(),
            Some(path) => format!(" --config {}", quoted(path)),
        };
        let program = quoted(&self.program);
        format!("{program} import --{option} {import}{aws}{config}")
    }
}

fn program() -> String {
    let called = std::env::args_os().next().and_then(|name| name.into_string().ok());
    called.unwrap_or_else(|| "patchcord".to_owned())
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+:,@%".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn integration_id(text: &str) -> Result<IntegrationId, String> {
    IntegrationId::try_from(text.to_owned()).map_err(|error| error.to_string())
}

fn job_id(text: &str) -> Result<JobId, String> {
    JobId::try_from(text.to_owned()).map_err(|error| error.to_string())
}

fn page_size(text: &str) -> Result<PageSize, String> {
    let size = text.parse().ok().and_then(|size: u32| PageSize::try_from(size).ok());
    size.ok_or_else(|| "expected a number from 1 to 500".to_owned())
}

#[cfg(test)]
pub(super) mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        options: ImportOptions,
    }

    /// The options that these arguments are, of a program called `patchcord`.
    pub fn parsed(arguments: &[&str]) -> ImportOptions {
        let all = ["patchcord"].iter().chain(arguments);
        let mut options = Cli::parse_from(all).options;
        "patchcord".clone_into(&mut options.program);
        // Whoever runs the tests may have set one.
        if !arguments.contains(&"--config") {
            options.config = DEFAULT_CONFIG.into();
        }
        options
    }

    #[test]
    fn a_command_can_be_pasted_where_this_one_was_called() {
        let import = job_id("one.018bcfe568000000000").unwrap();
        for (program, arguments, expected) in [
            ("target/debug/patchcord", &[][..], "target/debug/patchcord import --resume ID"),
            ("patchcord", &["--aws"], "patchcord import --resume ID --aws"),
            (
                "/home/a b/patchcord",
                &["--config", "it's.yaml"],
                r"'/home/a b/patchcord' import --resume ID --config 'it'\''s.yaml'",
            ),
        ] {
            let options = ImportOptions { program: program.to_owned(), ..parsed(arguments) };
            let expected = expected.replace("ID", &import.to_string());
            assert_eq!(options.command("resume", &import), expected);
        }
    }
}
