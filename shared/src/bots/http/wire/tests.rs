//! What each shape of an answer becomes.

use serde_json::json;

use super::*;

fn image(url: &str) -> Reply {
    Reply::Image(Media::url(url))
}

fn custom(json: Value) -> Reply {
    Reply::Custom { json }
}

fn buttons(text: &str, buttons: Vec<Button>) -> Reply {
    Reply::Buttons { text: text.to_owned(), buttons }
}

#[test]
fn objects_become_replies() {
    let yes = Button::payload("Yes", "/affirm");
    let cases = [
        ("text", json!({"recipient_id": "u", "text": "hi"}), vec![Reply::text("hi")]),
        ("image", json!({"image": "https://e.com/i"}), vec![image("https://e.com/i")]),
        (
            "buttons",
            json!({"text": "Sure?", "buttons": [
                {"title": "Yes", "payload": "/affirm"},
                {"title": "Site", "type": "web_url", "url": "https://e.com"},
            ]}),
            vec![buttons("Sure?", vec![yes.clone(), Button::url("Site", "https://e.com")])],
        ),
        (
            "buttons with something missing",
            json!({"buttons": [{"title": "Yes"}, {"payload": "/no"}, {"url": "https://e.com"}]}),
            vec![buttons(
                "",
                vec![
                    Button::payload("Yes", "Yes"),
                    Button::payload("/no", "/no"),
                    Button::url("https://e.com", "https://e.com"),
                ],
            )],
        ),
        ("no buttons", json!({"text": "hi", "buttons": []}), vec![Reply::text("hi")]),
        ("custom", json!({"custom": {"a": [1]}}), vec![custom(json!({"a": [1]}))]),
        (
            "everything",
            json!({"custom": 1, "attachment": "x", "image": "i", "text": "t",
                   "buttons": [{"title": "Yes", "payload": "/affirm"}]}),
            vec![buttons("t", vec![yes]), image("i"), custom(json!("x")), custom(json!(1))],
        ),
        ("nothing", json!({"recipient_id": "u"}), vec![]),
        ("nulls", json!({"text": null, "image": null, "buttons": null, "custom": null}), vec![]),
        ("empty text", json!({"text": ""}), vec![]),
        ("fields of other servers", json!({"text": "hi", "score": 0.5}), vec![Reply::text("hi")]),
    ];
    for (name, object, expected) in cases {
        let line = object.to_string();
        assert_eq!(replies_of_line(line.as_bytes()), Ok(expected.clone()), "{name}: line");
        let answer = json!([object]).to_string();
        assert_eq!(replies_of_answer(answer.as_bytes()), Ok(expected), "{name}: answer");
    }
}

#[test]
fn attachments_become_media() {
    let media = |title: Option<&str>| Media { name: title.map(str::to_owned), ..Media::url("u") };
    let of = |kind: &str, payload: Value| json!({"type": kind, "payload": payload});
    let odd = [
        json!("https://e.com/file"),
        of("template", json!({"src": "u"})),
        of("image", json!({"elements": []})),
        of("image", json!("u")),
        json!({"type": "image"}),
    ];
    let cases = [
        (of("image", json!({"src": "u"})), Reply::Image(media(None))),
        (of("video", json!({"src": "u", "title": "v"})), Reply::Video(media(Some("v")))),
        (of("audio", json!({"url": "u"})), Reply::Audio(media(None))),
        (of("file", json!({"src": "u", "url": "other"})), Reply::File(media(None))),
    ];
    let odd = odd.into_iter().map(|json| (json.clone(), custom(json)));
    for (attachment, expected) in cases.into_iter().chain(odd) {
        let line = json!({ "attachment": attachment }).to_string();
        assert_eq!(replies_of_line(line.as_bytes()), Ok(vec![expected]), "{line}");
    }
}

#[test]
fn an_answer_keeps_its_order() {
    let answer = br#"[{"text": "one"}, {"image": "i"}, {"text": "two"}]"#;
    let expected = vec![Reply::text("one"), image("i"), Reply::text("two")];
    assert_eq!(replies_of_answer(answer), Ok(expected));
    assert_eq!(replies_of_answer(b"[]"), Ok(vec![]));
}

#[test]
fn other_answers_are_errors_that_do_not_show_them() {
    for answer in [
        r"",
        r"null",
        r"Rasa says sesame",
        r#"{"text": "sesame"}"#,
        r#"["sesame"]"#,
        r#"[{"text": {"sesame": 1}}]"#,
        r#"[{"text": "a"}, {"buttons": "sesame"}]"#,
        r#"[{"image": ["sesame"]}]"#,
        r#"[{"text": "sesame"}"#,
    ] {
        let error = replies_of_answer(answer.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("expected objects"), "{answer}");
        assert!(!format!("{error} {error:?}").contains("sesame"), "{error:?}");
    }
}

#[test]
fn blank_lines_say_nothing() {
    for line in ["", "\r", "  "] {
        assert_eq!(replies_of_line(line.as_bytes()), Ok(vec![]), "{line:?}");
    }
    assert!(replies_of_line(b"data: {\"text\": \"hi\"}").is_err());
    assert!(replies_of_line(b"{\"text\": \"\xff\"}").is_err(), "not UTF-8");
}
