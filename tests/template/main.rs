//! The tables and queues that `make run` and the tests create are those of the template, the
//! functions may do with them what they do and nothing else, and what is watched is counted.
#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod contacts;
mod imports;
mod parts;
mod permissions;
mod queues;
mod tables;
mod watch;
mod worker;

use serde_json::Value;

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

/// The properties of a resource.
fn properties<'a>(template: &'a Value, name: &str) -> &'a Value {
    &template["Resources"][name]["Properties"]
}
