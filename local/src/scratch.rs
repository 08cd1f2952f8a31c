//! A configuration of a test's own.

use std::path::{Path, PathBuf};

/// A file that is gone with it.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(text: &str) -> Self {
        let name = format!("patchcord-{}-{:x}.yaml", std::process::id(), fastrand::u64(..));
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// What a command says of an error, with `CONFIG` for this file.
    pub(crate) fn said_of(&self, error: impl Into<anyhow::Error>) -> String {
        let path = self.0.display().to_string();
        format!("{:#}", error.into()).replace(&path, "CONFIG")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
