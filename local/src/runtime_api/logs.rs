//! What the instances print, kept within bounds.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};

use super::InstanceId;

/// Older lines make room for newer ones.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// A longer line is broken.
const LONGEST_LINE: u64 = 64 * 1024;

/// Where a line was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

/// One line of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Who.
    pub instance: InstanceId,
    /// Where.
    pub stream: Stream,
    /// What, without the line's end.
    pub text: String,
}

/// The lines of all instances, in the order in which they were read.
#[derive(Debug, Default)]
pub(super) struct Logs(Mutex<Lines>);

#[derive(Debug, Default)]
struct Lines {
    lines: VecDeque<LogLine>,
    bytes: usize,
}

impl Logs {
    /// Everything that is kept.
    pub(super) fn all(&self) -> Vec<LogLine> {
        self.lock().lines.iter().cloned().collect()
    }

    /// The last `count` lines of an instance on standard error.
    pub(super) fn stderr_tail(&self, instance: InstanceId, count: usize) -> String {
        let guard = self.lock();
        let wanted = |line: &&LogLine| line.instance == instance && line.stream == Stream::Stderr;
        let mut tail: Vec<&str> =
            guard.lines.iter().rev().filter(wanted).take(count).map(|l| l.text.as_str()).collect();
        tail.reverse();
        tail.join("\n")
    }

    /// Reads a pipe to its end.
    pub(super) async fn read(
        &self,
        instance: InstanceId,
        stream: Stream,
        pipe: impl AsyncRead + Unpin,
    ) {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        loop {
            line.clear();
            match (&mut pipe).take(LONGEST_LINE).read_until(b'\n', &mut line).await {
                Ok(0) | Err(_) => return,
                Ok(_) => {
                    let text = String::from_utf8_lossy(&line);
                    let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
                    self.push(LogLine { instance, stream, text });
                }
            }
        }
    }

    fn push(&self, line: LogLine) {
        let mut kept = self.lock();
        kept.bytes += line.text.len() + size_of::<LogLine>();
        kept.lines.push_back(line);
        while kept.bytes > MOST_BYTES {
            let Some(oldest) = kept.lines.pop_front() else { break };
            kept.bytes -= oldest.text.len() + size_of::<LogLine>();
        }
    }

    /// A panic elsewhere leaves the lines as good as they were.
    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
