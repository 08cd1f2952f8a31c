//! The function `contact-import` in the process of a test, invoked by a queue as on AWS.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use patchcord::app::ContactImport;
use patchcord::ground::clock::Deadline;
use patchcord_local::queue::{Invoke, InvokeError};
use serde_json::Value;

use crate::imports::Imports;

/// Instances of the function in this process. Each invocation is another one's.
pub struct Instances {
    functions: Vec<ContactImport>,
    time: Duration,
    invocations: AtomicUsize,
}

impl Instances {
    /// So many, an invocation of which has so much time.
    pub async fn of(imports: &Imports, count: usize, time: Duration) -> Self {
        let mut functions = Vec::with_capacity(count);
        for _ in 0..count {
            functions.push(imports.instance().await);
        }
        Self { functions, time, invocations: AtomicUsize::new(0) }
    }

    /// How often they were invoked.
    pub fn invocations(&self) -> usize {
        self.invocations.load(Ordering::Relaxed)
    }
}

impl Invoke for Instances {
    async fn invoke(&self, event: Bytes) -> Result<Bytes, InvokeError> {
        let failed = |status| InvokeError::Failed { function: "contact-import".to_owned(), status };
        let event: Value =
            serde_json::from_slice(&event).map_err(|_| failed(StatusCode::BAD_REQUEST))?;
        let invocation = self.invocations.fetch_add(1, Ordering::Relaxed);
        let function = &self.functions[invocation % self.functions.len()];
        let clock = &function.importer().imports().clock;
        let deadline = Deadline::after(self.time, clock.now());
        let answer = function.handle(event, deadline).await;
        let answer = answer.map_err(|_| failed(StatusCode::INTERNAL_SERVER_ERROR))?;
        Ok(answer.to_string().into())
    }
}
