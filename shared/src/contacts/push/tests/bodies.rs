//! Bodies of plain requests.

use super::*;
use crate::contacts::push::{contact, contacts};

fn with_fields(count: usize) -> Value {
    (0..count).map(|n| (format!("f{n}"), json!("s3cret"))).collect()
}

#[test]
fn one_contact_is_an_object() {
    assert!(
        contact(br#"{"id": 7, "email": "ada@example.com"}"#).ok()
            == Some(fields(json!({"id": 7, "email": "ada@example.com"})))
    );
    assert!(contact(b"{}").ok() == Some(Fields::new()));
    let deepest = format!(r#"{{"a": {}1{}}}"#, "[".repeat(126), "]".repeat(126));
    assert!(contact(deepest.as_bytes()).is_ok());
    assert!(contact(with_fields(2_000).to_string().as_bytes()).is_ok());

    let deeper = format!(r#"{{"a": {}1{}}}"#, "[".repeat(127), "]".repeat(127));
    let many = with_fields(5_000).to_string();
    for (name, body, expected) in [
        ("nothing", "", "JSON: EOF while parsing a value at line 1 column 0"),
        ("cut off", r#"{"email": "s3cr"#, "JSON: EOF while parsing a string at line 1 column 15"),
        ("no JSON", "email=s3cret", "JSON: expected value at line 1 column 1"),
        ("more after it", "{} s3cret", "JSON: trailing characters at line 1 column 4"),
        (
            "a number out of range",
            r#"{"n": 1e999}"#,
            "JSON: number out of range at line 1 column 11",
        ),
        ("too deep", &deeper, "JSON: recursion limit exceeded at line 1 column 133"),
        ("a list", "[]", "an object with a contact's fields"),
        ("a text", r#""s3cret""#, "an object with a contact's fields"),
        ("null", "null", "an object with a contact's fields"),
        ("too many fields", &many, "a contact of at most 2000 fields"),
    ] {
        assert_eq!(contact(body.as_bytes()).err(), Some(malformed(expected)), "{name}");
    }
    let latin1 = contact(b"{\"name\": \"Zo\xeb\"}").err().unwrap().to_string();
    assert!(latin1.starts_with("expected JSON: "), "{latin1}");
}

#[test]
fn many_contacts_are_a_list_in_its_order() {
    let two = vec![fields(json!({"id": 1})), fields(json!({"id": 2}))];
    for body in [r#"{"contacts": [{"id": 1}, {"id": 2}]}"#, r#"[{"id": 1}, {"id": 2}]"#] {
        assert!(contacts(body.as_bytes()).ok().as_ref() == Some(&two), "{body}");
    }
    assert!(contacts(b"[]").ok() == Some(Vec::new()));
    let many = json!([{}, with_fields(5_000)]).to_string();
    for (name, body, expected) in [
        ("no list", r#"{"contacts": {"id": 1}}"#, "a list of contacts, or one at `contacts`"),
        ("one contact", r#"{"id": 1}"#, "a list of contacts, or one at `contacts`"),
        ("a text", r#""s3cret""#, "a list of contacts, or one at `contacts`"),
        ("null in it", "[{}, null]", "an object with a contact's fields at `1`"),
        (
            "a text in it",
            r#"{"contacts": [{}, {}, "s3cret"]}"#,
            "an object with a contact's fields at `contacts.2`",
        ),
        ("too many fields", &many, "a contact of at most 2000 fields at `1`"),
        ("cut off", "[{}, {", "JSON: EOF while parsing an object at line 1 column 6"),
    ] {
        assert_eq!(contacts(body.as_bytes()).err(), Some(malformed(expected)), "{name}");
    }
}
