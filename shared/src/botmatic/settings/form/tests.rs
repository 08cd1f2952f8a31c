use serde_json::{Value, json};

use crate::botmatic::settings::testing::{compile, form};
use crate::ground::config::Place;
use crate::ground::seal::Sealer;

fn mistakes(fields: &Value) -> String {
    compile(json!({"fields": fields})).err().unwrap_or_default()
}

#[test]
fn without_anything_it_is_an_empty_form_for_botmatic() {
    let form = compile(json!({})).unwrap();
    assert_eq!(form.title, "Settings");
    assert_eq!(form.frame_ancestors, ["https://app.botmatic.ai"]);
    assert!(form.fields.is_empty());
}

#[test]
fn a_mistake_is_named_with_its_place() {
    let at = "botmatic.settings";
    for (section, expected) in [
        (json!([]), ": expected a mapping"),
        (json!({"titel": "x"}), ".titel: unknown; expected one of: title, intro"),
        (json!({"title": 5}), ".title: expected a text, found a number"),
        (json!({"fields": {}}), ".fields: expected a list of fields"),
        (
            json!({"frame_ancestors": "https://a"}),
            ".frame_ancestors: expected a list, found a text",
        ),
        (json!({"frame_ancestors": []}), ".frame_ancestors: expected at least one origin"),
    ] {
        let error = compile(section.clone()).err().unwrap();
        assert!(error.starts_with(&format!("{at}{expected}")), "{section}: {error}");
    }
}

#[test]
fn only_origins_may_show_the_page() {
    for (origin, expected) in [
        ("https://app.botmatic.ai", true),
        ("http://127.0.0.1:9001", true),
        ("https://[::1]:8443", true),
        ("https://app.botmatic.ai/", false),
        ("https://app.botmatic.ai/x", false),
        ("https://APP.botmatic.ai", false),
        ("https://app.botmatic.ai:443", false),
        ("https://*.botmatic.ai", false),
        ("https://a;script-src", false),
        ("https://a b", false),
        ("https://u@a", false),
        ("app.botmatic.ai", false),
        ("data:text/html,x", false),
        ("*", false),
        ("null", false),
        ("'self'", false),
        ("", false),
    ] {
        let form = compile(json!({"frame_ancestors": ["https://ok", origin]}));
        assert_eq!(form.is_ok(), expected, "{origin}");
        let error = form.err().unwrap_or_default();
        let place = "botmatic.settings.frame_ancestors.1: expected an origin such as";
        assert!(expected || error.starts_with(place), "{origin}: {error}");
    }
}

#[test]
fn a_mistake_of_a_field_is_named_with_its_place() {
    let name = "expected a name of letters, digits and `_`";
    for (field, expected) in [
        (json!("text"), ": expected a mapping"),
        (json!({"label": "A", "type": "text"}), ": missing field `name`"),
        (json!({"name": "a", "type": "text"}), ": missing field `label`"),
        (json!({"name": "a", "label": " ", "type": "text"}), ".label: expected a text that says"),
        (json!({"name": "a", "label": "A"}), ".type: expected one of: text, secret, number"),
        (json!({"name": "a", "label": "A", "type": "date"}), ".type: expected one of: text,"),
        (json!({"name": "token", "label": "A", "type": "text"}), &format!(".name: {name}")),
        (json!({"name": "a.remove", "label": "A", "type": "text"}), &format!(".name: {name}")),
        (json!({"name": "1a", "label": "A", "type": "text"}), &format!(".name: {name}")),
        (json!({"name": "_a", "label": "A", "type": "text"}), &format!(".name: {name}")),
        (json!({"name": "", "label": "A", "type": "text"}), &format!(".name: {name}")),
        (json!({"name": "é", "label": "A", "type": "text"}), &format!(".name: {name}")),
        (json!({"name": "a", "label": "A", "type": "text", "min": 1}), ".min: unknown field"),
        (json!({"name": "a", "label": "A", "type": "checkbox", "min": 1}), ".min: unknown field"),
        (
            json!({"name": "a", "label": "A", "type": "text", "required": "yes"}),
            ".required: expected `true`",
        ),
        (
            json!({"name": "a", "label": "A", "type": "text", "pattern": "["}),
            ".pattern: expected a regular expression",
        ),
        (
            json!({"name": "a", "label": "A", "type": "text", "pattern": "b", "default": "a"}),
            ".default: Not in the expected form",
        ),
        (
            json!({"name": "a", "label": "A", "type": "secret", "default": "sesame"}),
            ".default: a field of this type has no default",
        ),
        (
            json!({"name": "a", "label": "A", "type": "number", "min": 2, "max": 1}),
            ".max: expected a number that is not below `min`",
        ),
        (
            json!({"name": "a", "label": "A", "type": "number", "max": 1, "default": 2}),
            ".default: Must be at most 1",
        ),
        (json!({"name": "a", "label": "A", "type": "select"}), ": missing field `options`"),
        (
            json!({"name": "a", "label": "A", "type": "select", "options": []}),
            ".options: expected at least one option",
        ),
        (
            json!({"name": "a", "label": "A", "type": "select", "options": [1]}),
            ".options.0: expected a text, or a mapping",
        ),
        (
            json!({"name": "a", "label": "A", "type": "select", "options": ["x", "x"]}),
            ".options.1: expected a value that is not empty and no other option's",
        ),
        (
            json!({"name": "a", "label": "A", "type": "select", "options": [{"label": "x"}]}),
            ".options.0: missing field `value`",
        ),
        (
            json!({"name": "a", "label": "A", "type": "select", "options": ["x"], "default": "y"}),
            ".default: Expected one of the options",
        ),
        (
            json!({"name": "a", "label": "A", "type": "file", "max_bytes": 149_001}),
            ".max_bytes: expected a number of bytes from 1 to 149000",
        ),
        (json!({"name": "a", "label": "A", "type": "file", "max_bytes": 0}), ".max_bytes: exp"),
    ] {
        let error = mistakes(&json!([{"name": "ok", "label": "Ok", "type": "text"}, field]));
        let expected = format!("botmatic.settings.fields.1{expected}");
        assert!(error.starts_with(&expected), "{field}: {error}");
        assert!(!error.contains("sesame"), "{error}");
    }
}

#[test]
fn every_mistake_is_found_at_once() {
    let section = json!({
        "title": 1,
        "frame_ancestors": ["*"],
        "fields": [
            {"name": "a", "label": "A", "type": "tex"},
            {"name": "b", "label": "B", "type": "text"},
            {"name": "b", "label": "B", "type": "text"},
        ],
        "colour": "red",
    });
    let errors = compile(section).err().unwrap();
    let places: Vec<_> = errors.lines().map(|line| line.split(": ").next().unwrap()).collect();
    let expected = ["title", "frame_ancestors.0", "fields.0.type", "fields.2.name", "colour"];
    assert_eq!(places, expected.map(|place| format!("botmatic.settings.{place}")));
}

#[test]
fn the_examples_of_the_documentation_are_understood() {
    let document = include_str!("../../../../../docs/settings-page.md");
    let examples: Vec<Value> = document
        .split("```yaml\n")
        .skip(1)
        .map(|from| {
            let yaml = from.split("```").next().unwrap();
            // References give texts, long enough for a key.
            let yaml = yaml.replace("${ssm:", "resolved-by-the-time-it-is-read:");
            let tree: yaml_serde::Value = yaml_serde::from_str(&yaml).unwrap();
            serde_json::to_value(tree).unwrap()
        })
        .collect();
    let form = compile(examples[0]["botmatic"]["settings"].clone()).unwrap();
    let names: Vec<_> = form.fields.iter().map(|field| field.name.as_str()).collect();
    let expected = ["api_key", "company", "page_size", "region", "sync_notes", "certificate"];
    assert_eq!(names, expected);
    for example in &examples {
        let keys = example["botmatic"]["encryption_keys"].clone();
        assert!(Sealer::from_config(keys, &Place::root()).is_ok(), "{example}");
    }
}

#[test]
fn a_select_may_have_labels() {
    let form = form(&json!([{
        "name": "a", "label": "A", "type": "select",
        "options": ["x", {"value": "y"}, {"value": "z", "label": "Zed"}],
    }]));
    let page = form.page("t", &crate::botmatic::settings::Settings::new(), &[]).unwrap().html;
    for option in ["value=\"x\">x<", "value=\"y\">y<", "value=\"z\">Zed<"] {
        assert!(page.contains(option), "{option}");
    }
}
