//! The compiled list, and what it does to contacts.

use std::sync::Arc;

use serde_json::Value;

use super::codec::Codec;
use super::compile;
use super::functions::Functions;
use super::mapped::Mapped;
use super::route::{Contact, Extent, Route, Source};
use super::step;
use crate::botmatic::api::Property;
use crate::contacts::Side;
use crate::contacts::path::FieldPath;
use crate::contacts::{BotmaticId, ExternalId, Fields};
use crate::ground::config::{ConfigErrors, Place};

/// The list `contacts.mappings`, compiled. A clone is the same list.
#[derive(Clone)]
pub struct Mappings(Arc<Compiled>);

/// What the list says.
pub(super) struct Compiled {
    pub to_botmatic: Vec<Route>,
    pub to_external: Vec<Route>,
    pub botmatic_id: FieldPath,
    pub external_id: FieldPath,
    pub email: Option<(FieldPath, Codec)>,
    pub properties: Vec<Property>,
}

/// One mapping in one direction, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The mapping's name.
    pub name: &'a str,
    /// Where the value is from; none for a constant.
    pub source: Option<&'a FieldPath>,
    /// Where it goes.
    pub target: &'a FieldPath,
}

impl Mappings {
    /// Understands `value`, the list at `place`. `ext_id_key` says where the external service's
    /// answers have a contact's id, if not where the contacts themselves have it. Every mistake is
    /// noted, each with its mapping and side.
    pub fn compile(
        value: Value,
        place: &Place,
        ext_id_key: Option<(Value, Place)>,
        functions: &Functions,
        errors: &mut ConfigErrors,
    ) -> Option<Self> {
        compile::list(value, place, ext_id_key, functions, errors)
            .map(|compiled| Self(Arc::new(compiled)))
    }

    /// The contact of the external service, as it is on Botmatic.
    pub fn to_botmatic(&self, external: &Fields) -> Mapped {
        self.map(Side::Botmatic, external, Extent::Part)
    }

    /// Botmatic's contact, as it is on the external service.
    pub fn to_external(&self, botmatic: &Fields) -> Mapped {
        self.map(Side::External, botmatic, Extent::Part)
    }

    /// What a contact of one side is on the side `to`. A field with `clear: true` that a whole
    /// contact does not have is cleared there, as one that is empty is.
    pub fn map(&self, to: Side, contact: &Fields, extent: Extent) -> Mapped {
        let routes = match to {
            Side::Botmatic => &self.0.to_botmatic,
            Side::External => &self.0.to_external,
        };
        let contact = Contact::new(contact, extent);
        let mut mapped = Mapped::default();
        for route in routes {
            route.run(&contact, &mut mapped);
        }
        mapped
    }

    /// Every mapped property of Botmatic but its id.
    pub fn botmatic_properties(&self) -> Vec<Property> {
        self.0.properties.clone()
    }

    /// Where a contact of the external service has its id.
    pub fn external_id_path(&self) -> &FieldPath {
        &self.0.external_id
    }

    /// The id of a contact of the external service: at `ext_id_key`, or where the identifying
    /// mapping says.
    pub fn external_id(&self, external: &Fields) -> Option<ExternalId> {
        ExternalId::from_value(self.0.external_id.get_in(external)?).ok()
    }

    /// The id of Botmatic's contact.
    pub fn botmatic_id(&self, botmatic: &Fields) -> Option<BotmaticId> {
        BotmaticId::from_value(self.0.botmatic_id.get_in(botmatic)?).ok()
    }

    /// The address by which Botmatic's contact is looked for on the external service, without outer
    /// space and in lower case. It is the field of the mapping with `email: true`, or Botmatic's
    /// `email`. What is no address is none.
    pub fn email_on_botmatic(&self, botmatic: &Fields) -> Option<String> {
        let (path, codec) = self.0.email.as_ref()?;
        step::email(codec.read(path.get_in(botmatic)?).ok()?.as_str()?)
    }

    /// Whether the mapping `name` goes both ways.
    pub(in crate::contacts) fn is_two_way(&self, name: &str) -> bool {
        [&self.0.to_botmatic, &self.0.to_external]
            .iter()
            .all(|routes| routes.iter().any(|route| &*route.name == name))
    }

    /// The mappings to one side, in the order of the list.
    pub fn lines(&self, to: Side) -> impl Iterator<Item = Line<'_>> {
        let routes = match to {
            Side::Botmatic => &self.0.to_botmatic,
            Side::External => &self.0.to_external,
        };
        routes.iter().map(|route| Line {
            name: &route.name,
            source: match &route.source {
                Source::Field(field) => Some(&field.path),
                Source::Constant(_) => None,
            },
            target: &route.target_path,
        })
    }
}
