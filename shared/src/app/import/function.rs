//! The function without the Lambda around it.

use std::time::Duration;

use serde_json::{Value, json};

use super::event::{Event, InvalidEvent};
use crate::app::batch_response::BatchResponse;
use crate::contacts::import::job::{JobId, JobState};
use crate::contacts::import::{Due, ImportError, Importer, StartError};
use crate::ground::clock::Deadline;
use crate::ground::telemetry::Chain;

/// A slice is not begun if there is less time than this.
const LEAST: Duration = Duration::from_secs(3);

/// An invocation failed.
#[derive(Debug, thiserror::Error)]
pub enum InvocationError {
    /// It is none of those the function knows.
    #[error(transparent)]
    Event(#[from] InvalidEvent),
    /// The import could not be started.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A slice failed, and there is no queue that would repeat it.
    #[error(transparent)]
    Import(#[from] ImportError),
}

/// The function `contact-import`.
pub struct ContactImport(pub(super) Importer);

impl ContactImport {
    /// The importer that does the work.
    pub const fn importer(&self) -> &Importer {
        &self.0
    }

    /// Does what `event` says, before `deadline`: works on slices, which a queue sends, or starts
    /// an import. Where there is no queue the import is made by the invocation itself, and by
    /// others that go on with it.
    pub async fn handle(&self, event: Value, deadline: Deadline) -> Result<Value, InvocationError> {
        let imports = self.0.imports();
        match Event::read(event)? {
            Event::Messages(messages) => {
                let mut failed = Vec::new();
                for (id, slice) in messages {
                    let Some(slice) = slice else {
                        // It stays so, and ends where somebody looks at it.
                        tracing::error!(message = id, "a message of the queue is no slice");
                        failed.push(id);
                        continue;
                    };
                    if let Err(error) = self.0.work(&slice, deadline).await {
                        let error = Chain(&error).to_string();
                        tracing::error!(import = %slice.import, part = slice.part, error, "a slice failed");
                        failed.push(id);
                    }
                }
                Ok(json!(BatchResponse::from_iter(failed)))
            }
            Event::Start(request) => {
                let begun = imports.start(&request).await?;
                self.go_on(&begun.import, deadline).await
            }
            Event::GoOn(import) => {
                imports.go_on(&import).await?;
                self.go_on(&import, deadline).await
            }
        }
    }

    /// Works on what there is to do here, and says how far the import has come.
    async fn go_on(&self, import: &JobId, deadline: Deadline) -> Result<Value, InvocationError> {
        let imports = self.0.imports();
        let mut next_due = None;
        while let Some(Due { slice, at }) = imports.slices.next() {
            let now = imports.clock.now();
            let left = deadline.remaining(now);
            let wait = at.since(now);
            if left.saturating_sub(wait) < LEAST {
                next_due = Some(at);
                continue;
            }
            tokio::time::sleep(wait).await;
            self.0.work(&slice, deadline).await?;
        }
        let status = imports.status(import).await.map_err(StartError::from)?;
        let status = status.ok_or(StartError::NotFound)?;
        let mut answer = json!(status);
        if status.state == JobState::Running && !imports.slices.is_queue() {
            answer["next"] = json!({ "import": import });
            let wait = next_due.map_or(Duration::ZERO, |due| due.since(imports.clock.now()));
            answer["next_in_seconds"] = json!(wait.as_millis().div_ceil(1000));
        }
        Ok(answer)
    }
}
