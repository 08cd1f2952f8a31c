//! One side of a mapping.

use serde_json::Value;

use super::field::written;
use super::path;
use crate::botmatic::api::{Property, PropertyType};
use crate::contacts::Side;
use crate::contacts::mapping::codec::{Codec, Meaning};
use crate::contacts::mapping::config::SideConfig;
use crate::contacts::mapping::format::Format;
use crate::contacts::mapping::functions::Functions;
use crate::contacts::mapping::transform::Transform;
use crate::contacts::mapping::types::Type;
use crate::contacts::path::FieldPath;
use crate::ground::config::{ConfigErrors, Place};

/// What a side says its values are.
pub struct Notation {
    pub format: Option<Format>,
    pub declared: Option<Type>,
}

impl Notation {
    /// What `config` says. `hint` is the other side's type, for formats that fit several.
    pub fn compile(
        config: Option<&SideConfig>,
        hint: Option<Type>,
        place: &Place,
        errors: &mut ConfigErrors,
    ) -> Self {
        let declared = config.and_then(|config| config.r#type);
        let format = config.and_then(|config| {
            let format = config.format.clone()?;
            Format::compile_readable(format, declared, hint, &place.key("format"), errors)
        });
        let declared = declared.or(format.as_ref().map(Format::r#type));
        Self { format, declared }
    }
}

/// A side, compiled.
pub struct End {
    pub side: Side,
    pub name: String,
    pub path: FieldPath,
    pub codec: Codec,
    pub transform: Transform,
    pub default: Option<Value>,
    pub constant: Option<Value>,
    pub required: bool,
    property_type: PropertyType,
}

impl End {
    /// Understands `config`, the side at `place`.
    pub fn compile(
        side: Side,
        config: SideConfig,
        notation: Notation,
        meaning: Meaning,
        place: &Place,
        functions: &Functions,
        errors: &mut ConfigErrors,
    ) -> Option<Self> {
        let SideConfig { name, transform, default, constant, required, .. } = config;
        let path = errors.note(path(side, &name, place));
        let transform = match transform {
            Some(value) => Transform::compile(value, &place.key("transform"), functions, errors),
            None => Some(Transform::default()),
        };
        let property_type = match (&notation.format, meaning) {
            (None, Meaning::Typed(r#type)) => r#type.into(),
            _ => PropertyType::Text,
        };
        let codec = Codec::new(side, notation.format, meaning);
        Some(Self {
            default: written(default, &codec, &place.key("default"), errors),
            constant: written(constant, &codec, &place.key("constant"), errors),
            path: path?,
            transform: transform?,
            side,
            name,
            codec,
            required,
            property_type,
        })
    }

    /// The property that has to exist on Botmatic.
    pub fn property(&self) -> Property {
        Property { name: self.name.clone(), r#type: self.property_type }
    }
}
