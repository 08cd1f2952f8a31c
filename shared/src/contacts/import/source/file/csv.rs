//! Comma-separated values (<https://www.rfc-editor.org/rfc/rfc4180>): rows of texts, in quotation
//! marks where they have delimiters, line breaks or quotation marks.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::attempts::Attempts;
use super::header::Header;
use super::parser::{Length, MAX_RECORD_BYTES, Record};
use super::stream::Stream;
use crate::contacts::MAX_FIELDS;
use crate::contacts::import::source::SourceError;
use crate::contacts::mapping::Mappings;

/// Reads rows under a header row.
pub(super) struct CsvParser {
    header: Header,
    rows: Rows,
}

/// Reads rows.
struct Rows {
    reader: Reader,
    /// The cells of a row, one behind the other.
    text: Vec<u8>,
    /// Where each of them ends.
    ends: Vec<usize>,
}

impl CsvParser {
    /// Reads the header row of the file that `stream` is at the beginning of.
    pub async fn new(
        delimiter: u8,
        mappings: &Mappings,
        stream: &mut Stream,
        attempts: &mut Attempts<'_>,
    ) -> Result<Self, SourceError> {
        let mut rows = Rows::new(delimiter, MAX_FIELDS);
        let number = stream.mark().line;
        let unreadable = |expected| SourceError::unreadable(super::parser::line(number), expected);
        let cells = rows.read(stream, attempts).await?.map_err(unreadable)?;
        let header = Header::new(&cells, number, mappings)?;
        let rows = Rows::new(delimiter, header.columns());
        Ok(Self { header, rows })
    }

    /// The row that begins here.
    pub async fn read(
        &mut self,
        stream: &mut Stream,
        attempts: &mut Attempts<'_>,
    ) -> Result<Record, SourceError> {
        let columns = self.header.columns();
        let cells = match self.rows.read(stream, attempts).await? {
            Ok(cells) if cells.len() == columns => cells,
            Ok(_) => {
                let expected = format!("{columns} fields, as many as the header row has");
                return Ok(Err(expected));
            }
            Err(expected) => return Ok(Err(expected)),
        };
        Ok(Ok(self.header.fields(cells.into_iter())))
    }
}

impl Rows {
    /// Rows of so many cells at most.
    fn new(delimiter: u8, columns: usize) -> Self {
        let mut reader = ReaderBuilder::new().delimiter(delimiter).build();
        // Else it would take a byte order mark for one wherever it begins.
        reader.read_record(b"\n", &mut [0], &mut [0]);
        // One more of each, so that what is full is too long, or has too many.
        Self { reader, text: vec![0; 1024], ends: vec![0; columns + 1] }
    }

    /// The cells of the row that begins here; one more than there may be if there are too many.
    async fn read(
        &mut self,
        stream: &mut Stream,
        attempts: &mut Attempts<'_>,
    ) -> Result<Result<Vec<&str>, String>, SourceError> {
        let (mut text, mut ends) = (0, 0);
        let mut length = Length::at(stream);
        let is_closed = loop {
            let bytes = stream.fill(attempts).await?;
            let is_end = bytes.is_empty();
            // At its end, a file may have a line break or not.
            let bytes = if is_end { b"\n" } else { bytes };
            let (result, used, more_text, more_ends) =
                self.reader.read_record(bytes, &mut self.text[text..], &mut self.ends[ends..]);
            text += more_text;
            ends += more_ends;
            if !is_end {
                length.add(used)?;
                stream.consume(used);
            }
            match result {
                ReadRecordResult::Record | ReadRecordResult::End => break true,
                ReadRecordResult::InputEmpty if is_end => break false,
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() <= MAX_RECORD_BYTES => {
                    self.text.resize((self.text.len() * 2).min(MAX_RECORD_BYTES + 1), 0);
                }
                // Longer than anything that is kept.
                ReadRecordResult::OutputFull => text = 0,
                // What is beyond counts as one cell more.
                ReadRecordResult::OutputEndsFull => ends -= 1,
            }
        };
        Ok(match length.check() {
            Err(expected) => Err(expected),
            Ok(()) if !is_closed => Err("a closing quotation mark".to_owned()),
            Ok(()) => self.cells(ends),
        })
    }

    fn cells(&self, count: usize) -> Result<Vec<&str>, String> {
        let mut begin = 0;
        let cells = self.ends[..count].iter().map(|end| {
            let cell = std::str::from_utf8(&self.text[begin..*end]);
            begin = *end;
            cell.map_err(|_| "UTF-8".to_owned())
        });
        cells.collect()
    }
}
