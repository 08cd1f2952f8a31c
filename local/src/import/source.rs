//! The option `--source`.

use std::path::{Path, absolute};

use patchcord::contacts::import::source::FileConfig;
use serde_json::Value;

/// The file that `text` names. A path is made absolute, so that an import can be resumed from
/// another directory, and has to be there.
pub(super) fn read(text: &str) -> Result<FileConfig, String> {
    if !text.trim_start().starts_with('{') {
        let text = if text.contains("://") { text.to_owned() } else { present(text)? };
        return FileConfig::parse(text).map_err(|error| error.to_string());
    }
    let mut file: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if let Some(Value::String(path)) = file.get_mut("path") {
        *path = present(path)?;
    }
    serde_json::from_value(file).map_err(|error| error.to_string())
}

/// How many bytes the file has, if it is one of this machine.
pub(super) fn bytes(file: &FileConfig) -> Option<u64> {
    let file = serde_json::to_value(file).ok()?;
    let path = file.get("path")?.as_str()?;
    Some(std::fs::metadata(path).ok()?.len())
}

/// What people call it. A URL may hold credentials, so of one only the host is shown.
pub(super) fn name(file: &FileConfig) -> String {
    let file = serde_json::to_value(file).unwrap_or_default();
    if let Some(path) = file["path"].as_str() {
        return path.to_owned();
    }
    let url = file["url"].as_str().and_then(|url| reqwest::Url::parse(url).ok());
    let host = url.as_ref().and_then(reqwest::Url::host_str).unwrap_or_default();
    format!("a file at {host}")
}

fn present(path: &str) -> Result<String, String> {
    if !Path::new(path).is_file() {
        return Err(format!("expected a file; there is none at {path}"));
    }
    let path = absolute(path).map_err(|error| error.to_string())?;
    path.into_os_string().into_string().map_err(|_| "expected a path in UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_made_absolute_and_has_to_be_there() {
        let here = std::env::current_dir().unwrap();
        for text in ["Cargo.toml", r#"{"path": "Cargo.toml"}"#] {
            // The format is not that of the name.
            let error = read(text).unwrap_err();
            assert!(error.contains(".csv, .jsonl or .ndjson"), "{error}");
        }
        let file = read(r#"{"path": "Cargo.toml", "format": "csv", "delimiter": ";"}"#).unwrap();
        assert_eq!(name(&file), here.join("Cargo.toml").display().to_string());
        let length = std::fs::metadata("Cargo.toml").unwrap().len();
        assert_eq!(bytes(&file), Some(length));
        for text in ["nothing.csv", r#"{"path": "nothing.csv"}"#] {
            assert_eq!(read(text).unwrap_err(), "expected a file; there is none at nothing.csv");
        }
    }

    #[test]
    fn a_url_is_shown_without_what_may_be_a_secret() {
        let file = read("https://user:secret@example.com/a.csv?signature=secret").unwrap();
        assert_eq!((name(&file).as_str(), bytes(&file)), ("a file at example.com", None));
        assert_eq!(name(&read("s3://bucket/key.csv").unwrap()), "a file at bucket");
        assert!(read("{").is_err());
    }
}
