//! Addresses with `{{ … }}` in them. What is filled in is percent-encoded, so that it can change
//! neither the host nor the path around it.

use serde_json::Value;

use super::template::{Leaf, unsendable};
use crate::contacts::consumer::ConsumerError;
use crate::ground::config::{ConfigError, Place};
use crate::ground::http::percent_encode;

/// An address, or the path of one.
pub(super) struct Address {
    pieces: Vec<Piece>,
    place: Place,
}

enum Piece {
    /// As the configuration writes it.
    Literal(String),
    /// Percent-encoded.
    Value(Leaf),
    /// The beginning of an address, taken as it is.
    Origin(Leaf),
}

impl Address {
    /// A whole address, such as `https://{{ settings.account }}.example.com/api`. Where it begins
    /// with an expression, that is the address of a server.
    pub fn whole(source: &str, known: &[&str], place: &Place) -> Result<Self, ConfigError> {
        let mut address = Self::compile(source, known, place)?;
        if let Some(Piece::Value(_)) = address.pieces.first()
            && let Piece::Value(leaf) = address.pieces.remove(0)
        {
            address.pieces.insert(0, Piece::Origin(leaf));
        }
        Ok(address)
    }

    /// The path of a request.
    pub fn path(source: &str, known: &[&str], place: &Place) -> Result<Self, ConfigError> {
        let address = Self::compile(source, known, place)?;
        let literals = address.pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(text) => Some(text.as_str()),
            Piece::Value(_) | Piece::Origin(_) => None,
        });
        let begins = source.starts_with('/') && !source.starts_with("//");
        if !begins || literals.into_iter().any(|text| text.contains(['?', '#', '\\'])) {
            return Err(place.expected("a path such as `/contacts/{{ id }}`; `query` is extra"));
        }
        Ok(address)
    }

    fn compile(source: &str, known: &[&str], place: &Place) -> Result<Self, ConfigError> {
        let mut pieces = Vec::new();
        let mut rest = source;
        while let Some((literal, from)) = rest.split_once("{{") {
            let Some((expression, after)) = from.split_once("}}") else {
                return Err(place.expected("`}}` after `{{`"));
            };
            if !literal.is_empty() {
                pieces.push(Piece::Literal(literal.to_owned()));
            }
            let leaf = Leaf::compile(&format!("{{{{{expression}}}}}"), known, place)?;
            pieces.push(Piece::Value(leaf));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        Ok(Self { pieces, place: place.clone() })
    }

    /// The address filled in. There has to be something for every expression.
    pub fn render(&self, variables: &Value) -> Result<String, ConsumerError> {
        let mut address = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => address.push_str(text),
                Piece::Value(leaf) => address.push_str(&percent_encode(&leaf.required(variables)?)),
                Piece::Origin(leaf) => {
                    address.push_str(leaf.required(variables)?.trim_end_matches('/'));
                }
            }
        }
        // An id of `..` would name the list above the contact.
        if address.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err(unsendable(&self.place, "expected no `.` or `..` between slashes"));
        }
        Ok(address)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_stays_within_its_segment() {
        let path = Address::path("/contacts/{{ id }}/x", &["id"], &Place::root()).unwrap();
        for (id, expected) in [
            ("1", "/contacts/1/x"),
            ("a b", "/contacts/a%20b/x"),
            ("../1?x=1#y", "/contacts/..%2F1%3Fx%3D1%23y/x"),
            ("%2e%2e", "/contacts/%252e%252e/x"),
            ("é@b.c\r\n", "/contacts/%C3%A9%40b.c%0D%0A/x"),
            ("...", "/contacts/.../x"),
        ] {
            assert_eq!(path.render(&json!({"id": id})).unwrap(), expected, "{id}");
        }
        for id in ["", ".", ".."] {
            assert!(path.render(&json!({"id": id})).is_err(), "{id}");
        }
    }

    #[test]
    fn a_host_is_only_chosen_by_what_begins_the_address() {
        let known = ["settings"];
        let own = "{{ settings.url }}/api/{{ settings.v }}";
        let own = Address::whole(own, &known, &Place::root()).unwrap();
        let settings = json!({"settings": {"url": "https://crm.example.com/", "v": "1/2"}});
        assert_eq!(own.render(&settings).unwrap(), "https://crm.example.com/api/1%2F2");
        let account = "https://{{ settings.account }}.example.com";
        let account = Address::whole(account, &known, &Place::root()).unwrap();
        for (name, is_valid) in [("ada", true), ("evil.com/", false), ("x@evil.com#", false)] {
            let address = account.render(&json!({"settings": {"account": name}})).unwrap();
            assert_eq!(reqwest::Url::parse(&address).is_ok(), is_valid, "{address}");
        }
    }

    #[test]
    fn a_mistake_in_a_path_is_named() {
        let place = Place::root().key("path");
        for source in ["contacts", "{{ id }}", "//evil", "/a?b=1", "/a#b", "/a\\b"] {
            let error = Address::path(source, &["id"], &place).map(|_| ()).unwrap_err();
            assert!(error.to_string().starts_with("path: expected a path"), "{source}: {error}");
        }
        for source in ["/a/{{ id", "/a/{{ di }}", "/a/{{ id | }}"] {
            assert!(Address::path(source, &["id"], &place).is_err(), "{source}");
        }
    }
}
