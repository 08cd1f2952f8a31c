//! A folder for the files of one test.

use std::path::PathBuf;

/// It is removed at the end.
pub struct Folder(PathBuf);

impl Folder {
    /// One that no other test has.
    pub fn new(test: &str) -> Self {
        let name = format!("import-files-{test}-{}", std::process::id());
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// A file with these bytes, and its path.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
