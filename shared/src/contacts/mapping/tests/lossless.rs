//! There and back is the identity; nothing panics; ids stay where they are. The seed of a failure
//! is printed with it.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{contact, fields, mappings};

/// Every kind of lossless mapping: its two sides, and the external values that it takes.
fn lossless() -> Vec<(&'static str, &'static str, BoxedStrategy<Value>)> {
    let text = "[^ ].{0,20}".prop_map(Value::from).boxed();
    let integer = any::<i64>().prop_map(Value::from).boxed();
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        float(),
    ];
    let date = (1..=9999_i16, 1..=12_i8, 1..=28_i8)
        .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"));
    let seconds = -62_000_000_000..250_000_000_000_i64;
    let moment =
        seconds.clone().prop_map(|it| jiff::Timestamp::from_second(it).unwrap().to_string());
    let slashes = date.clone().prop_map(|date| {
        let parts: Vec<_> = date.split('-').rev().collect();
        Value::from(parts.join("/"))
    });
    let words = vec("[a-z]{1,5}", 1..5).boxed();
    let joined = words.clone().prop_map(|words| Value::from(words.join(";"))).boxed();
    vec![
        ("type: text", "type: text", text.clone()),
        ("", "type: text", text.clone()),
        ("type: text", "", text),
        ("type: number", "", number.boxed()),
        ("type: integer", "type: integer", integer),
        ("type: boolean", "", any::<bool>().prop_map(Value::from).boxed()),
        (
            "type: boolean",
            "format: {values: {true: 1, false: 0}}",
            (0..=1).prop_map(Value::from).boxed(),
        ),
        ("type: date", "", date.prop_map(Value::from).boxed()),
        ("type: date", "format: {date: '%d/%m/%Y'}", slashes.boxed()),
        ("type: datetime", "", moment.prop_map(Value::from).boxed()),
        ("type: datetime", "format: {unix: seconds}", seconds.prop_map(Value::from).boxed()),
        (
            "",
            "format: {unix: milliseconds}",
            (0..250_000_000_000_000_i64).prop_map(Value::from).boxed(),
        ),
        ("type: json", "", json().prop_filter("empty", |it| !it.is_null() && it != "").boxed()),
        ("type: list", "", vec(json(), 0..5).prop_map(Value::from).boxed()),
        ("type: list", "format: {list: ';'}", joined.clone()),
        ("format: {list: ', '}", "type: list", words.prop_map(Value::from).boxed()),
        ("", "format: {values: {low: 1, high: 2}}", (1..=2).prop_map(Value::from).boxed()),
    ]
}

fn float() -> impl Strategy<Value = Value> {
    any::<f64>().prop_filter_map("an integer or none", |it| (it.fract() != 0.0).then(|| json!(it)))
}

/// Any JSON.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        float(),
        ".{0,12}".prop_map(Value::from),
        "[0-9+]{0,6}".prop_map(Value::from),
        Just(json!("{\"a\": [1]}")),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::from),
            btree_map(".{0,4}", inner, 0..6).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

const PATHS: [&str; 4] = ["b", "a.b.c", "emails.0.value", r"x\.y.2.z"];

proptest! {
    #[test]
    fn there_and_back_is_the_identity(
        (botmatic, ext, value) in proptest::sample::select((0..lossless().len()).collect::<Vec<_>>())
            .prop_flat_map(|kind| {
                let (botmatic, ext, values) = lossless().swap_remove(kind);
                values.prop_map(move |value| (botmatic, ext, value))
            }),
        path in proptest::sample::select(&PATHS[..]),
    ) {
        let list = format!(
            "- {{botmatic: {{name: a.b, {botmatic}}}, ext: {{name: '{path}', {ext}}}}}"
        );
        let mappings = mappings(&list);
        let mut external = serde_json::Map::new();
        crate::contacts::path::FieldPath::parse(path).unwrap().set_in(&mut external, value);
        let there = mappings.to_botmatic(&external);
        prop_assert!(there.problems.is_empty(), "{list}: {:?}", there.problems);
        let wire = |fields| serde_json::from_str(&Value::Object(fields).to_string()).unwrap();
        let back = mappings.to_external(&wire(there.fields()));
        prop_assert_eq!(contact(&back), Value::Object(external), "{}", list);
        // What was written comes back as what was written: the sync knows its own echo by it.
        prop_assert_eq!(&there.entries[0].source, &back.entries[0].value);
        prop_assert_eq!(&there.entries[0].value, &back.entries[0].source);
        let again = mappings.to_botmatic(&wire(back.fields()));
        prop_assert!(again.entries == there.entries);
    }

    #[test]
    fn no_input_makes_it_panic(values in vec(json(), 24)) {
        let list = "
- {botmatic: {name: v0}, ext: {name: v0}}
- {botmatic: {name: v1, type: text}, ext: {name: v1}, clear: true}
- {botmatic: {name: v2, type: number}, ext: {name: v2, default: 1}}
- {botmatic: {name: v3, type: integer}, ext: {name: v3}}
- {botmatic: {name: v4, type: boolean}, ext: {name: v4}}
- {botmatic: {name: v5, type: date}, ext: {name: v5, format: {unix: seconds}}}
- {botmatic: {name: v6, type: datetime}, ext: {name: v6, format: {datetime: {format: '%d %b %Y %I:%M %p', zone: Asia/Tokyo}}}}
- {botmatic: {name: v7, type: json}, ext: {name: v7}}
- {botmatic: {name: v8, type: list}, ext: {name: v8, format: {list: ','}}}
- {botmatic: {name: v9, transform: [trim, lower, upper, capitalize]}, ext: {name: v9, transform: email}}
- {botmatic: {name: v10, transform: phone}, ext: {name: v10, transform: {phone: FR}}}
- {botmatic: {name: v11, transform: {split: ','}}, ext: {name: v11, transform: {join: ','}}}
- {botmatic: {name: v12, transform: {enum: {a: b}}}, ext: {name: v12, format: {values: {a: b}}}}
- {botmatic: {name: v13, transform: {expression: value ~ contact.v1}}, ext: {name: v13.0.x}}
- {botmatic: {name: v14, transform: {expression: 'value * 3'}}, ext: {name: v14.a.b}}
- {botmatic: {name: v15, transform: {expression: value | sort | first | upper}}, ext: {name: v15.99}}
- {botmatic: {name: v16, transform: {function: shout}}, ext: {name: v16}}
- {botmatic: {name: v17, transform: {parse: json}}, ext: {name: v17, transform: {format: json}}}
";
        let mappings = mappings(list);
        let contact = values.into_iter().enumerate();
        let contact = contact.map(|(index, value)| (format!("v{index}"), value)).collect();
        for mapped in [mappings.to_botmatic(&contact), mappings.to_external(&contact)] {
            prop_assert!(mapped.entries.len() + mapped.problems.len() <= 18);
        }
        let _ = (mappings.external_id(&contact), mappings.email_on_botmatic(&contact));
    }

    #[test]
    fn no_text_is_a_phone_number_that_makes_it_panic(text in "[0-9+;=:a-z é()-]{0,30}|.{0,70}") {
        let list = "- {botmatic: {name: p, transform: phone}, ext: {name: p, transform: {phone: FR}}}";
        let contact = fields(json!({ "p": text }));
        for mapped in [mappings(list).to_botmatic(&contact), mappings(list).to_external(&contact)] {
            for entry in &mapped.entries {
                let number = entry.value.as_str().unwrap();
                let digits = number.strip_prefix('+').unwrap();
                prop_assert!(digits.len() <= 15 && digits.bytes().all(|it| it.is_ascii_digit()));
            }
        }
    }

    #[test]
    fn ids_stay_where_they_are(values in vec(json(), 4), nested in any::<bool>()) {
        let id = if nested { "data.id" } else { "id" };
        let list = format!("
- {{id: true, botmatic: {{name: id}}, ext: {{name: {id}}}}}
- {{botmatic: {{name: v0}}, ext: {{name: v0}}}}
- {{botmatic: {{name: v1, type: json}}, ext: {{name: data.v1}}}}
- {{botmatic: {{name: v2}}, ext: {{name: v2, transform: {{expression: value}}}}}}
- {{botmatic: {{name: v3}}, ext: {{name: other.id}}}}
");
        let mappings = super::compile(&list).unwrap();
        let mut contact = fields(json!({"id": "id-of-it", "data": {"id": "id-of-it"}, "other": {"id": 1}}));
        contact.extend(values.into_iter().enumerate().map(|(index, it)| (format!("v{index}"), it)));
        for mapped in [mappings.to_botmatic(&contact), mappings.to_external(&contact)] {
            prop_assert!(!Value::Object(mapped.fields()).to_string().contains("id-of-it"));
        }
        let id = mappings.external_id(&contact).unwrap();
        prop_assert_eq!(id.as_str(), "id-of-it");
    }
}
