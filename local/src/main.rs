//! `patchcord`: the tool of whoever works on the stack.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use patchcord_local::{
    bench::{self, BenchOptions},
    map::{self, MapOptions},
    run::{self, RunOptions},
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
    /// Measures a function's release binary and writes the figures as a table and as JSON.
    Bench(BenchOptions),
    /// Shows what a contact becomes on the other side, field by field.
    Map(MapOptions),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match work(Cli::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        // With its causes, in one line. A backtrace would bury what to do about it.
        Err(error) => {
            eprintln!("patchcord: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn work(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Run(options) => run::run(options).await?,
        Command::Bench(options) => bench::bench(options).await?,
        Command::Map(options) => {
            map::map(&options, std::io::stdin(), std::io::stdout(), std::io::stderr())?;
        }
    }
    Ok(())
}
