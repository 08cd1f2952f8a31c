//! Files of this machine. The operating system is asked on a thread where it may take its time.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use tokio::task::spawn_blocking;

use super::origin::{Body, Opened};
use crate::contacts::import::source::SourceError;
use crate::ground::fingerprint::Fingerprint;

const CHUNK_BYTES: usize = 64 * 1024;

/// An open file; none while it is being read.
pub(super) struct Reader(Option<File>);

/// Opens the file at `path`, from the byte `at` on.
pub(super) async fn open(path: String, at: u64) -> Result<Opened, SourceError> {
    let opened = blocking(move || {
        // Opening a pipe would wait for whoever writes to it.
        if !std::fs::metadata(&path)?.is_file() {
            return Ok(None);
        }
        let mut file = File::open(path)?;
        let metadata = file.metadata()?;
        let modified = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        file.seek(SeekFrom::Start(at))?;
        Ok(Some((file, format!("file {} {}", metadata.len(), modified.as_nanos()))))
    });
    let (file, version) = opened
        .await?
        .ok_or_else(|| SourceError::unreadable("path", "a file, neither a directory nor a pipe"))?;
    let version = Some(Fingerprint::of(&version));
    Ok(Opened { body: Body::File(Reader(Some(file))), version })
}

impl Reader {
    /// Some bytes, or none at the end.
    pub async fn read(&mut self) -> Result<Bytes, SourceError> {
        let Some(mut file) = self.0.take() else { return Ok(Bytes::new()) };
        let (file, bytes) = blocking(move || {
            let mut bytes = vec![0; CHUNK_BYTES];
            let length = loop {
                match file.read(&mut bytes) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    length => break length?,
                }
            };
            bytes.truncate(length);
            Ok((file, bytes))
        })
        .await?;
        self.0 = Some(file);
        Ok(bytes.into())
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, SourceError> {
    let done = spawn_blocking(work).await.map_err(io::Error::other).flatten();
    done.map_err(|error| match error.kind() {
        ErrorKind::NotFound => SourceError::NotFound,
        _ => SourceError::Io(error),
    })
}
