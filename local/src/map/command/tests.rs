//! The command, from a contact to what is printed.

use std::path::PathBuf;

use super::*;
use crate::scratch::Scratch;

const CONFIG: &str = "
channels: {rest: {type: rest, auth: {token: '${ssm:/not/read}'}}}
contacts:
  ext_id_key: data.id
  mappings:
    - {id: true, botmatic: {name: id}, ext: {name: id}}
    - {botmatic: {name: email, type: text}, ext: {name: emails.0.value, required: true}}
    - {botmatic: {name: born, type: date}, ext: {name: born, format: {date: '%d/%m/%Y'}}}
    - {botmatic: {name: vip, type: boolean}, ext: {name: vip}}
    - {botmatic: {name: note}, ext: {name: note}, clear: true}
    - {botmatic: {name: lang, default: fr}, ext: {name: lang}}
    - {botmatic: {name: origin, constant: crm}}
    - {botmatic: {name: wish}, ext: {name: wish}, only_to: ext}
    - {botmatic: {name: loud, transform: {function: shout}}, ext: {name: loud}}
    - {botmatic: {name: gone, transform: trim}, ext: {name: gone}}
    - {botmatic: {name: away}, ext: {name: away}}
";

/// What the command prints and logs of `contact`, or complains of.
fn run(config: &str, to: To, json: bool, contact: &str) -> Result<(String, String), String> {
    let file = Scratch::new(config);
    let config = file.path().to_owned();
    let options = MapOptions { to, file: PathBuf::from("-"), config, json };
    let (mut out, mut log) = (Vec::new(), Vec::new());
    let result = map(&options, contact.as_bytes(), &mut out, &mut log);
    match result {
        Ok(()) => Ok((String::from_utf8(out).unwrap(), String::from_utf8(log).unwrap())),
        Err(error) => Err(file.said_of(error)),
    }
}

const EXTERNAL: &str = r#"{
  "data": {"id": 7}, "emails": [{"value": "Ada@x.org"}], "born": "24/12/1990", "vip": "maybe",
  "note": "", "loud": "a", "gone": "  ", "wish": 1
}"#;

#[test]
fn each_field_is_a_line_with_its_value_or_why_it_has_none() {
    let (out, _) = run(CONFIG, To::Botmatic, false, EXTERNAL).unwrap();
    let expected = r#"
MAPPING  FROM            TO      BEFORE        AFTER
email    emails.0.value  email   "Ada@x.org"   "Ada@x.org"
born     born            born    "24/12/1990"  "1990-12-24"
vip      vip             vip     "maybe"       left out: ext.type: expected true or false, yes or no, on or off, 1 or 0
note     note            note    ""            null (cleared)
lang     lang            lang                  "fr" (default)
origin   (constant)      origin                "crm" (constant)
loud     loud            loud    "a"           left out: botmatic.transform: the function `shout` failed: it is not part of this program
gone     gone            gone    "  "          left out: nothing is left of it
away     away            away                  left out: the contact has no such field
wish     wish                    1             left out: only mapped to ext

5 of 9 fields mapped.
The contact's id, which is never mapped: 7.
"#;
    assert_eq!(format!("\n{out}"), expected);
}

#[test]
fn the_other_way_says_what_is_required_and_how_it_is_found() {
    let (out, _) = run(CONFIG, To::Ext, false, r#"{"id": 122, "born": "1990-12-24"}"#).unwrap();
    let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines: Vec<_> = out.lines().map(words).collect();
    for expected in [
        r#"born born born "1990-12-24" "24/12/1990""#,
        "origin (constant) left out: only mapped to botmatic",
    ] {
        assert!(lines.contains(&expected.to_owned()), "{out}");
    }
    assert!(out.contains("Required on this side, and without a value: email."), "{out}");
    assert!(out.contains("which is never mapped: 122."), "{out}");
    let (out, _) = run(CONFIG, To::Ext, false, r#"{"email": "Ada@x.org"}"#).unwrap();
    assert!(out.contains("by the e-mail ada@x.org."), "{out}");
}

#[test]
fn as_json_it_is_the_contact_alone() {
    let (out, log) = run(CONFIG, To::Ext, true, r#"{"email": "a@x.org", "vip": "maybe"}"#).unwrap();
    let contact: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(contact, serde_json::json!({"emails": [{"value": "a@x.org"}]}));
    assert!(log.starts_with("mapping `vip`, botmatic.type: expected true or false"), "{log}");
}

#[test]
fn what_is_wrong_is_said() {
    for (config, contact, expected) in [
        (
            CONFIG,
            "[{}, {}]",
            "expected one contact, a JSON object, in the standard input, and found a list of 2; give one of its items",
        ),
        (
            CONFIG,
            "7",
            "expected one contact, a JSON object, in the standard input, and found a number",
        ),
        (
            CONFIG,
            "{\"a\": }",
            "the standard input is not valid JSON: expected value at line 1 column 7",
        ),
        (
            "channels: {}",
            "{}",
            "CONFIG has no `contacts.mappings`; docs/mappings.md says how to write them",
        ),
        ("contacts: [", "{}", "CONFIG is not valid YAML: "),
        (
            "contacts: {mappings: [{name: x}]}",
            "{}",
            "CONFIG has mistakes:\ncontacts.mappings.0 (x): expected `botmatic` and `ext`",
        ),
    ] {
        let error = run(config, To::Ext, false, contact).unwrap_err();
        assert!(error.starts_with(expected), "{error}");
    }
    let missing = PathBuf::from("no-such-contact.json");
    let config = Scratch::new(CONFIG);
    let mut options = MapOptions {
        to: To::Ext,
        file: missing.clone(),
        config: config.path().to_owned(),
        json: false,
    };
    let run = |options: &MapOptions| {
        let result = map(options, &b""[..], Vec::new(), Vec::new());
        format!("{:#}", anyhow::Error::from(result.unwrap_err()))
    };
    assert!(
        run(&options).starts_with("cannot read the contact in no-such-contact.json: No such file")
    );
    options.config = missing;
    assert!(run(&options).starts_with("no configuration at no-such-contact.json"));
}
