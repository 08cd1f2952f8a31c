//! A file as a request and a configuration name it.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::location::{Access, InvalidFile, Location};

/// Which file, and how its contacts are written in it.
///
/// It is read from a text, `"contacts.csv"`, `"https://example.com/contacts.jsonl"` or
/// `"s3://bucket/contacts.csv"`, or from an object, `{"url": …}` or `{"path": …}`, with `format`
/// and `delimiter`. It is written so that it is read as the same. A URL may hold credentials, which
/// its `Debug` does not show.
#[derive(Clone, PartialEq)]
pub struct FileConfig {
    pub(super) location: Location,
    format: Format,
}

/// How contacts are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Rows under a header row.
    Csv {
        /// What is between two fields.
        delimiter: u8,
    },
    /// A JSON object on every line.
    JsonLines,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delimiter: Option<String>,
}

impl FileConfig {
    /// The file that a path or a URL names. Its format is that of its extension.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidFile> {
        Self::of(Location::parse(text.into())?, None, None)
    }

    /// How its contacts are written.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Whether it may be read. [`FileSource::new`](super::FileSource::new) asks this, too.
    pub fn check(&self, access: Access) -> Result<(), InvalidFile> {
        self.location.check(access)
    }

    fn of(
        location: Location,
        format: Option<&str>,
        delimiter: Option<&str>,
    ) -> Result<Self, InvalidFile> {
        let name = location.name().to_ascii_lowercase();
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        let format = match (format, ending) {
            (Some("csv"), _) | (None, Some("csv")) => Format::Csv { delimiter: b',' },
            (Some("jsonl"), _) | (None, Some("jsonl" | "ndjson")) => Format::JsonLines,
            (Some(_), _) => return Err(InvalidFile::expected("`format`: csv or jsonl")),
            (None, _) => {
                return Err(InvalidFile::expected(
                    "a name that ends in .csv, .jsonl or .ndjson, or `format`: csv or jsonl",
                ));
            }
        };
        let format = match (format, delimiter) {
            (format, None) => format,
            (Format::Csv { .. }, Some(text)) => Format::Csv { delimiter: one_byte(text)? },
            (Format::JsonLines, Some(_)) => {
                return Err(InvalidFile::expected("`delimiter` only with `format`: csv"));
            }
        };
        Ok(Self { location, format })
    }

    fn from_value(value: Value) -> Result<Self, InvalidFile> {
        let written: Written = match value {
            Value::String(text) => return Self::parse(text),
            Value::Object(_) => serde_json::from_value(value).map_err(|_| {
                InvalidFile::expected(
                    "texts as `url` or `path`, `format` and `delimiter`, and nothing else",
                )
            })?,
            _ => return Err(InvalidFile::expected("a path, a URL, or an object with one of both")),
        };
        let location = match (written.url, written.path) {
            (Some(url), None) => Location::url(&url)?,
            (None, Some(path)) => Location::path(path)?,
            _ => return Err(InvalidFile::expected("one of `url` and `path`")),
        };
        Self::of(location, written.format.as_deref(), written.delimiter.as_deref())
    }
}

fn one_byte(text: &str) -> Result<u8, InvalidFile> {
    let is_free =
        |byte: &u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\r' | b'\n');
    match text.as_bytes() {
        [byte] if byte.is_ascii() && is_free(byte) => Ok(*byte),
        _ => Err(InvalidFile::expected("`delimiter`: one ASCII character, such as ; or a tab")),
    }
}

impl<'de> Deserialize<'de> for FileConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_value(Value::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl Serialize for FileConfig {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (url, path) = match &self.location {
            Location::Path(path) => (None, Some(path.clone())),
            Location::Web(url) => (Some(url.to_string()), None),
            Location::S3(name) => (Some(name.to_string()), None),
        };
        let (format, delimiter) = match self.format {
            Format::Csv { delimiter } => ("csv", Some(char::from(delimiter).to_string())),
            Format::JsonLines => ("jsonl", None),
        };
        Written { url, path, format: Some(format.to_owned()), delimiter }.serialize(serializer)
    }
}

impl fmt::Debug for FileConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.location {
            Location::Path(_) => "path",
            Location::Web(_) => "url",
            Location::S3(_) => "s3",
        };
        f.debug_struct("FileConfig").field("kind", &kind).field("format", &self.format).finish()
    }
}

#[cfg(test)]
mod tests;
