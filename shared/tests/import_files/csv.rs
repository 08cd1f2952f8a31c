//! Rows under a header row.

use patchcord::contacts::consumer::Cursor;
use patchcord::contacts::import::source::MAX_RECORD_BYTES;
use serde_json::{Value, json};

use crate::support::folder::Folder;
use crate::support::remote::Remote;
use crate::support::source::{Content, file};

#[tokio::test]
async fn rows_are_contacts() {
    let folder = Folder::new("rows");
    let ada = json!([{"id": "1", "name": "Ada"}]);
    for (name, text, expected) in [
        ("nothing", "", json!([])),
        ("only a byte order mark", "\u{feff}", json!([])),
        ("only a header", "id,name", json!([])),
        ("no line break at the end", "id,name\n1,Ada", ada.clone()),
        ("CRLF", "id,name\r\n1,Ada\r\n", ada.clone()),
        ("CR", "id,name\r1,Ada\r", ada.clone()),
        ("a byte order mark", "\u{feff}id,name\n1,Ada\n", ada.clone()),
        ("a byte order mark before a quotation mark", "\u{feff}\"id\",name\n1,Ada\n", ada.clone()),
        ("blank lines", "\n\nid,name\n\n\r\n1,Ada\n\n\n", ada.clone()),
        ("quotation marks", "\"id\",\"name\"\n\"1\",\"Ada\"", ada.clone()),
        ("space in the header", " id ,\tname\n1,Ada", ada.clone()),
        ("space in a field", "id,name\n1, Ada ", json!([{"id": "1", "name": " Ada "}])),
        (
            "a byte order mark before a row",
            "name,id\n\u{feff}x,1",
            json!([{"id": "1", "name": "\u{feff}x"}]),
        ),
        ("an empty field", "id,name\n1,\n", json!([{"id": "1", "name": ""}])),
        (
            "quoted",
            "id,name\n1,\"A \"\"d\"\", a\r\n\nx\"\n2,B",
            json!([{"id": "1", "name": "A \"d\", a\r\n\nx"}, {"id": "2", "name": "B"}]),
        ),
        (
            "paths",
            "id,address.city,emails.1.value,a\\.b\n1,Paris,x,y",
            json!([{"id": "1", "address": {"city": "Paris"}, "emails": [null, {"value": "x"}], "a.b": "y"}]),
        ),
        (
            "a byte order mark in a row",
            "id,name\n1,\u{feff}",
            json!([{"id": "1", "name": "\u{feff}"}]),
        ),
    ] {
        let content = file(folder.write("a.csv", text)).all().await.unwrap();
        assert_eq!(content, Content { contacts: list(expected), unreadable: vec![] }, "{name}");
    }
}

#[tokio::test]
async fn a_delimiter_is_any_character() {
    let folder = Folder::new("delimiters");
    for (delimiter, text) in
        [(";", "id;name\n1;Ada, B"), ("\t", "id\tname\n1\tAda, B"), ("|", "id|name\n1|\"Ada, B\"")]
    {
        let path = folder.write("export.txt", text);
        let file = file(json!({"path": path, "format": "csv", "delimiter": delimiter}));
        assert_eq!(file.all().await.unwrap().contacts, [json!({"id": "1", "name": "Ada, B"})]);
    }
}

#[tokio::test]
async fn a_row_that_is_no_contact_is_told_and_the_others_are_kept() {
    let folder = Folder::new("bad-rows");
    let long = |length: usize| format!("id,name\nx,{}\n2,B", "y".repeat(length));
    let full = MAX_RECORD_BYTES - "x,\n".len();
    let fields = "2 fields, as many as the header row has";
    let id = "the contact's id where the mappings read it";
    let too_long = format!("at most {MAX_RECORD_BYTES} bytes");
    let quoted = format!("id,name\nx,\"{}\"\n2,B", "y\n".repeat(MAX_RECORD_BYTES));
    for (name, text, expected) in [
        ("too few", b"id,name\nx\n2,B".to_vec(), fields),
        ("too many", b"id,name\nx,y,sesame\n2,B".to_vec(), fields),
        ("more than twice too many", b"id,name\nx,y,z,sesame,v\n2,B".to_vec(), fields),
        ("far too many", b"id,name\nx,y,sesame,,,,,,,,,,\n2,B".to_vec(), fields),
        ("no id", b"id,name\n,sesame\n2,B".to_vec(), id),
        ("not UTF-8", b"id,name\nx,sesam\xe9\n2,B".to_vec(), "UTF-8"),
        ("half a character", b"id,name\n\xc3,\xa9\n2,B".to_vec(), "UTF-8"),
        ("too long", long(full + 1).into_bytes(), &too_long),
        ("far too long", long(5 * MAX_RECORD_BYTES).into_bytes(), &too_long),
        ("far too long and quoted", quoted.into_bytes(), &too_long),
    ] {
        let content = file(folder.write("a.csv", text)).all().await.unwrap();
        assert_eq!(content.unreadable, [format!("line 2: expected {expected}")], "{name}");
        assert_eq!(content.contacts, [json!({"id": "2", "name": "B"})], "{name}");
    }
    let content = file(folder.write("a.csv", long(full))).all().await.unwrap();
    assert_eq!((content.contacts.len(), content.unreadable.len()), (2, 0), "just short enough");
}

#[tokio::test]
async fn a_quotation_mark_that_is_not_closed_takes_the_rest_with_it() {
    let folder = Folder::new("quotes");
    let content = file(folder.write("a.csv", "id\n1\n\"2\n3\n4\n")).all().await.unwrap();
    assert_eq!(content.contacts, [json!({"id": "1"})]);
    assert_eq!(content.unreadable, ["line 3: expected a closing quotation mark"]);
    let text = format!("id\n1\n\"2\n{}", "3\n".repeat(9 * MAX_RECORD_BYTES));
    let expected = "line 3: expected a record's end within 16777216 bytes";
    assert_eq!(file(folder.write("a.csv", text)).error().await, expected);
}

#[tokio::test]
async fn lines_are_those_of_the_file() {
    let folder = Folder::new("lines");
    let text = "\u{feff}id,name\r\n\r\n1,\"a\nb\r\nc\"\r\n,x\r\n\n2,\"\n\"\nx\n3,y\n,";
    let path = folder.write("a.csv", text);
    for limit in 1..9 {
        let (content, _) = file(path.clone()).pages(&Cursor::Start, limit).await.unwrap();
        let lines: Vec<_> =
            content.unreadable.iter().map(|it| it.split(':').next().unwrap()).collect();
        assert_eq!(
            (content.contacts.len(), lines),
            (3, vec!["line 6", "line 10", "line 12"]),
            "{limit}"
        );
    }
}

#[tokio::test]
async fn a_lone_cr_ends_a_line_and_crlf_is_one() {
    let cr = "id,name\r\r1,\"a\rb\"\r,x\r2,y\r,";
    let remote = |text: &str| Remote { pieces: vec![1], ..Remote::new(text.to_owned()) };
    for text in [cr.to_owned(), cr.replace('\r', "\r\n")] {
        let server = remote(&text).start().await;
        let file = file(json!({"url": server.url, "format": "csv"}));
        let content = file.all().await.unwrap();
        let lines: Vec<_> =
            content.unreadable.iter().map(|it| it.split(':').next().unwrap()).collect();
        assert_eq!((content.contacts.len(), lines), (2, vec!["line 5", "line 7"]), "{text:?}");
    }
}

#[tokio::test]
async fn a_header_row_is_needed() {
    let folder = Folder::new("headers");
    let wide = (0..2_001).map(|column| format!("f{column}")).collect::<Vec<_>>().join(",");
    let long = format!("id,{}", "x".repeat(MAX_RECORD_BYTES));
    let id = "line 1: expected a header row with the column `id`, the contact's id";
    let other = "line 1: expected a name in column 2 of the header row that no other column has or is a part of";
    for (text, expected) in [
        (&b"\n\r\n\n"[..], "line 1: expected a header row"),
        (b"1,sesame@example.com\n2,x", id),
        (b"name\nsesame", id),
        (b"id,id\n1,2", other),
        (b"id, id\n1,2", other),
        (b"a,a.b,id\n1,2,3", other),
        (b"id,,name\n1,2,3", "line 1: expected the name of a field in column 2 of the header row"),
        (
            b"\nid,name,\n1,2,3",
            "line 2: expected the name of a field in column 3 of the header row",
        ),
        (b"id,na\xefme\n1,2", "line 1: expected UTF-8"),
        (b"id,\"name\n1,2", "line 1: expected a closing quotation mark"),
        (wide.as_bytes(), "line 1: expected at most 2000 columns"),
        (long.as_bytes(), "line 1: expected at most 1048576 bytes"),
    ] {
        let error = file(folder.write("a.csv", text)).error().await;
        assert_eq!(error, expected);
    }
}

fn list(value: Value) -> Vec<Value> {
    serde_json::from_value(value).unwrap()
}
