//! The tables that `make run` and the tests create are those of the template, the functions may do
//! with them what they do and nothing else, and what is watched is counted.
#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod contacts;
mod imports;
mod permissions;
mod tables;
mod watch;

use serde_json::Value;

/// What is there for contacts alone, and named by other things that are.
const THEIRS: [&str; 11] = [
    "BotmaticFunction",
    "BotmaticLogs",
    "BotmaticRole",
    "ContactsTable",
    "ImportFunction",
    "ImportLogs",
    "ImportRole",
    "ImportQueue",
    "ImportDeadLetterQueue",
    "ImportRule",
    "ImportRulePermission",
];

/// The template, with CloudFormation's short forms such as `!Ref` as plain values.
fn template() -> Value {
    let text = include_str!("../../template.yaml");
    let tree: yaml_serde::Value = yaml_serde::from_str(text).expect("template.yaml is YAML");
    untagged(tree)
}

fn untagged(tree: yaml_serde::Value) -> Value {
    match tree {
        yaml_serde::Value::Tagged(tagged) => untagged(tagged.value),
        yaml_serde::Value::Sequence(items) => items.into_iter().map(untagged).collect(),
        yaml_serde::Value::Mapping(fields) => fields
            .into_iter()
            .map(|(name, value)| (name.as_str().expect("a name").to_owned(), untagged(value)))
            .collect(),
        scalar => serde_json::to_value(scalar).expect("a scalar"),
    }
}

/// The resources of a type, with their names.
fn of_type<'a>(template: &'a Value, kind: &str) -> Vec<(&'a str, &'a Value)> {
    let resources = template["Resources"].as_object().unwrap();
    let found = resources.iter().filter(|(_, resource)| resource["Type"] == kind);
    found.map(|(name, resource)| (name.as_str(), resource)).collect()
}

#[test]
fn without_contacts_nothing_of_theirs_is_made() {
    let template = template();
    let conditional =
        ["HasContacts", "HasContactsMonitoring", "HasImportPages", "HasImportSchedule"];
    let is_conditional = |value: &Value| value.as_str().is_some_and(|it| conditional.contains(&it));
    for section in ["Resources", "Outputs"] {
        for (name, entry) in template[section].as_object().unwrap() {
            let text = entry.to_string();
            let is_theirs = THEIRS.iter().any(|theirs| name == theirs || text.contains(theirs));
            // The dashboard is for both: its widgets are checked by another test.
            let is_common = name == "Dashboard";
            assert_eq!(is_theirs && !is_common, is_conditional(&entry["Condition"]), "{name}");
        }
    }
}

#[test]
fn what_is_made_for_imports_hangs_on_contacts() {
    let template = template();
    for condition in ["HasImportSchedule", "HasImportPages", "HasContactsMonitoring"] {
        let all = template["Conditions"][condition].as_array().unwrap();
        let is_contacts = |it: &Value| it == "HasContacts" || it == "HasContactsMonitoring";
        assert!(all.iter().any(is_contacts), "{condition}: {all:?}");
    }
}
