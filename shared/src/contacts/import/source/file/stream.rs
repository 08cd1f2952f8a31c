//! The bytes of a file from one place on, whatever happens to the connection on the way.

use std::sync::Arc;

use bytes::Bytes;

use super::attempts::Attempts;
use super::mark::Mark;
use super::origin::{Body, Opened, Origin};
use crate::contacts::import::source::SourceError;
use crate::ground::fingerprint::Fingerprint;

/// UTF-8's form of the byte order mark, which some programs put before everything.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What a parser reads from: some bytes at a time, of which it says how many it has used.
pub(super) struct Stream {
    origin: Arc<Origin>,
    body: Option<Body>,
    /// What was read and not used yet.
    rest: Bytes,
    /// Where `rest` begins.
    at: u64,
    /// The first line that `rest` has a part of.
    line: u64,
    /// Whether the byte before `rest` is a CR: an LF behind it belongs to it.
    is_behind_cr: bool,
    version: Option<Fingerprint>,
    has_ended: bool,
}

impl Stream {
    /// The file from `mark` on, if it is still the one that the mark is of.
    pub fn new(origin: Arc<Origin>, mark: Mark) -> Self {
        let Mark { at, line, version } = mark;
        let (body, rest, is_behind_cr, has_ended) = (None, Bytes::new(), false, false);
        Self { origin, body, rest, at, line, is_behind_cr, version, has_ended }
    }

    /// Where it is.
    pub fn mark(&self) -> Mark {
        Mark { at: self.at, line: self.line, version: self.version }
    }

    /// The next bytes; none at the end. They are the same until some are used.
    pub async fn fill(&mut self, attempts: &mut Attempts<'_>) -> Result<&[u8], SourceError> {
        while self.rest.is_empty() && !self.has_ended {
            self.rest = self.more(attempts).await?;
        }
        Ok(&self.rest)
    }

    /// Goes on behind the next `count` bytes. A line ends with LF, CRLF or CR, as an editor counts.
    pub fn consume(&mut self, count: usize) {
        let used = self.rest.split_to(count.min(self.rest.len()));
        self.at += used.len() as u64;
        for byte in used {
            let is_end = byte == b'\r' || (byte == b'\n' && !self.is_behind_cr);
            self.line += u64::from(is_end);
            self.is_behind_cr = byte == b'\r';
        }
    }

    /// Goes on behind everything that `is_blank`; false at the end of the file.
    pub async fn skip(
        &mut self,
        is_blank: fn(u8) -> bool,
        attempts: &mut Attempts<'_>,
    ) -> Result<bool, SourceError> {
        loop {
            let bytes = self.fill(attempts).await?;
            if bytes.is_empty() {
                return Ok(false);
            }
            match bytes.iter().position(|byte| !is_blank(*byte)) {
                Some(count) => {
                    self.consume(count);
                    return Ok(true);
                }
                None => self.consume(usize::MAX),
            }
        }
    }

    /// Goes on behind a byte order mark, if there is one here.
    pub async fn skip_byte_order_mark(
        &mut self,
        attempts: &mut Attempts<'_>,
    ) -> Result<(), SourceError> {
        while self.rest.len() < BYTE_ORDER_MARK.len() && !self.has_ended {
            let more = self.more(attempts).await?;
            self.rest = [&self.rest[..], &more[..]].concat().into();
        }
        if self.rest.starts_with(BYTE_ORDER_MARK) {
            self.consume(BYTE_ORDER_MARK.len());
        }
        Ok(())
    }

    /// Prepares for the next page: whether the file has changed is seen as it is opened.
    pub fn next_page(&mut self) {
        if self.origin.is_reopened() {
            (self.body, self.rest, self.has_ended) = (None, Bytes::new(), false);
        }
    }

    /// The bytes behind `rest`; none at the end.
    async fn more(&mut self, attempts: &mut Attempts<'_>) -> Result<Bytes, SourceError> {
        loop {
            match self.attempt(attempts).await {
                Ok(bytes) => {
                    self.has_ended = bytes.is_empty();
                    return Ok(bytes);
                }
                Err(error) => {
                    self.body = None;
                    attempts.pause(error).await?;
                }
            }
        }
    }

    async fn attempt(&mut self, attempts: &Attempts<'_>) -> Result<Bytes, SourceError> {
        loop {
            let body = if let Some(body) = &mut self.body {
                body
            } else {
                let body = self.open(attempts).await?;
                self.body.insert(body)
            };
            let bytes = body.read(attempts).await?;
            if !bytes.is_empty() || body.is_last() {
                return Ok(bytes);
            }
            // It was a part, and has had at least one byte: so this comes to an end.
            self.body = None;
        }
    }

    /// The file behind `rest`.
    async fn open(&mut self, attempts: &Attempts<'_>) -> Result<Body, SourceError> {
        let from = self.at + self.rest.len() as u64;
        let Opened { body, version } = self.origin.open(from, attempts).await?;
        match (self.version, version) {
            (Some(before), Some(now)) if before != now => return Err(SourceError::Changed),
            (before, now) => self.version = before.or(now),
        }
        Ok(body)
    }
}
