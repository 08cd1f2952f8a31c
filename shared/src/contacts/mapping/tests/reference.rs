//! The reference's own mapping lists mean what they mean there, where no type says otherwise.

use serde_json::json;

use super::{contact, fields, mappings};
use crate::botmatic::api::{Property, PropertyType};
use crate::contacts::{BotmaticId, ExternalId};

const LIST: &str = "
- {botmatic: {name: firstname}, ext: {name: first_name}}
- {botmatic: {name: extra}, ext: {name: details}}
- {botmatic: {name: shouted, transform: upper}, ext: {name: quiet, transform: lower}}
";

#[test]
fn to_botmatic_an_object_or_array_becomes_its_text() {
    for (details, expected) in [
        (json!({"b": 1, "a": [2]}), json!(r#"{"a":[2],"b":1}"#)),
        (json!([1, "x"]), json!(r#"[1,"x"]"#)),
        (json!("{\"a\": 1}"), json!("{\"a\": 1}")),
        (json!(1), json!(1)),
        (json!(true), json!(true)),
    ] {
        let external = fields(json!({"id": 7, "first_name": "Ada", "details": details, "x": 1}));
        let mapped = mappings(LIST).to_botmatic(&external);
        assert_eq!(contact(&mapped), json!({"firstname": "Ada", "extra": expected}));
    }
}

#[test]
fn to_the_external_side_a_text_that_is_valid_json_becomes_its_value() {
    for (extra, expected) in [
        (json!("1"), json!(1)),
        (json!("{\"a\": [1]}"), json!({"a": [1]})),
        (json!("true"), json!(true)),
        (json!("0033"), json!("0033")),
        (json!("+33142685300"), json!("+33142685300")),
        (json!("Ada"), json!("Ada")),
        (json!(2), json!(2)),
    ] {
        let mapped = mappings(LIST).to_external(&fields(json!({"id": 7, "extra": extra})));
        assert_eq!(contact(&mapped), json!({"details": expected}));
    }
}

#[test]
fn what_is_absent_or_empty_is_left_out() {
    for value in [json!(null), json!("")] {
        let mapped = mappings(LIST).to_botmatic(&fields(json!({"first_name": value})));
        assert_eq!(contact(&mapped), json!({}));
        let mapped = mappings(LIST).to_external(&fields(json!({"firstname": value})));
        assert_eq!(contact(&mapped), json!({}));
    }
}

#[test]
fn a_transform_is_applied_on_the_way_to_its_side() {
    let mapped = mappings(LIST).to_botmatic(&fields(json!({"quiet": "Ada"})));
    assert_eq!(contact(&mapped), json!({"shouted": "ADA"}));
    let mapped = mappings(LIST).to_external(&fields(json!({"shouted": "Ada"})));
    assert_eq!(contact(&mapped), json!({"quiet": "ada"}));
}

#[test]
fn ids_are_found_and_never_mapped() {
    let mappings = mappings(LIST);
    let botmatic = fields(json!({"id": 122, "firstname": "Ada"}));
    let external = fields(json!({"id": "c-7", "first_name": "Ada"}));
    assert_eq!(mappings.botmatic_id(&botmatic), BotmaticId::new("122").ok());
    assert_eq!(mappings.external_id(&external), ExternalId::new("c-7").ok());
    assert_eq!(mappings.external_id(&fields(json!({"id": null}))), None);
    assert_eq!(contact(&mappings.to_external(&botmatic)), json!({"first_name": "Ada"}));
    assert_eq!(contact(&mappings.to_botmatic(&external)), json!({"firstname": "Ada"}));
}

#[test]
fn every_mapped_property_but_the_id_is_told() {
    let property = |name: &str, r#type| Property { name: name.to_owned(), r#type };
    let list = "
- {botmatic: {name: firstname}, ext: {name: a}}
- {botmatic: {name: born, type: date}, ext: {name: b}}
- {botmatic: {name: score, type: number}, ext: {name: c}}
- {botmatic: {name: seen, type: datetime}, ext: {name: d}}
- {botmatic: {name: age}, ext: {name: e, type: integer}}
- {botmatic: {name: origin, constant: crm}}
- {botmatic: {name: firstname}, ext: {name: f}, only_to: ext, name: copy}
- {ext: {name: g, constant: 1}}
";
    let expected = [
        property("firstname", PropertyType::Text),
        property("born", PropertyType::Date),
        property("score", PropertyType::Number),
        property("seen", PropertyType::Text),
        property("age", PropertyType::Number),
        property("origin", PropertyType::Text),
    ];
    assert_eq!(mappings(list).botmatic_properties(), expected);
    assert_eq!(
        serde_json::to_value(&expected[1]).unwrap(),
        json!({"name": "born", "type": "date"})
    );
}
