use serde_json::json;

use super::*;
use crate::botmatic::settings::Upload;
use crate::botmatic::settings::testing::{every_kind, form, settings};
use crate::ground::expression::Template;
use crate::ground::secret::Secret;

fn submission(values: Value) -> Submission {
    Submission { token: Secret::try_from("t".to_owned()).unwrap(), values: settings(values) }
}

fn validate(form: &SettingsForm, values: Value, stored: Value) -> Result<Value, Value> {
    let settings = form.validate(&submission(values), &settings(stored));
    settings.map(Value::Object).map_err(|errors| json!(errors))
}

fn file(bytes: &[u8]) -> Value {
    Upload::new("a.pem", "text/plain", bytes).into()
}

const EMPTY: &str = r#"{"company": null, "api_key": null, "limit": null, "active": false,
    "region": null, "certificate": null}"#;

fn empty() -> Value {
    serde_json::from_str(EMPTY).unwrap()
}

#[test]
fn values_are_read_from_json_and_from_forms() {
    for (name, submitted, expected) in [
        ("company", json!("Acme"), json!("Acme")),
        ("company", json!("  Acme & Sons\t"), json!("Acme & Sons")),
        ("company", json!("   "), json!(null)),
        ("company", json!("<script>"), json!("<script>")),
        ("api_key", json!(" s p a c e s "), json!(" s p a c e s ")),
        ("limit", json!(5), json!(5)),
        ("limit", json!("5"), json!(5)),
        ("limit", json!(" 5 "), json!(5)),
        ("limit", json!("1.5"), json!(1.5)),
        ("limit", json!("1"), json!(1)),
        ("limit", json!("9.5"), json!(9.5)),
        ("limit", json!("  "), json!(null)),
        ("active", json!("on"), json!(true)),
        ("active", json!(true), json!(true)),
        ("active", json!(false), json!(false)),
        ("active", json!(""), json!(false)),
        ("region", json!("us"), json!("us")),
        ("certificate", file(b"abc"), file(b"abc")),
        ("certificate", file(&[0xff; 10]), file(&[0xff; 10])),
    ] {
        let mut all = empty();
        all[name] = expected;
        assert_eq!(validate(&every_kind(), json!({name: submitted}), json!({})), Ok(all));
    }
    assert_eq!(validate(&every_kind(), json!({}), json!({})), Ok(empty()), "nothing at all");
    assert_eq!(validate(&every_kind(), empty(), json!({})), Ok(empty()), "nulls");
}

#[test]
fn what_is_wrong_is_said_beside_the_field() {
    let mut wide = file(b"abc");
    wide["more"] = json!(1);
    let mut plain = file(b"abc");
    plain["content"] = json!("not base64!");
    for (name, submitted, expected) in [
        ("company", json!(5), "Expected a text"),
        ("company", json!(true), "Expected a text"),
        ("company", json!(["a"]), "Expected a text"),
        ("company", file(b"abc"), "Expected a text"),
        ("api_key", json!(5), "Expected a text"),
        ("api_key", json!({}), "Expected a text"),
        ("limit", json!("five"), "Expected a number"),
        ("limit", json!("1,5"), "Expected a number"),
        ("limit", json!("NaN"), "Expected a number"),
        ("limit", json!("inf"), "Expected a number"),
        ("limit", json!("1e999"), "Expected a number"),
        ("limit", json!(true), "Expected a number"),
        ("limit", json!([1]), "Expected a number"),
        ("limit", json!(0.99), "Must be at least 1"),
        ("limit", json!("-5"), "Must be at least 1"),
        ("limit", json!(10), "Must be at most 9.5"),
        ("active", json!("true"), "Expected yes or no"),
        ("active", json!(1), "Expected yes or no"),
        ("active", json!({}), "Expected yes or no"),
        ("region", json!("mars"), "Expected one of the options"),
        ("region", json!("EU"), "Expected one of the options"),
        ("region", json!(5), "Expected one of the options"),
        ("certificate", json!("abc"), "Expected a file"),
        ("certificate", json!({"name": "a"}), "Expected a file"),
        ("certificate", wide, "Expected a file"),
        ("certificate", plain, "Expected a file"),
        ("certificate", file(b""), "The file is empty"),
        ("certificate", file(&[0; 11]), "The file has 11 bytes, and may have 10"),
        ("colour", json!("red"), "Unknown field"),
        ("company.remove", json!("on"), "Unknown field"),
        ("__proto__", json!({}), "Unknown field"),
    ] {
        let errors = validate(&every_kind(), json!({name: submitted.clone()}), json!({}));
        assert_eq!(errors, Err(json!({name: expected})), "{submitted}");
    }
    let errors = validate(&every_kind(), json!({"limit": "x", "region": "x", "x": 1}), json!({}));
    assert_eq!(errors.unwrap_err().as_object().unwrap().len(), 3, "all at once");
}

#[test]
fn a_required_field_has_to_be_filled_in() {
    let kinds = ["text", "secret", "number", "checkbox", "select", "file"];
    for kind in kinds {
        let mut field = json!({"name": "a", "label": "A", "type": kind, "required": true});
        if kind == "select" {
            field["options"] = json!(["x"]);
        }
        let form = form(&json!([field]));
        for values in [json!({}), json!({"a": null}), json!({"a": ""})] {
            let errors = validate(&form, values.clone(), json!({}));
            assert_eq!(errors, Err(json!({"a": "Field required"})), "{kind} {values}");
        }
    }
}

#[test]
fn a_pattern_is_for_the_whole_value_and_may_explain_itself() {
    let fields = json!([
        {"name": "a", "label": "A", "type": "text", "pattern": "[a-z]+"},
        {"name": "b", "label": "B", "type": "secret", "pattern": "[0-9]{4}",
         "pattern_message": "Four digits"},
    ]);
    let form = form(&fields);
    let errors = validate(&form, json!({"a": "abc1", "b": "sesame"}), json!({}));
    assert_eq!(errors, Err(json!({"a": "Not in the expected form", "b": "Four digits"})));
    assert!(validate(&form, json!({"a": " abc ", "b": "1234"}), json!({})).is_ok());
    assert!(validate(&form, json!({"a": "", "b": ""}), json!({})).is_ok(), "empty is not wrong");
}

#[test]
fn a_secret_and_a_file_stay_until_they_are_replaced_or_removed() {
    let stored = json!({"company": "Acme", "api_key": "sesame", "certificate": file(b"old")});
    for (values, key, certificate) in [
        (json!({}), json!("sesame"), file(b"old")),
        (json!({"api_key": "", "certificate": null}), json!("sesame"), file(b"old")),
        (json!({"api_key": "new", "certificate": file(b"new")}), json!("new"), file(b"new")),
        (json!({"api_key.remove": "on"}), json!(null), file(b"old")),
        (json!({"api_key.remove": true, "certificate.remove": true}), json!(null), json!(null)),
        (json!({"api_key.remove": false}), json!("sesame"), file(b"old")),
        (json!({"api_key.remove": true, "api_key": "new"}), json!("new"), file(b"old")),
    ] {
        let settings = validate(&every_kind(), values.clone(), stored.clone()).unwrap();
        assert_eq!(settings["api_key"], key, "{values}");
        assert_eq!(settings["certificate"], certificate, "{values}");
        assert_eq!(settings["company"], json!(null), "what the page shows is sent whole: {values}");
    }
}

#[test]
fn a_required_secret_is_filled_in_once_and_cannot_be_removed() {
    let form = form(&json!([{"name": "a", "label": "A", "type": "secret", "required": true}]));
    let stored = json!({"a": "sesame"});
    assert_eq!(validate(&form, json!({}), stored.clone()), Ok(stored.clone()));
    let errors = validate(&form, json!({"a.remove": true}), stored);
    assert_eq!(errors, Err(json!({"a": "Field required"})));
}

#[test]
fn what_was_stored_of_another_kind_is_not_kept() {
    for stored in [json!(5), json!(true), file(b"a")] {
        let settings = validate(&every_kind(), json!({}), json!({"api_key": stored})).unwrap();
        assert_eq!(settings["api_key"], json!(null));
    }
}

#[test]
fn all_together_have_to_fit_into_the_store() {
    let form = form(&json!([
        {"name": "a", "label": "A", "type": "text"},
        {"name": "b", "label": "B", "type": "text"},
    ]));
    let fits = "x".repeat(MAX_SETTINGS_BYTES - r#"{"a":"y","b":""}"#.len());
    assert!(validate(&form, json!({"a": "y", "b": fits}), json!({})).is_ok());
    let errors = validate(&form, json!({"a": "yy", "b": fits}), json!({})).unwrap_err();
    let expected = "Too long: all settings together may have 200000 bytes";
    assert_eq!(errors, json!({"b": expected}));
}

#[test]
fn templates_see_what_is_stored_and_the_defaults_of_new_fields() {
    let form = form(&json!([
        {"name": "a", "label": "A", "type": "text", "default": " x "},
        {"name": "b", "label": "B", "type": "number", "default": 25},
        {"name": "c", "label": "C", "type": "checkbox", "default": true},
        {"name": "d", "label": "D", "type": "secret"},
    ]));
    let defaults = json!({"a": "x", "b": 25, "c": true});
    let stored = json!({"a": null, "b": 3, "c": false, "d": "sesame", "gone": "x"});
    let other = json!({"a": 5, "b": "x", "c": null});
    for (stored, expected) in [
        (json!({}), defaults.clone()),
        (stored, json!({"b": 3, "c": false, "d": "sesame"})),
        (other, json!({"a": "x", "b": 25})),
    ] {
        assert_eq!(Value::Object(form.values(&settings(stored))), expected);
    }
    let values = form.values(&settings(json!({"a": null, "d": "sesame"})));
    let template = Template::compile("{{ settings.d }}/{{ settings.a }}/{{ settings.b }}").unwrap();
    assert_eq!(template.render(&json!({"settings": values})).unwrap(), "sesame//25");
}

#[test]
fn the_answer_has_the_shape_of_the_reference() {
    assert_eq!(json!(Outcome::saved()), json!({"success": true}));
    let errors = FieldErrors::from([("api_key".to_owned(), "Field required".to_owned())]);
    let expected = json!({"success": false, "errorFields": {"api_key": "Field required"}});
    assert_eq!(json!(Outcome::refused(errors)), expected);
}
