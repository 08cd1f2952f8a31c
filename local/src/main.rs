//! `patchcord`: the tool of whoever works on the stack.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use patchcord_local::{
    bench::{self, BenchOptions},
    import::{self, ImportError, ImportOptions},
    map::{self, MapOptions},
    run::{self, AttendOptions, RunOptions},
    telegram::{self, TelegramOptions},
};

/// Patchcord on this machine.
#[derive(Debug, Parser)]
#[command(name = "patchcord")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the whole stack until Ctrl-C: DynamoDB, its tables, the functions.
    Run(RunOptions),
    /// Runs a function below `cargo lambda watch`, and answers in its place when it does not run.
    #[command(hide = true)]
    Attend(AttendOptions),
    /// Measures a function's release binary and writes the figures as a table and as JSON.
    Bench(BenchOptions),
    /// Shows what a contact becomes on the other side, field by field.
    Map(MapOptions),
    /// Imports contacts here, as the function contact-import does.
    Import(Box<ImportOptions>),
    /// Tells Telegram where the updates of a channel go.
    Telegram(TelegramOptions),
}

/// The command line is wrong, as clap has it.
const USAGE: u8 = 2;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match work(Cli::parse().command).await {
        Ok(code) => code,
        // With its causes, in one line. A backtrace would bury what to do about it.
        Err(error) => {
            eprintln!("patchcord: {error:#}");
            let is_usage = error.downcast_ref::<ImportError>().is_some_and(ImportError::is_usage);
            if is_usage { ExitCode::from(USAGE) } else { ExitCode::FAILURE }
        }
    }
}

async fn work(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Run(options) => run::run(options).await?,
        Command::Attend(options) => run::attend(&options).await?,
        Command::Bench(options) => bench::bench(options).await?,
        Command::Map(options) => {
            map::map(&options, std::io::stdin(), std::io::stdout(), std::io::stderr())?;
        }
        Command::Telegram(options) => telegram::telegram(&options, std::io::stdout()).await?,
        Command::Import(options) => return Ok(import::import(&options, std::io::stdout()).await?),
    }
    Ok(ExitCode::SUCCESS)
}
