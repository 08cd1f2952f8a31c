//! A file on its way, record by record.

use std::sync::Arc;

use super::attempts::Attempts;
use super::config::Format;
use super::csv::CsvParser;
use super::lines::LineParser;
use super::mark::Mark;
use super::origin::Origin;
use super::parser::{MAX_RECORD_BYTES, Parser, line};
use super::stream::Stream;
use crate::contacts::consumer::{ExternalContact, Page, Unreadable};
use crate::contacts::import::source::SourceError;
use crate::contacts::mapping::Mappings;

/// A page ends after so many bytes, if not before. A few long records fill it then, which take up
/// to twenty times as much as values.
const MAX_PAGE_BYTES: u64 = MAX_RECORD_BYTES as u64;

/// An open file, and what understands it.
pub(super) struct Reading {
    stream: Stream,
    /// None if there is nothing in the file.
    parser: Option<Parser>,
}

impl Reading {
    /// The file from `mark` on.
    pub async fn open(
        origin: &Arc<Origin>,
        format: Format,
        mark: Mark,
        mappings: &Mappings,
        attempts: &mut Attempts<'_>,
    ) -> Result<Self, SourceError> {
        let start = Mark { version: mark.version, ..Mark::START };
        let mut stream = Stream::new(Arc::clone(origin), start);
        let parser = match format {
            Format::Csv { delimiter } => {
                stream.skip_byte_order_mark(attempts).await?;
                if stream.fill(attempts).await?.is_empty() {
                    return Ok(Self { stream, parser: None });
                }
                if !stream.skip(|byte| matches!(byte, b'\r' | b'\n'), attempts).await? {
                    return Err(SourceError::unreadable(line(1), "a header row"));
                }
                let parser = CsvParser::new(delimiter, mappings, &mut stream, attempts).await?;
                Parser::Csv(Box::new(parser))
            }
            Format::JsonLines if mark.at > 0 => Parser::Lines(LineParser::default()),
            Format::JsonLines => {
                stream.skip_byte_order_mark(attempts).await?;
                Parser::Lines(LineParser::default())
            }
        };
        if mark.at > 0 {
            stream = Stream::new(Arc::clone(origin), mark);
        }
        Ok(Self { stream, parser: Some(parser) })
    }

    /// Whether the next record is the one at `mark`.
    pub fn is_at(&self, mark: Mark) -> bool {
        self.stream.mark() == mark
    }

    /// The next contacts, `limit` at most, with what is unreadable.
    pub async fn page(
        &mut self,
        limit: usize,
        mappings: &Mappings,
        attempts: &mut Attempts<'_>,
    ) -> Result<Page, SourceError> {
        let mut page =
            Page { contacts: Vec::new(), unreadable: Vec::new(), next: None, total: None };
        let Some(parser) = &mut self.parser else { return Ok(page) };
        let stream = &mut self.stream;
        stream.next_page();
        let begin = stream.mark().at;
        while parser.seek(stream, attempts).await? {
            let mark = stream.mark();
            let is_full = page.contacts.len() + page.unreadable.len() >= limit;
            if is_full || mark.at - begin >= MAX_PAGE_BYTES {
                page.next = Some(mark.cursor());
                break;
            }
            let record = parser.read(stream, attempts).await?;
            let contact = record.and_then(|fields| match mappings.external_id(&fields) {
                Some(id) => Ok(ExternalContact { id, fields }),
                None => Err("the contact's id where the mappings read it".to_owned()),
            });
            match contact {
                Ok(contact) => page.contacts.push(contact),
                Err(expected) => {
                    let place = line(mark.line);
                    page.unreadable.push(Unreadable { place, expected, item: None });
                }
            }
        }
        Ok(page)
    }
}
