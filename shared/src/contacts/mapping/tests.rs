//! Mappings as a whole: from the text of the configuration to the contact of the other side.

mod documentation;
mod lossless;
mod mistakes;
mod reference;
mod transforms;
mod values;

use serde_json::Value;

use super::{Functions, Mapped, Mappings};
use crate::contacts::Fields;
use crate::ground::config::{ConfigErrors, Place};

/// The list `yaml`, without its identifying mapping.
pub fn mappings(yaml: &str) -> Mappings {
    compile(&format!("- {{id: true, botmatic: {{name: id}}, ext: {{name: id}}}}\n{yaml}"))
        .unwrap_or_else(|errors| panic!("{yaml}:\n{errors}"))
}

/// The list `yaml`, or what is wrong with it.
pub fn compile(yaml: &str) -> Result<Mappings, ConfigErrors> {
    let list = yaml_serde::from_str(yaml).unwrap();
    let functions = Functions::default().with("shout", |value| match value {
        Value::String(text) => Ok(Value::String(text + "!")),
        _ => Err("expected a text"),
    });
    let place = Place::root().key("contacts").key("mappings");
    let mut errors = ConfigErrors::default();
    let mappings = Mappings::compile(list, &place, None, &functions, &mut errors);
    errors.into_result(mappings)
}

pub fn fields(value: Value) -> Fields {
    match value {
        Value::Object(fields) => fields,
        other => panic!("{other} is no contact"),
    }
}

/// The contact that `mapped` is.
pub fn contact(mapped: &Mapped) -> Value {
    Value::Object(mapped.fields())
}

/// What could not be mapped, as it is logged.
pub fn problems(mapped: &Mapped) -> Vec<String> {
    mapped.problems.iter().map(ToString::to_string).collect()
}
