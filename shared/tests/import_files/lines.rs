//! JSON lines.

use patchcord::contacts::import::source::MAX_RECORD_BYTES;
use serde_json::json;

use crate::support::folder::Folder;
use crate::support::source::{Content, file};

#[tokio::test]
async fn lines_are_contacts() {
    let folder = Folder::new("json");
    let both = vec![json!({"id": "1", "a": {"b": [1, null]}}), json!({"id": "2", "x": "\n"})];
    let (one, two) = (r#"{"id": "1", "a": {"b": [1, null]}}"#, r#"{"id":"2","x":"\n"}"#);
    for (name, text, contacts) in [
        ("nothing", String::new(), vec![]),
        ("blank lines", "\n \r\n\t\n".to_owned(), vec![]),
        ("a line break at the end", format!("{one}\n{two}\n"), both.clone()),
        ("none at the end", format!("{one}\n{two}"), both.clone()),
        ("CRLF and blank lines", format!("\r\n{one}\r\n\r\n  {two} \r\n"), both.clone()),
        ("a byte order mark", format!("\u{feff}{one}\n{two}"), both),
    ] {
        let content = file(folder.write("a.jsonl", text)).all().await.unwrap();
        assert_eq!(content, Content { contacts, unreadable: vec![] }, "{name}");
    }
}

#[tokio::test]
async fn a_line_that_is_no_contact_is_told_and_the_others_are_kept() {
    let folder = Folder::new("bad-lines");
    let object = |length: usize| format!("{{\"id\":\"x\",\"y\":\"{}\"}}", "y".repeat(length));
    let full = MAX_RECORD_BYTES - object(0).len() - 1;
    let long = format!("at most {MAX_RECORD_BYTES} bytes");
    let deep = format!("{{\"id\":\"x\",\"y\":{}", "[".repeat(200_000));
    let wide: Vec<_> = (0..2_000).map(|field| format!("\"f{field}\":1")).collect();
    let wide = format!("{{\"id\":\"x\",{}}}", wide.join(","));
    let json = "a JSON object";
    let id = "the contact's id where the mappings read it";
    for (name, line, expected) in [
        ("text", b"sesame".to_vec(), json),
        ("a list", b"[{\"id\": \"1\"}]".to_vec(), json),
        ("null", b"null".to_vec(), json),
        ("half an object", b"{\"id\": \"sesame\"".to_vec(), json),
        ("two objects", b"{\"id\": \"1\"} {\"id\": \"2\"}".to_vec(), json),
        ("nested deeply", deep.into_bytes(), json),
        ("no id", b"{\"name\": \"sesame\"}".to_vec(), id),
        ("an id that is none", b"{\"id\": {\"a\": 1}}".to_vec(), id),
        ("not UTF-8", b"{\"id\": \"sesam\xe9\"}".to_vec(), "UTF-8"),
        ("too many fields", wide.into_bytes(), "at most 2000 fields"),
        ("too long", object(full + 1).into_bytes(), &long),
        ("far too long", object(3 * MAX_RECORD_BYTES).into_bytes(), &long),
    ] {
        let text = [b"\n{\"id\": \"0\"}\n", &line[..], b"\n{\"id\": \"2\"}"].concat();
        let content = file(folder.write("a.jsonl", text)).all().await.unwrap();
        assert_eq!(content.unreadable, [format!("line 3: expected {expected}")], "{name}");
        assert_eq!(content.contacts, [json!({"id": "0"}), json!({"id": "2"})], "{name}");
    }
    let text = format!("{}\n", object(full));
    let content = file(folder.write("a.jsonl", text)).all().await.unwrap();
    assert_eq!((content.contacts.len(), content.unreadable.len()), (1, 0), "just short enough");
}
