//! What a field may be besides a value: a constant, a default, required, cleared, one-way.

use serde_json::{Value, json};

use super::{compile, contact, fields, mappings, problems};
use crate::contacts::Side;
use crate::contacts::mapping::{Functions, Mapped, Mappings, Origin};
use crate::ground::config::{ConfigErrors, Place};

fn missing(mapped: &Mapped) -> Vec<&str> {
    mapped.missing_required().collect()
}

#[test]
fn an_empty_value_clears_where_it_is_asked_for() {
    let list = "
- {botmatic: {name: phone}, ext: {name: contact.phone, default: none}, clear: true}
- {botmatic: {name: note, transform: trim}, ext: {name: note}}
- {botmatic: {name: tags, type: list}, ext: {name: tags}, clear: true}
";
    let mappings = mappings(list);
    for empty in [json!(""), json!(null)] {
        let botmatic = fields(json!({"phone": empty, "note": empty, "tags": "[]"}));
        let mapped = mappings.to_external(&botmatic);
        assert_eq!(contact(&mapped), json!({"contact": {"phone": null}, "tags": []}));
        assert_eq!(mapped.entry("phone").unwrap().origin, Origin::Field);
    }
    let mapped = mappings.to_external(&fields(json!({})));
    assert_eq!(contact(&mapped), json!({"contact": {"phone": "none"}}));
    let mapped = mappings.to_botmatic(&fields(json!({"note": "  ", "tags": null})));
    assert_eq!(contact(&mapped), json!({"tags": null}));
    for (clear, expected) in [(false, json!({})), (true, json!({"tags": null}))] {
        let sides = "botmatic: {name: tags, format: {list: ','}}, ext: {name: tags, type: list}";
        let joined = super::mappings(&format!("- {{{sides}, clear: {clear}}}"));
        assert_eq!(contact(&joined.to_botmatic(&fields(json!({"tags": []})))), expected);
    }
}

#[test]
fn a_default_is_told_from_a_value() {
    let list = "
- {botmatic: {name: lang, default: fr}, ext: {name: language, default: en, required: true}}
- {botmatic: {name: email}, ext: {name: email, required: true}}
";
    let mappings = mappings(list);
    let mapped = mappings.to_external(&fields(json!({"lang": ""})));
    let entry = mapped.entry("lang").unwrap();
    assert_eq!(
        (entry.origin, &entry.source, &entry.value),
        (Origin::Default, &json!(null), &json!("en"))
    );
    assert_eq!(missing(&mapped), ["email"]);
    assert!(mapped.fields_where(|entry| entry.origin != Origin::Default).is_empty());
    let mapped = mappings.to_botmatic(&fields(json!({})));
    assert_eq!((contact(&mapped), missing(&mapped).len()), (json!({"lang": "fr"}), 0));
}

#[test]
fn a_constant_is_always_written() {
    let list = "
- {botmatic: {name: origin, constant: crm}}
- {ext: {name: source.kinds.0, constant: bot}}
- {botmatic: {name: meta, constant: {a: [1]}}}
";
    let mapped = mappings(list).to_botmatic(&fields(json!({"origin": "x"})));
    assert_eq!(contact(&mapped), json!({"origin": "crm", "meta": "{\"a\":[1]}"}));
    let mapped = mappings(list).to_external(&fields(json!({"origin": "x"})));
    assert_eq!(contact(&mapped), json!({"source": {"kinds": ["bot"]}}));
}

#[test]
fn one_way_is_one_way() {
    let list = "
- {botmatic: {name: score}, ext: {name: score}, only_to: botmatic}
- {botmatic: {name: wish}, ext: {name: wish}, only_to: ext}
- {botmatic: {name: wish}, ext: {name: wishes.0}, only_to: ext, name: first wish}
";
    let both = fields(json!({"score": "a", "wish": "b"}));
    let mappings = mappings(list);
    assert_eq!(contact(&mappings.to_botmatic(&both)), json!({"score": "a"}));
    assert_eq!(contact(&mappings.to_external(&both)), json!({"wish": "b", "wishes": ["b"]}));
    let names: Vec<_> = mappings.lines(Side::External).map(|line| line.name).collect();
    assert_eq!(names, ["wish", "first wish"]);
}

#[test]
fn a_field_that_fails_is_lost_and_said_and_the_others_are_not() {
    let list = "
- {botmatic: {name: age, type: integer, required: true}, ext: {name: age}}
- {botmatic: {name: name}, ext: {name: name, transform: [trim, {function: shout}]}}
- {botmatic: {name: score}, ext: {name: score, transform: {expression: value | int}}}
- {botmatic: {name: born}, ext: {name: born, format: {date: '%d/%m/%Y'}}}
- {botmatic: {name: city}, ext: {name: city}}
";
    let mappings = mappings(list);
    let external = fields(json!({"age": "s3cret", "born": "s3cret", "city": "Rome"}));
    let mapped = mappings.to_botmatic(&external);
    assert_eq!(contact(&mapped), json!({"city": "Rome"}));
    assert_eq!(missing(&mapped), ["age"]);
    let expected = [
        "mapping `age`, ext.type: expected a number without a fraction",
        "mapping `born`, ext.format: expected a date written as `%d/%m/%Y`",
    ];
    assert_eq!(problems(&mapped), expected);
    let botmatic = fields(json!({"name": ["s3cret"], "score": "s3cret", "city": "Rome"}));
    let mapped = mappings.to_external(&botmatic);
    assert_eq!(contact(&mapped), json!({"city": "Rome"}));
    let expected = [
        "mapping `name`, ext.transform.1: the function `shout` failed: expected a text",
        "mapping `score`, ext.transform: the expression failed: invalid operation",
    ];
    assert_eq!(problems(&mapped), expected);
    assert!(!format!("{mapped:?}").contains("Rome"));
}

#[test]
fn an_address_to_adopt_by_is_found() {
    let by_name = "- {botmatic: {name: email}, ext: {name: mail}}";
    let marked = "
- {botmatic: {name: email}, ext: {name: mail}}
- {botmatic: {name: work}, ext: {name: work_mail}, email: true}
";
    let botmatic = fields(json!({"email": " Ada@Example.COM ", "work": "W@x.org"}));
    for (list, expected) in [(by_name, "ada@example.com"), (marked, "w@x.org")] {
        assert_eq!(mappings(list).email_on_botmatic(&botmatic).as_deref(), Some(expected));
    }
    for none in [json!({}), json!({"email": ""}), json!({"email": "n/a"}), json!({"email": 1})] {
        assert_eq!(mappings(by_name).email_on_botmatic(&fields(none)), None);
    }
}

#[test]
fn the_id_of_an_answer_may_be_elsewhere() {
    let list = json!([{"id": true, "botmatic": {"name": "id"}, "ext": {"name": "id"}}]);
    let key = (json!("data.id"), Place::root().key("ext_id_key"));
    let mut errors = ConfigErrors::default();
    let compiled =
        Mappings::compile(list, &Place::root(), Some(key), &Functions::default(), &mut errors);
    let external = fields(json!({"data": {"id": 7}, "id": 8}));
    assert_eq!(compiled.unwrap().external_id(&external).unwrap().as_str(), "7");
}

#[test]
fn what_is_the_same_has_the_same_source() {
    let list = "
- {botmatic: {name: n, type: number}, ext: {name: n}}
- {botmatic: {name: j, type: json}, ext: {name: j}}
- {botmatic: {name: d, type: datetime}, ext: {name: d, format: {unix: seconds}}}
- {botmatic: {name: v}, ext: {name: v, format: {values: {yes: [1, Y]}}}}
";
    let sources = |contact: Value| {
        let mapped = mappings(list).to_botmatic(&fields(contact));
        mapped.entries.into_iter().map(|entry| entry.source).collect::<Vec<_>>()
    };
    let one = sources(json!({"n": "1.0", "j": {"b": 1, "a": 2}, "d": "7", "v": "Y"}));
    assert_eq!(one, sources(json!({"n": 1, "j": {"a": 2, "b": 1}, "d": 7.0, "v": 1})));
    assert_eq!(one, [json!(1), json!({"a": 2, "b": 1}), json!(7), json!(1)]);
    let on_botmatic = |json: &str| {
        let mapped = mappings(list).to_external(&fields(json!({"j": json})));
        mapped.entries[0].source.clone()
    };
    assert_eq!(on_botmatic("{\"b\": 1, \"a\": 2}"), json!("{\"a\":2,\"b\":1}"));
}

#[test]
fn a_source_has_all_that_its_transform_reads() {
    let list = "
- {botmatic: {name: first}, ext: {name: name, transform: {expression: 'value ~ \" \" ~ contact.last'}}}
";
    let source = |contact: Value| {
        let mapped = mappings(list).to_external(&fields(contact));
        mapped.entries[0].source.clone()
    };
    assert_eq!(source(json!({"first": "Ada", "last": "King", "age": 1})), json!(["Ada", "King"]));
    assert_eq!(source(json!({"first": "Ada"})), json!(["Ada", null]));
    // Null is absent: it is no word.
    for contact in [json!({"first": "Ada"}), json!({"first": "Ada", "last": null})] {
        let mapped = mappings(list).to_external(&fields(contact));
        assert_eq!(mapped.entries[0].value, json!("Ada "));
    }
}

#[test]
fn five_thousand_fields_are_mapped() {
    let entry = |index| {
        format!("- {{botmatic: {{name: f{index}}}, ext: {{name: nested.f{index}, type: text}}}}\n")
    };
    let list: String = (0..5_000).map(entry).collect();
    let mappings =
        compile(&format!("- {{id: true, botmatic: {{name: id}}, ext: {{name: id}}}}\n{list}"))
            .unwrap();
    let botmatic =
        (0..5_000).map(|index| (format!("f{index}"), json!(format!("{index}")))).collect();
    let external = mappings.to_external(&botmatic);
    assert_eq!((external.entries.len(), external.problems.len()), (5_000, 0));
    assert_eq!(mappings.to_botmatic(&external.fields()).fields(), botmatic);
}
