//! The response as a whole: everything that is said, collected.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use serde_json::Value;

use super::{Outgoing, OutputChannel, SendError, Sent};
use crate::chat::connector::Connector;
use crate::chat::fallback::Unsupported;
use crate::chat::reply::ReplyKind;

/// Collects what is said, encoded by the connector, for the response.
pub struct CollectingOutput {
    connector: Arc<dyn Connector>,
    said: Mutex<Vec<Value>>,
}

impl CollectingOutput {
    /// With nothing said yet.
    pub fn new(connector: Arc<dyn Connector>) -> Self {
        Self { connector, said: Mutex::default() }
    }

    /// Everything said so far, in order.
    pub fn said(&self) -> Vec<Value> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn collect(&self, outgoing: &Outgoing<'_>) -> Result<Vec<Value>, Unsupported> {
        let encoded = self.connector.encode(outgoing.target, outgoing.reply)?;
        self.said.lock().unwrap_or_else(PoisonError::into_inner).extend(encoded.iter().cloned());
        Ok(encoded)
    }
}

#[async_trait]
impl OutputChannel for CollectingOutput {
    fn supports(&self, kind: ReplyKind) -> bool {
        self.connector.supports(kind)
    }

    async fn send(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        self.collect(outgoing)?;
        Ok(Sent::default())
    }
}
