//! Starts everything in order, stays, and ends everything.

use std::{fs, path::Path};

use super::{
    RunError, RunOptions,
    announcement::Announcement,
    banner::say,
    environment::{self, Environment, workspace_root},
    ports,
    queues::Queues,
    standins::Standins,
    watch::Watch,
};
use crate::{
    dynamodb::Dynamo,
    interrupts::Interrupts,
    tables::{self, Table},
};

/// Runs the stack until it is interrupted, which is success.
pub async fn run(options: RunOptions) -> Result<(), RunError> {
    let options = options.without_empty();
    let mut interrupts = Interrupts::new().map_err(RunError::io("listen for signals"))?;
    let root = workspace_root()?;
    ports::check_free(options.port, "the functions", "PATCHCORD_PORT")?;
    let dynamo = start_dynamodb(&options)?;
    let endpoint = match (&options.dynamodb_endpoint, &dynamo) {
        (Some(endpoint), _) => endpoint.clone(),
        (None, Some(dynamo)) => dynamo.endpoint(),
        (None, None) => String::new(),
    };
    let standins = Standins::start(&options).await?;
    let queue = Queues::start(&options).await?;
    let tables = tables::stack_from_env();
    let outcome = tokio::select! {
        outcome = with_tables(&options, &root, &endpoint, (&standins, &queue), &tables) => outcome,
        () = interrupts.next() => Ok(None),
    };
    let is_contacts = |table: &&Table| table.variable == Table::CONTACTS_VARIABLE;
    let contacts = tables.iter().find(is_contacts);
    let outcome = match outcome {
        Ok(Some(watch)) => {
            let announcement = Announcement {
                port: options.port,
                standins: &standins,
                config: environment::config(&root),
                cargo_lambda: &options.cargo_lambda,
                dynamodb: &endpoint,
                table: contacts.map_or(Table::CONTACTS, |table| table.name.as_str()),
            };
            stay(announcement, watch, &mut interrupts).await
        }
        other => other.map(|_| ()),
    };
    // It is not there if nothing was started.
    let _ = fs::remove_file(environment::watched_file(&root, options.port));
    queue.stop().await;
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
    (standins, queue): (&Standins, &Queues),
    tables: &[Table],
) -> Result<Option<Watch>, RunError> {
    tables::create_tables(&tables::client(endpoint), tables).await?;
    for table in tables {
        say(format_args!("table {}", table.name));
    }
    let mut environment = Environment::new(root, endpoint, tables);
    standins.announce(&mut environment);
    queue.announce(&mut environment);
    let data = options.data.as_deref().filter(|_| options.dynamodb_endpoint.is_none());
    environment.watch(root, options.port, data)?;
    Watch::start(options, root, &environment).map(Some)
}

/// Says what there is to paste, and waits until the end.
async fn stay(
    announcement: Announcement<'_>,
    mut watch: Watch,
    interrupts: &mut Interrupts,
) -> Result<(), RunError> {
    let live = async {
        announcement.make().await;
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
