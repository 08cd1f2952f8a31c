//! The list, entry by entry, with every mistake in it.

mod end;
mod field;
mod rules;

use serde_json::Value;

use super::checks;
use super::config::MappingConfig;
use super::functions::Functions;
use super::mappings::Compiled;
use crate::botmatic::api::Property;
use crate::contacts::Side;
use crate::contacts::path::FieldPath;
use crate::ground::config::{ConfigErrors, Place, read};
pub(super) use field::Field;

/// The paths of the ids of both sides.
pub(super) struct Ids {
    pub botmatic: FieldPath,
    pub ext: FieldPath,
    /// Where the external service's answers have it.
    pub key: Option<FieldPath>,
}

/// The whole list at `place`.
pub(super) fn list(
    value: Value,
    place: &Place,
    ext_id_key: Option<(Value, Place)>,
    functions: &Functions,
    errors: &mut ConfigErrors,
) -> Option<Compiled> {
    let before = errors.0.len();
    let key = ext_id_key.and_then(|(value, place)| {
        let path = value.as_str().and_then(|text| FieldPath::parse(text).ok());
        errors.note(path.ok_or_else(|| place.expected("a path such as `id` or `data.id`")))
    });
    let Value::Array(entries) = value else {
        errors.add(place.expected("a list of mappings"));
        return None;
    };
    let mut ids = None;
    let mut fields = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let place = place_of(&entry, index, place);
        let Some(config) = errors.note(read::<MappingConfig>(entry, &place)) else { continue };
        if !config.id {
            fields.extend(field::compile(config, &place, functions, errors));
        } else if ids.is_none() {
            ids = Some(errors.note(id(&config, &place, key.clone())));
        } else {
            errors
                .add(place.key("id").expected("one mapping with `id: true`, and this is another"));
        }
    }
    let Some(ids) = ids else {
        errors.add(
            place.expected("one mapping with `id: true`, the field that holds each side's id"),
        );
        return None;
    };
    let ids = ids?;
    checks::check(&ids, &fields, errors);
    (errors.0.len() == before).then(|| compiled(ids, fields))
}

/// The place of an entry, with its name: nobody counts to 27.
fn place_of(entry: &Value, index: usize, list: &Place) -> Place {
    let names = ["/name", "/botmatic/name", "/ext/name"];
    match names.iter().find_map(|name| entry.pointer(name)?.as_str()) {
        Some(name) => list.key(&format!("{index} ({name})")),
        None => list.key(&index.to_string()),
    }
}

fn id(
    config: &MappingConfig,
    place: &Place,
    key: Option<FieldPath>,
) -> Result<Ids, crate::ground::config::ConfigError> {
    let plain = |side| {
        let side = config.side(side)?;
        let more = [&side.format, &side.transform, &side.default, &side.constant];
        let is_plain = more.into_iter().all(Option::is_none) && !side.required;
        is_plain.then_some(&side.name)
    };
    let names = plain(Side::Botmatic).zip(plain(Side::External));
    let is_plain = !config.email && !config.clear && config.only_to.is_none();
    let Some((botmatic, ext)) = names.filter(|_| is_plain) else {
        return Err(place.expected("only `botmatic.name` and `ext.name`: ids are never mapped"));
    };
    Ok(Ids {
        botmatic: path(Side::Botmatic, botmatic, place)?,
        ext: path(Side::External, ext, place)?,
        key,
    })
}

/// The path that the name of a field is: Botmatic's fields have no fields.
fn path(
    side: Side,
    name: &str,
    place: &Place,
) -> Result<FieldPath, crate::ground::config::ConfigError> {
    let path = match side {
        Side::Botmatic => FieldPath::field(name),
        Side::External => FieldPath::parse(name),
    };
    path.map_err(|error| place.key(side.key()).key("name").error(error))
}

fn compiled(ids: Ids, fields: Vec<Field>) -> Compiled {
    let marked = fields.iter().position(|field| field.email);
    let is_email = |field: &Field| field.property.as_ref().is_some_and(|it| it.name == "email");
    let by_name = || fields.iter().position(is_email);
    let email = marked.or_else(by_name).and_then(|index| fields[index].botmatic.clone());
    let mut properties: Vec<Property> = Vec::new();
    let mut known = std::collections::HashSet::new();
    let mut to_botmatic = Vec::new();
    let mut to_external = Vec::new();
    for field in fields {
        properties.extend(field.property.filter(|property| known.insert(property.name.clone())));
        to_botmatic.extend(field.to_botmatic);
        to_external.extend(field.to_external);
    }
    Compiled {
        to_botmatic,
        to_external,
        botmatic_id: ids.botmatic,
        external_id: ids.key.unwrap_or(ids.ext),
        email,
        properties,
    }
}
