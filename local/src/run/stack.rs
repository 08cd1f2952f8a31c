//! Starts everything in order, stays, and ends everything.

use std::{net::SocketAddr, path::Path, time::Duration};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    time::{Instant, sleep},
};

use super::{
    RunError, RunOptions,
    banner::{self, say},
    environment::{Environment, workspace_root},
    health::{self, Health},
    ports,
    standins::Standins,
    watch::Watch,
};
use crate::{
    dynamodb::Dynamo,
    tables::{self, Table},
};

/// Until the health is asked for again.
const POLL: Duration = Duration::from_millis(200);
const POLL_UNWELL: Duration = Duration::from_secs(2);
/// When waiting is explained, first and again.
const FIRST_WORD: Duration = Duration::from_secs(2);
const NEXT_WORD: Duration = Duration::from_secs(30);

/// Runs the stack until it is interrupted, which is success.
pub async fn run(options: RunOptions) -> Result<(), RunError> {
    let options = options.without_empty();
    let mut interrupts = Interrupts::new()?;
    let root = workspace_root()?;
    ports::check_free(options.port, "the functions", "PATCHCORD_PORT")?;
    let dynamo = start_dynamodb(&options)?;
    let endpoint = match (&options.dynamodb_endpoint, &dynamo) {
        (Some(endpoint), _) => endpoint.clone(),
        (None, Some(dynamo)) => dynamo.endpoint(),
        (None, None) => String::new(),
    };
    let standins = Standins::start(&options).await?;
    let tables = tables::stack_from_env();
    let outcome = tokio::select! {
        outcome = with_tables(&options, &root, &endpoint, &standins, &tables) => outcome,
        () = interrupts.next() => Ok(None),
    };
    let outcome = match outcome {
        Ok(Some(watch)) => stay(&options, watch, &mut interrupts).await,
        other => other.map(|_| ()),
    };
    standins.stop().await;
    if let Some(dynamo) = dynamo {
        dynamo.stop().await;
    }
    outcome
}

/// The embedded one, unless there is another.
fn start_dynamodb(options: &RunOptions) -> Result<Option<Dynamo>, RunError> {
    if let Some(endpoint) = &options.dynamodb_endpoint {
        say(format_args!("using the DynamoDB at {endpoint} (DYNAMODB_ENDPOINT)"));
        if options.data.is_some() {
            say("PATCHCORD_DATA is for the embedded DynamoDB and has no effect now");
        }
        return Ok(None);
    }
    let port = options.dynamodb_port;
    ports::check_free(port, "the embedded DynamoDB", "PATCHCORD_DYNAMODB_PORT")?;
    let dynamo = Dynamo::start(ports::loopback(port), options.data.as_deref())?;
    let endpoint = dynamo.endpoint();
    match &options.data {
        Some(data) => say(format_args!("DynamoDB at {endpoint}, kept in {}", data.display())),
        None => {
            say(format_args!("DynamoDB at {endpoint}, in memory (PATCHCORD_DATA=dir keeps it)"));
        }
    }
    Ok(Some(dynamo))
}

/// Creates the tables, then starts the functions.
async fn with_tables(
    options: &RunOptions,
    root: &Path,
    endpoint: &str,
    standins: &Standins,
    tables: &[Table],
) -> Result<Option<Watch>, RunError> {
    tables::create_tables(&tables::client(endpoint), tables).await?;
    for table in tables {
        say(format_args!("table {}", table.name));
    }
    let mut environment = Environment::new(root, endpoint, tables);
    standins.announce(&mut environment);
    if let (Some(data), None) = (&options.data, &options.dynamodb_endpoint) {
        environment.ignore_changes(root, data)?;
    }
    Watch::start(options, root, &environment).map(Some)
}

/// Waits until the functions answer, then until the end.
async fn stay(
    options: &RunOptions,
    mut watch: Watch,
    interrupts: &mut Interrupts,
) -> Result<(), RunError> {
    let live = async {
        healthy(ports::loopback(options.port)).await;
        println!("{}", banner::ready(options.port));
        std::future::pending::<()>().await;
    };
    let outcome = tokio::select! {
        status = watch.ended() => status.and_then(|status| Err(RunError::WatchEnded { status })),
        () = interrupts.next() => Ok(()),
        () = live => Ok(()),
    };
    say("ending everything");
    outcome.and(watch.end().await)
}

/// Returns once the functions answer, and says what takes so long meanwhile.
async fn healthy(addr: SocketAddr) {
    let begun = Instant::now();
    let talk = async {
        sleep(FIRST_WORD).await;
        say("compiling the functions; the first time takes a few minutes");
        loop {
            sleep(NEXT_WORD).await;
            say(format_args!(
                "still waiting for the functions, {} s now; if there is an error above, correct it \
                 and save, it is tried again",
                begun.elapsed().as_secs()
            ));
        }
    };
    let wait = async {
        let mut said = String::new();
        loop {
            match health::ask(addr).await {
                Health::Healthy => return,
                Health::Silent => sleep(POLL).await,
                Health::Unwell(answer) => {
                    if answer != said {
                        say(format_args!("the health check got: {answer}"));
                        said = answer;
                    }
                    sleep(POLL_UNWELL).await;
                }
            }
        }
    };
    tokio::select! {
        () = wait => {}
        () = talk => {}
    }
}

/// Ctrl-C, and what an operating system or a terminal sends.
struct Interrupts {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Interrupts {
    fn new() -> Result<Self, RunError> {
        let on = |kind| signal(kind).map_err(RunError::io("listen for signals"));
        Ok(Self {
            interrupt: on(SignalKind::interrupt())?,
            terminate: on(SignalKind::terminate())?,
            hangup: on(SignalKind::hangup())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hangup.recv() => {}
        }
    }
}
