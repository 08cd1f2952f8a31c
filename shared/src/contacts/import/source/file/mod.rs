//! Contacts in a file, a CSV or JSON lines: on this machine, at an HTTPS server, in S3.
//!
//! A file is read as a stream, page by page, and may be of any size. `stream` gives its bytes from
//! any place on, however often the connection breaks; `csv` and `lines` find records in them.

mod attempts;
mod config;
mod csv;
mod header;
mod lines;
mod local;
mod location;
mod mark;
mod origin;
mod parser;
mod reading;
mod remote;
mod source;
mod stream;

pub use config::{FileConfig, Format};
pub use location::{Access, InvalidFile};
pub use mark::bytes_before;
pub use parser::MAX_RECORD_BYTES;
pub use source::{FileParts, FileSource};
