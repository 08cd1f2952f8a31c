//! References to values kept elsewhere: `${env:NAME}`, `${ssm:/path}`, `${secret:name#key}`.

use std::fmt;

/// Where a value is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// An environment variable.
    Env(String),
    /// A parameter of Systems Manager's Parameter Store.
    Ssm(String),
    /// An entry of Secrets Manager; with a key, one field of an entry that is a JSON object.
    Secret { name: String, key: Option<String> },
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "${{env:{name}}}"),
            Self::Ssm(name) => write!(f, "${{ssm:{name}}}"),
            Self::Secret { name, key: None } => write!(f, "${{secret:{name}}}"),
            Self::Secret { name, key: Some(key) } => write!(f, "${{secret:{name}#{key}}}"),
        }
    }
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Literal(String),
    Reference(Reference),
}

/// The forms a reference can have, for error messages.
pub(super) const FORMS: &str = "`${env:NAME}`, `${ssm:/name}`, `${secret:name}` or `${secret:name#key}` (`$${` for a plain `${`)";

/// The pieces of `text`; none if a `${` in it starts no reference.
pub(super) fn parse(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let (before, from) = rest.split_at(start);
        if let Some(escaped) = before.strip_suffix('$') {
            literal.push_str(escaped);
            literal.push_str("${");
            rest = &from[2..];
            continue;
        }
        literal.push_str(before);
        let (inside, after) = from[2..].split_once('}')?;
        if !literal.is_empty() {
            pieces.push(Piece::Literal(std::mem::take(&mut literal)));
        }
        pieces.push(Piece::Reference(reference(inside)?));
        rest = after;
    }
    literal.push_str(rest);
    if !literal.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
    Some(pieces)
}

fn reference(inside: &str) -> Option<Reference> {
    let (kind, name) = inside.split_once(':')?;
    let name = name.trim();
    if name.is_empty() {
        return None;
    }
    match kind.trim() {
        "env" => Some(Reference::Env(name.to_owned())),
        "ssm" => Some(Reference::Ssm(name.to_owned())),
        "secret" => Some(match name.split_once('#') {
            Some((name, key)) => {
                Reference::Secret { name: name.to_owned(), key: Some(key.to_owned()) }
            }
            None => Reference::Secret { name: name.to_owned(), key: None },
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fall_into_literals_and_references() {
        let literal = |text: &str| Piece::Literal(text.to_owned());
        let env = |name: &str| Piece::Reference(Reference::Env(name.to_owned()));
        let secret = Reference::Secret { name: "a/b".to_owned(), key: Some("k".to_owned()) };
        let cases = [
            ("plain", Some(vec![literal("plain")])),
            ("", Some(vec![literal("")])),
            ("${env:A}", Some(vec![env("A")])),
            ("x${env:A}y${env:B}", Some(vec![literal("x"), env("A"), literal("y"), env("B")])),
            ("${ssm:/a/b}", Some(vec![Piece::Reference(Reference::Ssm("/a/b".to_owned()))])),
            ("${secret:a/b#k}", Some(vec![Piece::Reference(secret)])),
            ("a $${env:A}", Some(vec![literal("a ${env:A}")])),
            ("costs $5 {x}", Some(vec![literal("costs $5 {x}")])),
            ("${env:}", None),
            ("${other:A}", None),
            ("${A}", None),
            ("${env:A", None),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
