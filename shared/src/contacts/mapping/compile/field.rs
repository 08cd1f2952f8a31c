//! One mapping that is not the identifying one, in both directions.

use std::sync::Arc;

use serde_json::Value;

use super::end::{End, Notation};
use super::rules;
use crate::botmatic::api::Property;
use crate::contacts::Side;
use crate::contacts::mapping::codec::{Codec, Meaning};
use crate::contacts::mapping::config::MappingConfig;
use crate::contacts::mapping::functions::Functions;
use crate::contacts::mapping::route::{Also, FieldSource, Route, Source};
use crate::contacts::path::FieldPath;
use crate::ground::config::{ConfigErrors, Place};

/// A mapping, compiled.
pub struct Field {
    pub name: Arc<str>,
    pub place: Place,
    pub email: bool,
    /// Botmatic's end, if it has one.
    pub botmatic: Option<(FieldPath, Codec)>,
    pub property: Option<Property>,
    pub to_botmatic: Option<Route>,
    pub to_external: Option<Route>,
}

/// Understands `config`.
pub fn compile(
    config: MappingConfig,
    place: &Place,
    functions: &Functions,
    errors: &mut ConfigErrors,
) -> Option<Field> {
    let before = errors.0.len();
    rules::check(&config, place, errors);
    let sides = [Side::Botmatic, Side::External];
    // Between two transforms a value may be of any type.
    let has_transform =
        sides.iter().any(|side| config.side(*side).is_some_and(|it| it.transform.is_some()));
    let type_of = |side| config.side(side).and_then(|it| it.r#type).filter(|_| !has_transform);
    let [botmatic, ext] = sides.map(|side| {
        let hint = type_of(side.other());
        Notation::compile(config.side(side), hint, &place.key(side.key()), errors)
    });
    let meaning = |side, own: Option<_>, other: Option<_>| match (
        own.or(other.filter(|_| !has_transform)),
        other,
        side,
    ) {
        (Some(r#type), _, _) => Meaning::Typed(r#type),
        (None, None, Side::Botmatic) => Meaning::JsonTexts,
        (None, _, _) => Meaning::AsTheyCome,
    };
    let meanings = [
        meaning(Side::Botmatic, botmatic.declared, ext.declared),
        meaning(Side::External, ext.declared, botmatic.declared),
    ];
    let MappingConfig { name, email, clear, only_to, botmatic: on_botmatic, ext: on_ext, .. } =
        config;
    let mut end = |side: Side, config: Option<_>, notation: Notation, meaning| {
        let place = place.key(side.key());
        End::compile(side, config?, notation, meaning, &place, functions, errors)
    };
    let botmatic = end(Side::Botmatic, on_botmatic, botmatic, meanings[0]);
    let ext = end(Side::External, on_ext, ext, meanings[1]);
    let given = botmatic.as_ref().or(ext.as_ref()).map(|end| end.name.clone());
    let name: Arc<str> = name.or(given)?.into();
    if errors.0.len() > before {
        return None;
    }
    let route = |from: Option<&End>, to: Option<&End>| {
        let to = to.filter(|end| only_to.is_none_or(|only| only == end.side))?;
        Some(Route {
            name: Arc::clone(&name),
            to: to.side,
            source: source(from, to)?,
            transform: to.transform.clone(),
            target: to.codec.clone(),
            target_path: to.path.clone(),
            default: to.default.clone(),
            required: to.required,
            clear,
        })
    };
    Some(Field {
        place: place.clone(),
        email,
        to_botmatic: route(ext.as_ref(), botmatic.as_ref()),
        to_external: route(botmatic.as_ref(), ext.as_ref()),
        property: botmatic.as_ref().map(End::property),
        botmatic: botmatic.map(|end| (end.path, end.codec)),
        name,
    })
}

fn source(from: Option<&End>, to: &End) -> Option<Source> {
    if let Some(constant) = &to.constant {
        return Some(Source::Constant(constant.clone()));
    }
    let from = from?;
    let also = to.transform.reads().map(|variable| {
        let path = variable.strip_prefix("contact.").and_then(|path| FieldPath::parse(path).ok());
        path.map_or(Also::Everything, Also::Field)
    });
    let (path, codec) = (from.path.clone(), from.codec.clone());
    Some(Source::Field(Box::new(FieldSource { path, codec, also: also.collect() })))
}

/// What `default` and `constant` are on their side, if they are of its type.
pub(super) fn written(
    value: Option<Value>,
    codec: &Codec,
    place: &Place,
    errors: &mut ConfigErrors,
) -> Option<Value> {
    let written = codec.write(value?).map_err(|(_, failure)| place.error(failure));
    errors.note(written)
}
