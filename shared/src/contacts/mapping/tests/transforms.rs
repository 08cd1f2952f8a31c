//! What each transform and each notation does.

use serde_json::{Value, json};

use super::{contact, fields, mappings, problems};

/// `value` on its way to Botmatic through `transform`, or why not.
fn transformed(transform: &str, value: &Value) -> Result<Value, String> {
    let list = format!("- {{botmatic: {{name: a, transform: {transform}}}, ext: {{name: a}}}}");
    let mapped = mappings(&list).to_botmatic(&fields(json!({"a": value, "b": "B"})));
    match problems(&mapped).pop() {
        Some(problem) => Err(problem),
        None => Ok(contact(&mapped)["a"].clone()),
    }
}

#[test]
fn each_transform_does_what_its_name_says() {
    for (transform, value, expected) in [
        ("trim", json!(" a "), json!("a")),
        ("lower", json!("ÀB"), json!("àb")),
        ("upper", json!("àb"), json!("ÀB")),
        ("capitalize", json!("éLODIE"), json!("Élodie")),
        ("email", json!(" Ada@X.org "), json!("ada@x.org")),
        ("phone", json!("+33 1 42 68 53 00"), json!("+33142685300")),
        ("{phone: FR}", json!("01 42 68 53 00"), json!("+33142685300")),
        ("{phone: IT}", json!("06 698 12345"), json!("+390669812345")),
        ("{phone: FR}", json!("+1 650-253-0000"), json!("+16502530000")),
        ("{phone: FR}", json!("0142685300"), json!("+33142685300")),
        ("integer", json!("7"), json!(7)),
        ("boolean", json!("YES"), json!(true)),
        ("date", json!("2024-12-31T10:00:00Z"), json!("2024-12-31")),
        ("text", json!(7), json!("7")),
        ("{parse: json}", json!("\"x\""), json!("x")),
        ("{format: json}", json!("x"), json!("\"x\"")),
        ("{parse: {date: '%d/%m/%Y'}}", json!("31/12/2024"), json!("2024-12-31")),
        ("{format: {date: '%d/%m/%Y'}}", json!("2024-12-31"), json!("31/12/2024")),
        ("{parse: {unix: seconds}}", json!(1_735_689_600), json!("2025-01-01T00:00:00Z")),
        ("{parse: {unix: seconds}}", json!("1735689600"), json!("2025-01-01T00:00:00Z")),
        ("{format: {unix: milliseconds}}", json!("2025-01-01"), json!(1_735_689_600_000_u64)),
        (
            "{parse: {datetime: {format: '%d/%m/%Y %H:%M', zone: Europe/Paris}}}",
            json!("31/12/2024 23:30"),
            json!("2024-12-31T22:30:00Z"),
        ),
        (
            "{parse: {datetime: '%Y-%m-%d %H:%M %z'}}",
            json!("2024-12-31 23:30 +0100"),
            json!("2024-12-31T22:30:00Z"),
        ),
        ("{split: ','}", json!("a, b,,c"), json!("[\"a\",\"b\",\"c\"]")),
        ("{join: '; '}", json!(["a", 1]), json!("a; 1")),
        ("[{split: ','}, upper, {join: '/'}]", json!("a,b"), json!("A/B")),
        ("{enum: {A: active, 1: one}}", json!("A"), json!("active")),
        ("{enum: {A: active, 1: one}}", json!(1), json!("one")),
        ("{enum: {A: 1}}", json!("A"), json!(1)),
        ("{expression: value ~ contact.b}", json!("a"), json!("aB")),
        ("{expression: '[value, 1]'}", json!("a"), json!("[\"a\",1]")),
        ("{function: shout}", json!("a"), json!("a!")),
        ("[]", json!("a"), json!("a")),
        ("upper", json!(1), json!(1)),
    ] {
        assert_eq!(transformed(transform, &value), Ok(expected), "{transform}");
    }
}

#[test]
fn what_a_transform_refuses_is_said_without_the_value() {
    for (transform, value, expected) in [
        ("email", json!("s3cret"), "expected an e-mail address"),
        ("phone", json!("0142685300 s3cret"), "expected a phone number that begins with `+`"),
        ("{phone: FR}", json!("s3cret"), "expected a phone number of the region"),
        ("{phone: FR}", json!("+33 1 42 68 53"), "expected a phone number of the region"),
        ("{phone: FR}", json!("+1 100 100 1000"), "expected a phone number of the region"),
        ("{phone: FR}", json!("1"), "expected a phone number of the region"),
        ("{phone: FR}", json!("+999 s3cret 123456789"), "expected a phone number of the region"),
        ("{parse: json}", json!("s3cret"), "expected the text of a JSON value"),
        ("{parse: {unix: seconds}}", json!(1.5), "expected Unix time in seconds"),
        ("{format: {date: '%Y'}}", json!("s3cret"), "expected a date such as"),
        ("{join: ';'}", json!(["s3;cret"]), "expected a list of texts"),
        ("{enum: {B: 1, A: 2}}", json!("s3cret"), "expected one of the table's values: A, B"),
    ] {
        let problem = transformed(transform, &value).unwrap_err();
        let expected = format!("mapping `a`, botmatic.transform: {expected}");
        assert!(problem.starts_with(&expected), "{transform}: {problem}");
        assert!(!problem.contains("s3"), "{problem}");
    }
}

#[test]
fn a_notation_is_read_and_written() {
    for (botmatic, ext, on_botmatic, on_ext) in [
        ("type: date", "format: {date: '%d/%m/%Y'}", json!("2024-12-31"), json!("31/12/2024")),
        (
            "type: date",
            "format: {unix: {unit: milliseconds, zone: Europe/Paris}}",
            json!("2025-01-01"),
            json!(1_735_686_000_000_u64),
        ),
        (
            "type: datetime",
            "format: {datetime: {format: '%d.%m.%Y %H:%M', zone: Europe/Berlin}}",
            json!("2024-07-01T08:00:00Z"),
            json!("01.07.2024 10:00"),
        ),
        ("type: boolean", "format: {values: {true: [Y, J], false: N}}", json!(true), json!("Y")),
        ("type: text", "format: {values: {active: 1, blocked: 2}}", json!("blocked"), json!(2)),
        ("type: list", "format: {list: ';'}", json!("[\"a\",\"b\"]"), json!("a;b")),
        ("format: {list: ', '}", "type: list", json!("a, b"), json!(["a", "b"])),
        ("type: json", "format: json", json!("{\"a\":1}"), json!("{\"a\":1}")),
        ("type: json", "type: json", json!("{\"a\":1}"), json!({"a": 1})),
        ("type: text", "type: text", json!("1"), json!("1")),
    ] {
        let list = format!("- {{botmatic: {{name: a, {botmatic}}}, ext: {{name: b.c, {ext}}}}}");
        let external = mappings(&list).to_external(&fields(json!({"a": on_botmatic})));
        assert_eq!(contact(&external), json!({"b": {"c": on_ext}}), "{list}");
        let botmatic = mappings(&list).to_botmatic(&external.fields());
        assert_eq!(contact(&botmatic), json!({"a": on_botmatic}), "{list}");
    }
    let list = "- {botmatic: {name: a}, ext: {name: b, type: boolean, format: {values: {true: [Y, J], false: N}}}}";
    for (written, meant) in [("Y", true), ("J", true), ("N", false)] {
        let mapped = mappings(list).to_botmatic(&fields(json!({"b": written})));
        assert_eq!(contact(&mapped), json!({"a": meant}));
    }
    let zoned = "- {botmatic: {name: a, type: datetime}, ext: {name: b, type: datetime}}";
    let paris = fields(json!({"b": "2024-07-01T10:00:00[Europe/Paris]"}));
    assert_eq!(contact(&mappings(zoned).to_botmatic(&paris)), json!({"a": "2024-07-01T08:00:00Z"}));
    let nowhere = fields(json!({"b": "2024-07-01T10:00:00[Europe/Nowhere]"}));
    assert_eq!(contact(&mappings(zoned).to_botmatic(&nowhere)), json!({}));
    let dashes = "- {botmatic: {name: a, type: list}, ext: {name: b, format: {list: ' - '}}}";
    for (items, expected) in [(["a", "b"], json!({"b": "a - b"})), (["a -", "b"], json!({}))] {
        let items = json!({"a": serde_json::to_string(&items).unwrap()});
        let mapped = mappings(dashes).to_external(&fields(items));
        assert_eq!(contact(&mapped), expected);
    }
    let mapped = mappings(list).to_botmatic(&fields(json!({"b": "s3cret"})));
    assert_eq!(
        problems(&mapped),
        ["mapping `a`, ext.format: expected one of the table's values: J, N, Y"]
    );
}

#[test]
fn a_declared_type_prevents_what_surprises() {
    let untyped = "- {botmatic: {name: a}, ext: {name: a}}";
    for (list, expected) in [
        (untyped, json!(1e5)),
        ("- {botmatic: {name: a, type: text}, ext: {name: a}}", json!("1e5")),
        ("- {botmatic: {name: a}, ext: {name: a, type: text}}", json!("1e5")),
        ("- {botmatic: {name: a}, ext: {name: a, type: text, transform: trim}}", json!("1e5")),
    ] {
        let mapped = mappings(list).to_external(&fields(json!({"a": "1e5"})));
        assert_eq!(contact(&mapped), json!({"a": expected}), "{list}");
    }
    let integer = "- {botmatic: {name: a}, ext: {name: a, type: integer}}";
    for (text, expected) in [
        ("9007199254740991.0", json!({"a": 9_007_199_254_740_991_u64})),
        ("9007199254740993", json!({"a": 9_007_199_254_740_993_u64})),
        // A float has other digits.
        ("9007199254740993.0", json!({})),
        ("12345678901234567.5", json!({})),
    ] {
        let mapped = mappings(integer).to_external(&fields(json!({"a": text})));
        assert_eq!(contact(&mapped), expected, "{text}");
    }
    let nothing =
        "- {botmatic: {name: a}, ext: {name: a, type: text, transform: {expression: none}}}";
    for list in [untyped, nothing] {
        let mapped = mappings(list).to_external(&fields(json!({"a": "null"})));
        assert_eq!(contact(&mapped), json!({}), "{list}");
    }
}
