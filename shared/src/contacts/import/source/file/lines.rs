//! JSON lines: an object on every line (<https://jsonlines.org/>,
//! <https://github.com/ndjson/ndjson-spec>).

use serde_json::Value;

use super::attempts::Attempts;
use super::parser::{Length, Record};
use super::stream::Stream;
use crate::contacts::MAX_FIELDS;
use crate::contacts::import::source::SourceError;

/// Reads lines.
#[derive(Default)]
pub(super) struct LineParser {
    line: Vec<u8>,
}

impl LineParser {
    /// The line that begins here.
    pub async fn read(
        &mut self,
        stream: &mut Stream,
        attempts: &mut Attempts<'_>,
    ) -> Result<Record, SourceError> {
        self.line.clear();
        let mut length = Length::at(stream);
        loop {
            let bytes = stream.fill(attempts).await?;
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let count = end.map_or(bytes.len(), |end| end + 1);
            length.add(count)?;
            if !length.is_too_long() {
                self.line.extend_from_slice(&bytes[..count]);
            }
            let is_last = end.is_some() || count == 0;
            stream.consume(count);
            if is_last {
                return Ok(length.check().and_then(|()| object(&self.line)));
            }
        }
    }
}

fn object(line: &[u8]) -> Record {
    let Ok(text) = std::str::from_utf8(line) else { return Err("UTF-8".to_owned()) };
    match serde_json::from_str(text) {
        Ok(Value::Object(fields)) if fields.len() <= MAX_FIELDS => Ok(fields),
        Ok(Value::Object(_)) => Err(format!("at most {MAX_FIELDS} fields")),
        _ => Err("a JSON object".to_owned()),
    }
}
