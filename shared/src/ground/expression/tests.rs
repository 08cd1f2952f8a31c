use serde_json::json;

use super::*;

#[test]
fn an_expression_gives_a_value_and_a_template_a_text() {
    let fields = json!({"n": 3, "tags": ["a"], "gone": null, "is": true});
    let context = json!({"value": " Ada ", "fields": fields});
    for (source, expected) in [
        ("value | trim | upper", json!("ADA")),
        ("fields.n + 1", json!(4)),
        ("fields.tags", json!(["a"])),
        ("fields.missing.deeper", json!(null)),
    ] {
        let expression = Expression::compile(source).unwrap();
        assert_eq!(expression.eval(&context).unwrap(), expected, "{source}");
    }
    for (source, expected) in [
        ("{{ fields.n }}", json!(3)),
        ("{{ fields.n }}/{{ fields.n }}", json!("3/3")),
        ("<{{ value | trim }}>", json!("<Ada>")),
        ("<{{ fields.gone }}{{ fields.missing.deeper }}>", json!("<>")),
        ("<{{ fields.is }}>", json!("<true>")),
        ("<{{ fields.tags }}>", json!(r#"<["a"]>"#)),
        ("{{ {'a': {'b': fields.n}} }}", json!({"a": {"b": 3}})),
        ("plain", json!("plain")),
    ] {
        let template = Template::compile(source).unwrap();
        assert_eq!(template.eval(&context).unwrap(), expected, "{source}");
    }
    assert_eq!(
        Template::compile("{{ fields.tags }}").unwrap().render(&context).unwrap(),
        r#"["a"]"#
    );
}

#[test]
fn a_key_of_which_a_part_is_missing_is_none() {
    let key = Template::compile_key("acme-{{ key }}-{{ is | default(true) }}").unwrap();
    assert_eq!(key.eval(&json!({"key": "k"})).unwrap(), json!("acme-k-true"));
    for missing in [json!({}), json!({"key": null}), json!({"key": ""})] {
        assert_eq!(key.eval(&missing).unwrap_err().to_string(), "undefined value", "{missing}");
    }
}

#[test]
fn what_is_wrong_is_said_without_the_value() {
    assert!(Expression::compile("value |").is_err());
    assert!(Expression::compile("1) %}{{ 2 }}{% set x = (3").is_err());
    assert!(Template::compile("{{ open").is_err());
    let error = Expression::compile("value | int").unwrap().eval(&json!({"value": "s3cret"}));
    assert_eq!(error.unwrap_err().to_string(), "invalid operation");
    let endless = Expression::compile("range(9000) | map('string') | join").unwrap();
    let long = "{% for a in range(9000) %}{% for b in range(9000) %}x{% endfor %}{% endfor %}";
    assert!(endless.eval(&json!({})).is_ok());
    let error = Template::compile(long).unwrap().eval(&json!({})).unwrap_err();
    assert_eq!(error.to_string(), "engine ran out of fuel");
}

#[test]
fn a_name_that_does_not_exist_is_found_at_the_start() {
    for (source, expected) in [
        ("value | nope", "unknown filter: filter nope is unknown"),
        ("value | trim|nope(1)", "unknown filter: filter nope is unknown"),
        ("value if false else (value | nope)", "unknown filter: filter nope is unknown"),
        ("'{{' ~ value | nope", "unknown filter: filter nope is unknown"),
        ("value | map('nope')", "unknown filter: filter nope is unknown"),
        ("value is nope", "unknown test: test nope is unknown"),
        ("value is not nope", "unknown test: test nope is unknown"),
        ("value | select('nope')", "unknown test: test nope is unknown"),
        ("value | selectattr('a', 'nope')", "unknown test: test nope is unknown"),
        ("nope(value)", "unknown function: nope is unknown"),
        ("{'a': {'b': nope (1)}}", "unknown function: nope is unknown"),
    ] {
        let message = Expression::compile(source).unwrap_err().to_string();
        assert_eq!(message, expected, "{source}");
    }
    for source in [
        "{% filter nope %}x{% endfilter %}",
        "a | b {{ value -}} {%- if value | nope %}{% endif %}",
        "{{ '}}' }} {{ value | nope }}",
        "{% raw %}{{ a | b }}{% endraw %}{{ value | nope }}",
    ] {
        let message = Template::compile(source).unwrap_err().to_string();
        assert_eq!(message, "unknown filter: filter nope is unknown", "{source}");
    }
}

#[test]
fn a_name_that_exists_is_not_mistaken_for_one_that_does_not() {
    for source in [
        "value | default('a | nope') | replace(\"is nope\", 'nope(')",
        "value | default('it\\'s | nope')",
        "value is defined and (value is not none) and not (value is in([1]))",
        "range(3) | map('upper') | select('defined') | list",
        "contact.is + contact.map | length",
        "dict(a=1) | items",
        "value.strip()",
    ] {
        Expression::compile(source).unwrap();
    }
    for source in [
        "a | b is c d(e) {# {{ x | nope }} #} {% raw %}{{ y | nope }}{% endraw %} {{ value }}",
        "{% set f = range %}{{ f(3) }}",
        "{{ {'a': {'b': 1}}}} | nope",
        "{% for x in (1, 2) if (x is odd) %}{{ loop.index }}{% endfor %}",
    ] {
        Template::compile(source).unwrap();
    }
}

#[test]
fn it_tells_what_it_reads() {
    for (source, expected) in [
        ("value | upper", vec!["value"]),
        ("contact.a.b ~ contact['c'] ~ range(2)", vec!["contact", "contact.a.b"]),
        ("1", vec![]),
    ] {
        let variables = Expression::compile(source).unwrap().variables();
        assert_eq!(variables.into_iter().collect::<Vec<_>>(), expected, "{source}");
    }
    let contact = Variable::new(&json!({"a": 1}));
    let context = std::collections::HashMap::from([("contact", contact)]);
    assert_eq!(Expression::compile("contact.a + 1").unwrap().eval(&context).unwrap(), json!(2));
}
