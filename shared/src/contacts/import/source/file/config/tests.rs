use serde_json::json;

use super::*;

const CSV: Format = Format::Csv { delimiter: b',' };

#[test]
fn a_file_is_named_by_a_text_or_an_object() {
    for (value, kind, format) in [
        (json!("contacts.csv"), "path", CSV),
        (json!("/tmp/my.export/Contacts.NDJSON"), "path", Format::JsonLines),
        (json!("https://example.com/a.jsonl?token=sesame.csv"), "url", Format::JsonLines),
        (json!("http://127.0.0.1:8000/a.csv"), "url", CSV),
        (json!("http://localhost/a.csv"), "url", CSV),
        (json!("http://[::1]:80/a.csv"), "url", CSV),
        (json!("s3://bucket/a/b c.csv"), "s3", CSV),
        (json!({"url": "s3://bucket/a", "format": "jsonl"}), "s3", Format::JsonLines),
        (json!({"url": "https://example.com/export", "format": "csv"}), "url", CSV),
        (json!({"path": "https://a.csv"}), "path", CSV),
        (json!({"path": "a.csv", "delimiter": ";"}), "path", Format::Csv { delimiter: b';' }),
        (
            json!({"path": "a", "format": "csv", "delimiter": "\t"}),
            "path",
            Format::Csv { delimiter: b'\t' },
        ),
    ] {
        let config: FileConfig = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(config.format(), format, "{value}");
        let shown = format!("{config:?}");
        assert!(shown.contains(&format!("kind: {kind:?}")) && !shown.contains("sesame"), "{shown}");
        let stored = serde_json::to_string(&config).unwrap();
        assert!(serde_json::from_str::<FileConfig>(&stored).unwrap() == config, "{stored}");
    }
}

#[test]
fn what_is_no_file_is_refused_with_what_was_expected() {
    let url = "expected https://, s3://, a path, or http:// to a server of this machine";
    let ending = "expected a name that ends in .csv, .jsonl or .ndjson, or `format`: csv or jsonl";
    let object = "expected texts as `url` or `path`, `format` and `delimiter`, and nothing else";
    let s3 = "expected s3://bucket/key, as S3 names buckets and objects";
    let delimiter = "expected `delimiter`: one ASCII character, such as ; or a tab";
    for (value, expected) in [
        (json!(7), "expected a path, a URL, or an object with one of both"),
        (json!(""), "expected a path"),
        (json!("sesame"), ending),
        (json!("https://example.com/sesame.zip"), ending),
        (json!("https://example.com"), ending),
        (json!("http://example.com/sesame.csv"), url),
        (json!("http://169.254.169.254/sesame.csv"), url),
        (json!("http://127.0.0.1.example.com/sesame.csv"), url),
        (json!("http://localhost@example.com/sesame.csv"), url),
        (json!("ftp://example.com/sesame.csv"), url),
        (json!("file:///sesame.csv"), url),
        (json!("s3://sesame"), s3),
        (json!({"url": "sesame.csv"}), url),
        (json!({"url": "https://a/a.csv", "path": "a.csv"}), "expected one of `url` and `path`"),
        (json!({"format": "csv"}), "expected one of `url` and `path`"),
        (json!({"path": "a.csv", "sesame": 1}), object),
        (json!({"path": ["sesame"]}), object),
        (json!({"path": "a.csv", "format": "xlsx"}), "expected `format`: csv or jsonl"),
        (json!({"path": "a.csv", "delimiter": ""}), delimiter),
        (json!({"path": "a.csv", "delimiter": "||"}), delimiter),
        (json!({"path": "a.csv", "delimiter": "§"}), delimiter),
        (json!({"path": "a.csv", "delimiter": "\""}), delimiter),
        (
            json!({"path": "a.jsonl", "delimiter": ";"}),
            "expected `delimiter` only with `format`: csv",
        ),
    ] {
        let error = serde_json::from_value::<FileConfig>(value.clone()).unwrap_err();
        assert_eq!(error.to_string(), expected, "{value}");
    }
}

#[test]
fn a_function_does_not_read_its_own_machine() {
    for (text, is_elsewhere) in [
        ("https://example.com/a.csv", true),
        ("s3://bucket/a.csv", true),
        ("a.csv", false),
        ("/proc/self/environ.csv", false),
        ("http://127.0.0.1:9001/2018-06-01/runtime/invocation/next.csv", false),
        ("http://127.1/a.csv", false),
        ("https://localhost/a.csv", false),
        ("https://[::ffff:127.0.0.1]/a.csv", false),
    ] {
        let config = FileConfig::parse(text).unwrap();
        assert_eq!(config.check(Access::Elsewhere).is_ok(), is_elsewhere, "{text}");
        assert_eq!(config.check(Access::ThisMachine), Ok(()), "{text}");
    }
}
