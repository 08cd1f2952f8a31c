//! What the mappings of a list must not do to each other.

use std::collections::HashSet;

use super::compile::{Field, Ids};
use super::route::Source;
use crate::contacts::path::Claims;
use crate::ground::config::ConfigErrors;

/// Whose the paths of the ids are, in messages.
const ID: &str = "id: true";

/// Notes mappings that have the same name, write to the same field, or let an id through.
pub fn check(ids: &Ids, fields: &[Field], errors: &mut ConfigErrors) {
    let mut names = HashSet::new();
    for field in fields.iter().filter(|field| !names.insert(&field.name)) {
        let message = "a `name` of its own, because another mapping is called the same";
        errors.add(field.place.key("name").expected(message));
    }
    for field in fields.iter().filter(|field| field.email).skip(1) {
        errors.add(field.place.key("email").expected("one mapping with it, and this is another"));
    }
    let keys = [&ids.ext].into_iter().chain(&ids.key);
    let (mut botmatic, mut external) = (Claims::default(), Claims::default());
    // The two may be the same, and may be in each other's way: nobody writes to them.
    let claimed = botmatic.claim(&ids.botmatic, ID);
    let claimed = keys.clone().map(|key| external.claim(key, ID)).chain([claimed]);
    claimed.for_each(drop);
    for field in fields {
        for (route, claims) in
            [(&field.to_botmatic, &mut botmatic), (&field.to_external, &mut external)]
        {
            let Some(route) = route else { continue };
            let place = field.place.key(route.to.key()).key("name");
            errors
                .note(claims.claim(&route.target_path, &field.name).map_err(|it| place.error(it)));
        }
        // Botmatic's fields are flat: there only the id itself has the id in it.
        let source = field.to_botmatic.as_ref().map(|route| &route.source);
        let Some(Source::Field(source)) = source else { continue };
        if keys.clone().any(|key| source.path.contains(key) && source.path != *key) {
            let place = field.place.key("ext").key("name");
            errors.add(place.expected("a field without the contact's id in it"));
        }
    }
}
