//! Every mistake is found at the start, with its mapping, its side and what was expected.

use super::compile;

const ID: &str = "- {id: true, botmatic: {name: id}, ext: {name: data.id}}";

#[test]
fn a_mistake_names_its_mapping_and_side() {
    for (entry, expected) in [
        (
            "{botmatic: {name: a, type: numbr}, ext: {name: a}}",
            ".botmatic.type: expected one of `text`, `number`,",
        ),
        (
            "{botmatic: {nam: a}, ext: {name: a}}",
            "contacts.mappings.1 (a).botmatic.nam: unknown field",
        ),
        ("{botmatic: {name: a}, ext: {name: a}, onlyto: ext}", ".onlyto: unknown field `onlyto`"),
        (
            "{botmatic: {name: a}, ext: {name: a}, only_to: crm}",
            ".only_to: expected `botmatic` or `ext`",
        ),
        (
            "{botmatic: {name: a}}",
            ".ext: expected the field's `name` on this side, or a `constant`",
        ),
        ("{name: a}", "contacts.mappings.1 (a): expected `botmatic` and `ext`"),
        ("{}", "contacts.mappings.1: expected `botmatic` and `ext`"),
        ("7", "contacts.mappings.1: expected a mapping, found a number"),
        ("{ext: {name: a}}", ".botmatic: expected the field's `name` on this side"),
        ("{botmatic: {name: a}, ext: {name: a..b}}", ".ext.name: expected at most 32 names"),
        ("{botmatic: {name: ''}, ext: {name: a}}", ".botmatic.name: expected at most 32 names"),
        (
            "{botmatic: {name: a}, ext: {name: data}}",
            ".ext.name: expected a path that is not in the way of `id: true`",
        ),
        (
            "{botmatic: {name: a}, ext: {name: data.id}}",
            ".ext.name: expected a path that is not in the way",
        ),
        (
            "{botmatic: {name: id}, ext: {name: a}}",
            ".botmatic.name: expected a path that is not in the way",
        ),
        (
            "{botmatic: {name: a}, ext: {name: data}, only_to: botmatic}",
            ".ext.name: expected a field without the contact's id in it",
        ),
        (
            "{botmatic: {name: a}, ext: {name: a, constant: x}}",
            ".ext.constant: expected a mapping of one side",
        ),
        (
            "{ext: {name: a, constant: x, type: integer}}",
            ".ext.constant: expected a number without",
        ),
        (
            "{botmatic: {name: a}, ext: {name: a, type: date, default: soon}}",
            ".ext.default: expected a date such as",
        ),
        (
            "{ext: {name: a, constant: x, default: y}}",
            ".ext.default: expected nothing here: a constant",
        ),
        (
            "{botmatic: {name: a, default: x}, ext: {name: a}, only_to: ext}",
            ".botmatic.default: expected nothing here",
        ),
        (
            "{botmatic: {name: a}, ext: {name: a, required: true}, clear: true}",
            ".ext.required: expected nothing here",
        ),
        (
            "{ext: {name: a, constant: x}, email: true}",
            ".email: expected a field of Botmatic's contact",
        ),
    ] {
        assert_mistake(entry, expected);
    }
}

#[test]
fn a_transform_is_compiled_at_the_start() {
    for (transform, expected) in [
        ("trimm", ".ext.transform: expected a transform: trim, lower"),
        ("[trim, trimm]", ".ext.transform.1: expected a transform: trim, lower"),
        ("{trim: 1, lower: 2}", ".ext.transform: expected a transform: trim, lower"),
        ("1", ".ext.transform: expected a transform: trim, lower"),
        ("{phone: Frankreich}", ".ext.transform.phone: expected a country's two capital letters"),
        ("{split: ''}", ".ext.transform.split: expected the text between two items"),
        ("{enum: [a]}", ".ext.transform.enum: expected a mapping"),
        (
            "{function: whisper}",
            ".ext.transform.function: expected the name of a Rust function that was registered: shout",
        ),
        ("{expression: 'value |'}", ".ext.transform.expression: expected an expression such as"),
        ("{expression: value | uper}", "unknown filter: filter uper is unknown"),
        ("{expression: value if value is ood}", "unknown test: test ood is unknown"),
        ("{expression: upper(value)}", "unknown function: upper is unknown"),
        (
            "{expression: fields.a}",
            ".ext.transform.expression: expected the variables `value` and `contact`, not `fields.a`",
        ),
        ("{parse: {date: ''}}", ".ext.transform.parse.date: expected a format such as"),
        ("{parse: {date: '%!'}}", ".ext.transform.parse.date: expected a format such as"),
        (
            "{format: {datetime: {format: '%d', zone: Paris}}}",
            ".ext.transform.format.datetime.zone: expected a time zone",
        ),
        (
            "{parse: {unix: minutes}}",
            ".ext.transform.parse.unix.unit: expected `seconds` or `milliseconds`",
        ),
        (
            "{parse: {date: '%H:%M'}}",
            ".ext.transform.parse: expected a format with year, month and day",
        ),
        ("{parse: yaml}", ".ext.transform.parse: expected `json`, or one of"),
    ] {
        let entry = format!("{{botmatic: {{name: a}}, ext: {{name: a, transform: {transform}}}}}");
        assert_mistake(&entry, expected);
    }
}

#[test]
fn a_format_is_compiled_at_the_start() {
    for (format, expected) in [
        (
            "type: text, format: json",
            ".ext.format: expected the type beside it to be one of: json, list",
        ),
        ("type: integer, format: {values: {low: 1}}", ".ext.format.values.low: expected a number"),
        (
            "format: {values: {low: 1, high: '1'}}",
            ".ext.format.values.low: expected a notation that no other",
        ),
        ("format: {values: {low: ''}}", ".ext.format.values.low: expected a text, a number"),
        ("format: {values: {low: []}}", ".ext.format.values.low: expected at least one notation"),
        ("format: {values: {low: [[1]]}}", ".ext.format.values.low: expected a text, a number"),
        ("format: {datetime: '%d/%m'}", ".ext.format: expected a format with year, month and day"),
        ("format: {values: 1}", ".ext.format.values: expected a mapping"),
        ("format: {date: '%d', zone: UTC}", ".ext.format: expected `json`, or one of"),
    ] {
        assert_mistake(&format!("{{botmatic: {{name: a}}, ext: {{name: a, {format}}}}}"), expected);
    }
}

fn assert_mistake(entry: &str, expected: &str) {
    let Err(errors) = compile(&format!("{ID}\n- {entry}\n")) else {
        panic!("{entry}: accepted");
    };
    let message = errors.to_string();
    assert!(message.contains(expected), "{entry}:\n{message}\nexpected {expected}");
    assert!(message.starts_with("contacts.mappings.1"), "{message}");
}

#[test]
fn a_list_has_one_id_and_no_name_twice() {
    for (list, expected) in [
        ("{}", "contacts.mappings: expected a list of mappings"),
        ("[]", "contacts.mappings: expected one mapping with `id: true`"),
        (
            "- {botmatic: {name: a}, ext: {name: a}}",
            "contacts.mappings: expected one mapping with `id: true`",
        ),
        (
            "- {id: true, botmatic: {name: id}}",
            "contacts.mappings.0 (id): expected only `botmatic.name` and `ext.name`",
        ),
        (
            "- {id: true, botmatic: {name: id}, ext: {name: id, transform: trim}}",
            "contacts.mappings.0 (id): expected only",
        ),
    ] {
        let Err(errors) = compile(list) else { panic!("{list}: accepted") };
        assert!(errors.to_string().contains(expected), "{list}: {errors}");
    }
    let twice = "
- {botmatic: {name: a}, ext: {name: a}, email: true}
- {botmatic: {name: a}, ext: {name: b}, email: true, only_to: ext}
- {botmatic: {name: c}, ext: {name: a}}
- {botmatic: {name: d}, ext: {name: b.x}}
- {id: true, botmatic: {name: id}, ext: {name: id}}
";
    let Err(errors) = compile(&format!("{ID}{twice}")) else { panic!("accepted") };
    let expected = "\
contacts.mappings.5 (id).id: expected one mapping with `id: true`, and this is another
contacts.mappings.2 (a).name: expected a `name` of its own, because another mapping is called the same
contacts.mappings.2 (a).email: expected one mapping with it, and this is another
contacts.mappings.3 (c).ext.name: expected a path that is not in the way of `a`
contacts.mappings.4 (d).ext.name: expected a path that is not in the way of `a`";
    assert_eq!(errors.to_string(), expected);
}
