//! Working on an import until it is over, or somebody presses Ctrl-C.

use std::time::Duration;

use patchcord::contacts::import::job::{Job, JobState};
use patchcord::contacts::import::store::JobError;
use patchcord::contacts::import::{Due, ImportError as SliceError, Importer, StartError, Status};
use patchcord::ground::clock::Deadline;
use tokio::sync::watch;
use tokio::time::sleep;

use super::error::{At as _, ImportError};
use super::screen::Screen;
use super::setup::Place;

/// How long a slice is here. Between two of them there is a word about what it waits for.
const SLICE: Duration = Duration::from_mins(1);
/// Until a part is asked for again that somebody else works on, or that has failed.
const POLL: Duration = Duration::from_secs(1);
/// A shorter pause is not worth a line.
const WORTH_SAYING: Duration = Duration::from_secs(2);
/// So many slices in a row may fail before it is given up.
const MAX_FAILED: u32 = 10;

/// Works on an import.
pub struct Worker<'a> {
    pub importer: &'a Importer,
    pub place: &'a Place,
    pub job: &'a Job,
    pub screen: &'a Screen,
    /// True once somebody wants it to stop.
    pub stop: watch::Receiver<bool>,
    /// How to go on with it.
    pub resume: String,
}

impl Worker<'_> {
    /// Works until the import has ended. Without an end, somebody has stopped it.
    pub async fn work(mut self) -> Result<Option<Status>, ImportError> {
        let imports = self.importer.imports();
        let (mut failed, mut is_waiting) = (0, false);
        loop {
            while let Some(due) = imports.slices.next() {
                if *self.stop.borrow() {
                    return Ok(None);
                }
                is_waiting = false;
                match self.slice(due).await {
                    Ok(()) => failed = 0,
                    Err(SliceError::Busy) => {}
                    Err(source) if failed >= MAX_FAILED => {
                        let (resume, source) = (self.resume, Box::new(source));
                        return Err(ImportError::Stopped { resume, source });
                    }
                    Err(_) => failed += 1,
                }
            }
            let status = imports.status(&self.job.id).await;
            let status =
                status.and_then(|status| status.ok_or(JobError::NotFound)).at(self.place)?;
            if status.state != JobState::Running {
                return Ok(Some(status));
            }
            if !self.pause(POLL).await {
                return Ok(None);
            }
            // Somebody else works on it, or has worked and was killed a moment ago.
            if !is_waiting {
                is_waiting = true;
                self.screen.say("waiting for whoever works on this import, or has just ended");
            }
            match imports.go_on(&self.job.id).await {
                Ok(()) => {}
                Err(StartError::Jobs(error)) if error.is_retryable() && failed < MAX_FAILED => {
                    failed += 1;
                }
                error => error.at(self.place)?,
            }
        }
    }

    async fn slice(&mut self, Due { slice, at }: Due) -> Result<(), SliceError> {
        let clock = &self.importer.imports().clock;
        let wait = at.since(clock.now());
        if wait >= WORTH_SAYING {
            self.screen.say(format_args!("goes on in {} s", wait.as_secs()));
        }
        if !self.pause(wait).await {
            return Ok(());
        }
        let deadline = Deadline::after(SLICE, self.importer.imports().clock.now());
        self.importer.work(&slice, deadline).await
    }

    /// Waits; false if somebody wants it to stop.
    async fn pause(&mut self, pause: Duration) -> bool {
        tokio::select! {
            () = sleep(pause) => true,
            _ = self.stop.wait_for(|stop| *stop) => false,
        }
    }
}
