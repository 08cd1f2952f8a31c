//! The examples of `docs/mappings.md`: they compile, and do what they say.

use serde_json::Value;

use super::{compile, contact, fields, problems};
use crate::contacts::mapping::Mappings;

const DOCUMENT: &str = include_str!("../../../../../docs/mappings.md");

/// The blocks of the document, each with what follows its fence.
fn blocks() -> impl Iterator<Item = (&'static str, &'static str)> {
    DOCUMENT.split("```").skip(1).step_by(2).map(|block| block.split_once('\n').unwrap())
}

/// A whole section, or entries of the list.
fn mappings(yaml: &str) -> Mappings {
    let id = "- {id: true, botmatic: {name: id}, ext: {name: id}}";
    let list = match serde_json::to_value(yaml_serde::from_str::<yaml_serde::Value>(yaml).unwrap())
    {
        Ok(Value::Object(file)) => file["contacts"]["mappings"].to_string(),
        _ => format!("{id}\n{yaml}"),
    };
    compile(&list).unwrap_or_else(|errors| panic!("{yaml}\n{errors}"))
}

#[test]
fn every_example_compiles_and_does_what_it_says() {
    let (mut compiled, mut shown) = (0, 0);
    let mut current = None;
    let mut external = None;
    for (kind, text) in blocks() {
        let json = || fields(serde_json::from_str(text).unwrap());
        match kind {
            "yaml" => {
                current = Some(mappings(text));
                compiled += 1;
            }
            "json external" => external = Some(json()),
            "json botmatic" => {
                let mapped = current.as_ref().unwrap().to_botmatic(&external.take().unwrap());
                assert_eq!(problems(&mapped), Vec::<String>::new());
                assert_eq!(contact(&mapped), Value::Object(json()));
                shown += 1;
            }
            _ => assert!(matches!(kind, "sh" | "rust"), "a block of {kind}"),
        }
    }
    assert_eq!((compiled, shown), (8, 3), "examples in the document");
}

/// What the document says of a type in its table, or of a transform, exists.
#[test]
fn every_transform_in_the_table_exists() {
    let section = DOCUMENT.split("## Transforms").nth(1).unwrap().split("## Expressions").next();
    let rows = section.unwrap().lines().filter_map(|line| line.strip_prefix("| `"));
    let mut tried = 0;
    for row in rows {
        let first = row.split(" |").next().unwrap();
        for transform in first.split('`').step_by(2).filter(|it| !it.is_empty()) {
            if ["FORMAT", "…", "function"].iter().any(|it| transform.contains(it)) {
                continue;
            }
            mappings(&format!(
                "- {{botmatic: {{name: a, transform: {transform}}}, ext: {{name: a}}}}"
            ));
            tried += 1;
        }
    }
    assert!(tried > 15, "{tried} transforms in the table");
}
