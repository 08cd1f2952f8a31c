//! What a function answers.

use bytes::{Bytes, BytesMut};
use tokio::sync::mpsc;

use super::{InstanceId, LambdaError};

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The bytes; of a streamed answer with its prelude.
    pub body: Bytes,
    /// Whether it was streamed.
    pub streamed: bool,
    /// Which instance gave it.
    pub instance: InstanceId,
}

/// An answer of which the first part is there.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) streamed: bool,
    pub(super) instance: InstanceId,
    pub(super) chunks: Chunks,
}

impl Reply {
    /// Waits for its end.
    pub(super) async fn collect(self) -> Result<Answer, LambdaError> {
        let Self { streamed, instance, chunks } = self;
        Ok(Answer { body: chunks.collect().await?, streamed, instance })
    }
}

/// The parts of an answer, each as soon as the function has sent it.
#[derive(Debug)]
pub struct Chunks {
    /// Read, but not given out yet.
    first: Option<Bytes>,
    rest: mpsc::UnboundedReceiver<Result<Bytes, LambdaError>>,
}

impl Chunks {
    pub(super) const fn new(rest: mpsc::UnboundedReceiver<Result<Bytes, LambdaError>>) -> Self {
        Self { first: None, rest }
    }

    /// Of an answer without a body.
    pub(super) fn empty() -> Self {
        Self::new(mpsc::unbounded_channel().1)
    }

    /// Puts bytes back in front.
    pub(super) fn unread(&mut self, bytes: Bytes) {
        self.first = Some(bytes).filter(|bytes| !bytes.is_empty());
    }

    /// The next part; `None` after the last one. An error is the last one.
    pub async fn next(&mut self) -> Option<Result<Bytes, LambdaError>> {
        match self.first.take() {
            Some(bytes) => Some(Ok(bytes)),
            None => self.rest.recv().await,
        }
    }

    /// All that is still to come, in one piece.
    pub async fn collect(mut self) -> Result<Bytes, LambdaError> {
        let Some(first) = self.next().await.transpose()? else {
            return Ok(Bytes::new());
        };
        let mut whole = BytesMut::from(first);
        while let Some(chunk) = self.next().await {
            whole.extend_from_slice(&chunk?);
        }
        Ok(whole.freeze())
    }
}
