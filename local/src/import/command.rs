//! The command itself.

use std::io::{self, Write};
use std::process::ExitCode;

use patchcord::contacts::import::Begun;
use patchcord::contacts::import::job::{Job, JobId};
use patchcord::contacts::import::store::JobError;
use tokio::sync::watch;
use tokio::time::Instant;

use super::error::{At as _, ImportError};
use super::follow::Followed;
use super::options::ImportOptions;
use super::screen::Screen;
use super::setup::Here;
use super::summary::{SHOWN, Summary, Table};
use super::work::Worker;
use super::{integration, log, source};
use crate::interrupts::Interrupts;

/// Something was not brought over.
const FAILED: u8 = 1;
/// Ended by Ctrl-C, as shells have it.
const INTERRUPTED: u8 = 130;
/// How many failures are read at a time.
const PAGE: u16 = 1_000;

/// Does what `options` say, and prints what has become of it to `out`.
pub async fn import(options: &ImportOptions, out: impl Write) -> Result<ExitCode, ImportError> {
    let here = Here::new(options).await?;
    let imports = here.importer.imports();
    if let Some(import) = &options.failures {
        return list_failures(&here, import, out).await;
    }
    if let Some(import) = &options.cancel {
        let is_ended = imports.cancel(import).await.at(&here.place)?;
        let word = if is_ended { "is cancelled" } else { "had ended before" };
        print(out, format_args!("import {import} {word}\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let import = begin(&here, options).await?;
    let job = imports
        .jobs
        .find(&import)
        .await
        .and_then(|job| job.ok_or(JobError::NotFound))
        .at(&here.place)?;
    make(&here, &job, options, out).await
}

/// The import that is to be made.
async fn begin(here: &Here, options: &ImportOptions) -> Result<JobId, ImportError> {
    let imports = here.importer.imports();
    let begun = match (&options.resume, &options.retry) {
        (Some(import), _) => {
            imports.go_on(import).await.at(&here.place)?;
            return Ok(import.clone());
        }
        (None, Some(import)) => {
            imports.retry(import, options.create_doubtful).await.at(&here.place)?
        }
        (None, None) => {
            let integration = match &options.integration {
                Some(integration) => integration.clone(),
                None => integration::only(&here.place).await?,
            };
            imports.start(&options.request(integration)).await.at(&here.place)?
        }
    };
    match begun {
        Begun { import, is_new: true } => Ok(import),
        Begun { import, is_new: false } => Err(ImportError::Running {
            resume: options.command("resume", &import),
            cancel: options.command("cancel", &import),
            import: import.to_string(),
        }),
    }
}

async fn make(
    here: &Here,
    job: &Job,
    options: &ImportOptions,
    out: impl Write,
) -> Result<ExitCode, ImportError> {
    let Here { importer, place } = here;
    let screen = Screen::new(options.watch);
    log::start(&screen);
    screen.say(what(job));
    let begun = Instant::now();
    let (stop, stopped) = watch::channel(false);
    let resume = options.command("resume", &job.id);
    let worker =
        Worker { importer, place, job, screen: &screen, stop: stopped, resume: resume.clone() }
            .work();
    let mut interrupts = Interrupts::new().map_err(ImportError::io("listen for signals"))?;
    let interrupted = async {
        interrupts.next().await;
        importer.stop();
        stop.send_replace(true);
        screen.say("ends once the pages that were begun are done; Ctrl-C again ends at once");
        interrupts.next().await;
    };
    let followed = async {
        if options.watch {
            Followed::new(importer.imports(), job).show(&screen).await;
        }
        std::future::pending::<()>().await;
    };
    let ended = tokio::select! {
        ended = worker => ended,
        () = interrupted => Ok(None),
        () = followed => Ok(None),
    };
    screen.clear();
    let Some(status) = ended? else {
        screen.say(format_args!("interrupted; go on with: {resume}"));
        return Ok(ExitCode::from(INTERRUPTED));
    };
    let page = importer.imports().failures(&job.id, None, SHOWN).await.at(place)?;
    let summary = Summary {
        status: &status,
        failures: &page.failures,
        is_more: page.next.is_some(),
        options,
        took: begun.elapsed(),
    };
    print(out, &summary)?;
    Ok(if summary.is_success() { ExitCode::SUCCESS } else { ExitCode::from(FAILED) })
}

fn what(job: &Job) -> String {
    let file = job.request.source.as_ref().map(source::name);
    let from = file.unwrap_or_else(|| "the external service".to_owned());
    let how = if job.request.writes() { "" } else { ", nothing is written" };
    let what = match &job.retry {
        Some(retry) => format!("what {} has not brought over", retry.of),
        None => format!("from {from}"),
    };
    format!("importing {what}{how}; Ctrl-C interrupts it\npatchcord: import {}", job.id)
}

async fn list_failures(
    here: &Here,
    import: &JobId,
    mut out: impl Write,
) -> Result<ExitCode, ImportError> {
    let imports = here.importer.imports();
    let found = imports.jobs.find(import).await;
    found.and_then(|job| job.ok_or(JobError::NotFound)).at(&here.place)?;
    let mut after: Option<String> = None;
    loop {
        let page = imports.failures(import, after.as_deref(), PAGE).await.at(&here.place)?;
        if page.failures.is_empty() && after.is_none() {
            print(&mut out, "nothing has failed\n")?;
        } else if !page.failures.is_empty() {
            print(&mut out, format_args!("{}\n", Table(&page.failures)))?;
        }
        after = page.next;
        if after.is_none() {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

fn print(mut out: impl Write, what: impl std::fmt::Display) -> Result<(), ImportError> {
    match write!(out, "{what}") {
        // Whoever reads has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(ImportError::io("write the result")),
    }
}
