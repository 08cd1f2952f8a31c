//! Records of a file, whatever its format.

use super::attempts::Attempts;
use super::csv::CsvParser;
use super::lines::LineParser;
use super::stream::Stream;
use crate::contacts::Fields;
use crate::contacts::import::source::SourceError;

/// A longer record, with its line break, is unreadable: no contact is that long.
pub const MAX_RECORD_BYTES: usize = 1024 * 1024;
/// So far the end of a record that is too long is looked for.
const MAX_SKIPPED_BYTES: usize = 16 * MAX_RECORD_BYTES;

/// A record: the fields of a contact, or what was expected instead of what is there.
pub(super) type Record = Result<Fields, String>;

/// What finds records in bytes.
pub(super) enum Parser {
    Csv(Box<CsvParser>),
    Lines(LineParser),
}

impl Parser {
    /// Goes to the first byte of the next record, over blank lines; false if there is none.
    pub async fn seek(
        &self,
        stream: &mut Stream,
        attempts: &mut Attempts<'_>,
    ) -> Result<bool, SourceError> {
        let is_blank: fn(u8) -> bool = match self {
            Self::Csv(_) => |byte| matches!(byte, b'\r' | b'\n'),
            Self::Lines(_) => |byte| matches!(byte, b'\r' | b'\n' | b' ' | b'\t'),
        };
        stream.skip(is_blank, attempts).await
    }

    /// The record that begins here, with its line break.
    pub async fn read(
        &mut self,
        stream: &mut Stream,
        attempts: &mut Attempts<'_>,
    ) -> Result<Record, SourceError> {
        match self {
            Self::Csv(parser) => parser.read(stream, attempts).await,
            Self::Lines(parser) => parser.read(stream, attempts).await,
        }
    }
}

/// How long a record is so far.
pub(super) struct Length {
    line: u64,
    bytes: usize,
}

impl Length {
    /// One that begins where `stream` is.
    pub fn at(stream: &Stream) -> Self {
        Self { line: stream.mark().line, bytes: 0 }
    }

    /// It is so much longer. An error where no end of it is to be expected any more.
    pub fn add(&mut self, bytes: usize) -> Result<(), SourceError> {
        self.bytes += bytes;
        if self.bytes <= MAX_SKIPPED_BYTES {
            return Ok(());
        }
        let expected = format!("a record's end within {MAX_SKIPPED_BYTES} bytes");
        Err(SourceError::unreadable(line(self.line), expected))
    }

    /// What is wrong with it, if it is too long.
    pub fn check(&self) -> Result<(), String> {
        let expected = || format!("at most {MAX_RECORD_BYTES} bytes");
        if self.is_too_long() { Err(expected()) } else { Ok(()) }
    }

    /// Whether nothing of it has to be kept.
    pub fn is_too_long(&self) -> bool {
        self.bytes > MAX_RECORD_BYTES
    }
}

/// The name of a place in a file.
pub(super) fn line(number: u64) -> String {
    format!("line {number}")
}
