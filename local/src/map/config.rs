//! The mappings of a configuration, and nothing else of it: what refers to secrets stays unread.

use std::path::Path;

use patchcord::contacts::mapping::{Functions, Mappings};
use patchcord::ground::config::{ConfigErrors, LoadError, Place};
use serde_json::Value;

use super::error::MapError;

/// The mappings of the file at `path`. Rust functions are not part of this program.
pub fn mappings(path: &Path) -> Result<Mappings, MapError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| LoadError::Missing { path: path.to_owned(), source })?;
    let syntax = |message| LoadError::Syntax { path: path.to_owned(), message };
    // By way of YAML's own tree, as the functions do: it refuses a key that is there twice.
    let tree: yaml_serde::Value =
        yaml_serde::from_str(&text).map_err(|error| syntax(error.to_string()))?;
    let mut tree = serde_json::to_value(tree).map_err(|error| syntax(error.to_string()))?;
    let contacts = Place::root().key("contacts");
    let key = tree.pointer_mut("/contacts/ext_id_key").map(Value::take);
    let key = key.filter(|key| !key.is_null()).map(|key| (key, contacts.key("ext_id_key")));
    let list = tree.pointer_mut("/contacts/mappings").map(Value::take);
    let list = list.filter(|list| !list.is_null());
    let list = list.ok_or_else(|| MapError::NoMappings { path: path.to_owned() })?;
    let mut errors = ConfigErrors::default();
    let mappings = Mappings::compile(
        list,
        &contacts.key("mappings"),
        key,
        &Functions::unavailable(),
        &mut errors,
    );
    let invalid = |errors| LoadError::Invalid { path: path.to_owned(), errors };
    Ok(errors.into_result(mappings).map_err(invalid)?)
}
