use serde_json::json;

use super::*;

const MULTIPART_B: &str = "multipart/form-data; boundary=b";

async fn parse(content_type: &str, body: impl Into<Bytes>) -> Result<Submission, FormError> {
    Submission::parse(content_type, body.into()).await
}

fn part(disposition: &str, content: &str) -> String {
    format!("--b\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n")
}

#[tokio::test]
async fn json_is_taken_as_it_is() {
    let body = r#"{"token": "sesame", "a": "x", "b": true, "c": null, "d.remove": "on"}"#;
    for content_type in [JSON, "application/json; charset=utf-8", "Application/JSON"] {
        let submission = parse(content_type, body).await.ok().unwrap();
        assert_eq!(submission.token.expose(), "sesame");
        let expected = json!({"a": "x", "b": true, "c": null, "d.remove": "on"});
        assert_eq!(Value::Object(submission.values), expected, "{content_type}");
    }
}

#[tokio::test]
async fn the_parts_of_a_multipart_form_are_texts_and_files() {
    let typed = "name=\"cert\"; filename=\"my \u{e9}.pem\"\r\nContent-Type: text/plain";
    let body = [
        part("name=\"token\"", "sesame"),
        part("name=\"a\"", "caf\u{e9}, \u{201c}two\u{201d}\r\nlines"),
        part("name=\"empty\"", ""),
        part("name=\"none\"; filename=\"\"", ""),
        part("name=\"bare\"; filename=\"bare\"", ""),
        part(typed, "a\r\nb"),
        "--b--\r\n".to_owned(),
    ]
    .concat();
    for content_type in [MULTIPART_B, "Multipart/Form-Data; charset=utf-8; boundary=\"b\""] {
        let submission = parse(content_type, body.clone()).await.ok().unwrap();
        assert_eq!(submission.token.expose(), "sesame");
        let expected = json!({
            "a": "caf\u{e9}, \u{201c}two\u{201d}\r\nlines",
            "empty": "",
            "none": null,
            "bare": {"name": "bare", "content_type": "", "content": ""},
            "cert": {"name": "my \u{e9}.pem", "content_type": "text/plain", "content": "YQ0KYg=="},
        });
        assert_eq!(Value::Object(submission.values), expected, "{content_type}");
    }
}

#[tokio::test]
async fn any_bytes_may_be_a_file() {
    let bytes: Vec<u8> = (0..=255).cycle().take(1_000).collect();
    let mut body = part("name=\"token\"", "t").into_bytes();
    body.extend(part("name=\"f\"; filename=\"f\"", "").trim_end().bytes());
    body.extend(b"\r\n\r\n");
    body.extend(&bytes);
    body.extend(b"\r\n--b--\r\n");
    let submission = parse(MULTIPART_B, body).await.ok().unwrap();
    let expected: Value = Upload::new("f", "", &bytes).into();
    assert_eq!(submission.values["f"], expected);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_without_being_shown() {
    let token = part("name=\"token\"", "t");
    let whole = |parts: &str| format!("{parts}--b--\r\n");
    let long = format!("{{\"token\": \"{}\"}}", "x".repeat(MAX_BODY_BYTES));
    for (content_type, body, status, expected) in [
        (JSON, long, 413, "expected a body of at most 500000 bytes"),
        (JSON, String::new(), 400, "the body is not valid JSON"),
        (JSON, "{\"sesame\"".to_owned(), 400, "the body is not valid JSON"),
        (JSON, "[\"sesame\"]".to_owned(), 400, "expected a JSON object"),
        (JSON, "\"sesame\"".to_owned(), 400, "expected a JSON object"),
        (JSON, "{}".to_owned(), 401, "expected the integration's token"),
        (JSON, "{\"token\": \"\"}".to_owned(), 401, "expected the integration's token"),
        (JSON, "{\"token\": 5}".to_owned(), 401, "expected the integration's token"),
        (JSON, "{\"token\": [\"sesame\"]}".to_owned(), 401, "expected the integration's token"),
        ("", "{}".to_owned(), 415, "expected a body of type application/json or multipart"),
        ("text/plain", "{}".to_owned(), 415, "expected a body of type"),
        ("application/jsonx", "{}".to_owned(), 415, "expected a body of type"),
        ("application/x-www-form-urlencoded", "token=t".to_owned(), 415, "expected a body of type"),
        (MULTIPART, whole(&token), 400, "the body is not a valid multipart form"),
        (MULTIPART_B, String::new(), 400, "the body is not a valid multipart form"),
        (MULTIPART_B, "sesame".to_owned(), 400, "the body is not a valid multipart form"),
        (MULTIPART_B, token.clone(), 400, "the body is not a valid multipart form"),
        (MULTIPART_B, whole(""), 401, "expected the integration's token"),
        (MULTIPART_B, whole(&part("name=\"token\"; filename=\"x\"", "sesame")), 401, "expected"),
        (MULTIPART_B, whole(&part("x=\"token\"", "sesame")), 400, "expected every field once"),
        (MULTIPART_B, whole(&format!("{token}{token}")), 400, "expected every field once"),
    ] {
        let error = parse(content_type, body.clone()).await.err();
        let error = error.unwrap_or_else(|| panic!("expected a refusal of {content_type} {body}"));
        let (message, status_of) = (error.to_string(), error.status().as_u16());
        assert!(message.starts_with(expected), "{content_type} {body:.50}: {message}");
        assert_eq!(status_of, status, "{content_type} {body:.50}");
        assert!(!format!("{message} {error:?}").contains("sesame"), "{error:?}");
    }
}

#[tokio::test]
async fn a_text_that_is_not_utf_8_is_refused() {
    let mut body = part("name=\"a\"", "caf#").into_bytes();
    body.iter_mut().filter(|byte| **byte == b'#').for_each(|byte| *byte = 0xe9);
    body.extend(b"--b--\r\n");
    let error = parse(MULTIPART_B, body).await.err().unwrap();
    assert!(matches!(error, FormError::Part), "{error}");
}
