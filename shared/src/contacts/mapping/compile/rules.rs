//! Settings that do not go together.

use crate::contacts::Side;
use crate::contacts::mapping::config::{MappingConfig, SideConfig};
use crate::ground::config::{ConfigErrors, Place};

/// Notes what in `config` contradicts something else in it.
pub fn check(config: &MappingConfig, place: &Place, errors: &mut ConfigErrors) {
    if config.botmatic.is_none() && config.ext.is_none() {
        errors.add(place.expected("`botmatic` and `ext`, a field of each side"));
    }
    for side in [Side::Botmatic, Side::External] {
        let place = place.key(side.key());
        match (config.side(side), config.side(side.other())) {
            (Some(this), other) => check_side(config, side, this, other.is_some(), &place, errors),
            (None, Some(other)) if other.constant.is_none() => errors.add(place.expected(format!(
                "the field's `name` on this side, or a `constant` on the other one, {}",
                side.other()
            ))),
            (None, _) => {}
        }
    }
    if config.email && config.botmatic.as_ref().is_none_or(|side| side.constant.is_some()) {
        errors.add(place.key("email").expected("a field of Botmatic's contact"));
    }
}

fn check_side(
    config: &MappingConfig,
    side: Side,
    this: &SideConfig,
    has_other: bool,
    place: &Place,
    errors: &mut ConfigErrors,
) {
    let on_the_way = [
        ("transform", this.transform.is_some()),
        ("default", this.default.is_some()),
        ("required", this.required),
    ];
    let mut refuse = |why: &str| {
        for (key, _) in on_the_way.iter().filter(|(_, is_set)| *is_set) {
            errors.add(place.key(key).error(format!("expected nothing here: {why}")));
        }
    };
    if this.constant.is_some() {
        refuse("a constant is always written as it is");
        if has_other || config.only_to.is_some() || config.clear {
            let message = "a mapping of one side and without `only_to` and `clear`";
            errors.add(place.key("constant").expected(message));
        }
    } else if config.only_to == Some(side.other()) {
        refuse("the mapping is not made to this side");
    }
    if config.clear && this.required {
        errors.add(place.key("required").error("expected nothing here: the mapping has `clear`"));
    }
}
