//! Where a list is continued.

use serde_json::{Map, Value};

use super::config::PagingKind;
use super::contact::unreadable;
use super::template::text;
use crate::contacts::consumer::{ConsumerError, Cursor, Operation};
use crate::contacts::path::FieldPath;

/// How a list is continued.
pub(super) struct Paging {
    pub kind: PagingKind,
    pub first: u64,
    pub next: Option<FieldPath>,
    pub more: Option<FieldPath>,
    pub total: Option<FieldPath>,
    pub max_limit: Option<u32>,
}

impl Paging {
    /// The variables of the request for the page at `from`.
    pub fn variables(
        &self,
        from: &Cursor,
        limit: u32,
    ) -> Result<Map<String, Value>, ConsumerError> {
        let mut variables = Map::new();
        let limit = limit.min(self.max_limit.unwrap_or(limit)).max(1);
        variables.insert("limit".to_owned(), limit.into());
        let (name, value) = match (self.kind, from) {
            (PagingKind::Page, Cursor::Start) => ("page", self.first.into()),
            (PagingKind::Page, Cursor::Page(number)) => ("page", (*number).into()),
            (PagingKind::Offset, Cursor::Start) => ("offset", 0.into()),
            (PagingKind::Offset, Cursor::Offset(offset)) => ("offset", (*offset).into()),
            (PagingKind::Cursor, Cursor::Token(token)) => ("cursor", token.as_str().into()),
            (PagingKind::Cursor, Cursor::Start) => return Ok(variables),
            _ => {
                return Err(ConsumerError::Unsendable {
                    place: "operations.list_contacts.paging".to_owned(),
                    reason: "expected a cursor of this type; the list began with another"
                        .to_owned(),
                });
            }
        };
        variables.insert(name.to_owned(), value);
        Ok(variables)
    }

    /// How many contacts there are on all pages.
    pub fn total(&self, body: &Value) -> Option<u64> {
        self.total.as_ref()?.get(body)?.as_u64()
    }

    /// Where the page after the one at `from` is, which has `count` contacts.
    ///
    /// A page shorter than asked for need not be the last one: a service may allow fewer contacts
    /// a page than it was asked for. Nor need an empty one where the answer says itself how the list
    /// goes on: a service may leave out contacts of a page that are deleted, say.
    pub fn next(
        &self,
        from: &Cursor,
        count: usize,
        body: &Value,
    ) -> Result<Option<Cursor>, ConsumerError> {
        let has_more = self.more.as_ref().and_then(|path| path.get(body)).and_then(Value::as_bool);
        let is_said = has_more == Some(true) || self.kind == PagingKind::Cursor;
        if has_more == Some(false) || (count == 0 && !is_said) {
            return Ok(None);
        }
        let next = match self.kind {
            PagingKind::Page => {
                let number = if let Cursor::Page(number) = from { *number } else { self.first };
                Some(Cursor::Page(number.saturating_add(1)))
            }
            PagingKind::Offset => {
                let before = if let Cursor::Offset(offset) = from { *offset } else { 0 };
                let offset = before.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
                let is_last = self.total(body).is_some_and(|total| offset >= total);
                (!is_last).then_some(Cursor::Offset(offset))
            }
            PagingKind::Cursor => {
                let token = self.next.as_ref().and_then(|path| path.get(body)).and_then(text);
                token.filter(|token| !token.is_empty()).map(Cursor::Token)
            }
        };
        let is_same = match &next {
            Some(Cursor::Offset(0)) => true,
            next => next.as_ref() == Some(from),
        };
        if !is_same {
            return Ok(next);
        }
        // That is how some say that there is nothing more for now.
        if count == 0 && has_more.is_none() {
            return Ok(None);
        }
        let expected = "a next page that is not the same again";
        Err(unreadable(Operation::ListContacts, expected))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paging(kind: PagingKind) -> Paging {
        let path = |text| Some(FieldPath::parse(text).unwrap());
        Paging {
            kind,
            first: 1,
            next: path("next"),
            more: path("more"),
            total: path("total"),
            max_limit: Some(100),
        }
    }

    #[test]
    fn each_kind_goes_on_and_ends() {
        use PagingKind::{Cursor as Token, Offset, Page};
        let token = |text: &str| Cursor::Token(text.to_owned());
        for (name, kind, from, count, body, expected) in [
            ("page", Page, Cursor::Start, 2, json!({}), Some(Cursor::Page(2))),
            ("page, later", Page, Cursor::Page(7), 1, json!({"total": 1}), Some(Cursor::Page(8))),
            ("page, empty", Page, Cursor::Page(7), 0, json!({}), None),
            ("page, no more", Page, Cursor::Start, 2, json!({"more": false}), None),
            ("offset", Offset, Cursor::Start, 2, json!({"total": 5}), Some(Cursor::Offset(2))),
            ("offset, later", Offset, Cursor::Offset(2), 3, json!({}), Some(Cursor::Offset(5))),
            ("offset, all", Offset, Cursor::Offset(2), 3, json!({"total": 5}), None),
            ("token", Token, Cursor::Start, 2, json!({"next": "a"}), Some(token("a"))),
            ("token, number", Token, token("a"), 2, json!({"next": 3}), Some(token("3"))),
            ("token, null", Token, token("a"), 2, json!({"next": null}), None),
            ("token, empty", Token, token("a"), 2, json!({"next": ""}), None),
            (
                "page, empty, more",
                Page,
                Cursor::Page(7),
                0,
                json!({"more": true}),
                Some(Cursor::Page(8)),
            ),
            ("offset, empty", Offset, Cursor::Offset(2), 0, json!({"total": 5}), None),
            ("empty with a token", Token, token("a"), 0, json!({"next": "b"}), Some(token("b"))),
            ("empty with no token", Token, token("a"), 0, json!({"next": null}), None),
            ("empty with the same token", Token, token("a"), 0, json!({"next": "a"}), None),
            ("empty, no more", Token, token("a"), 0, json!({"next": "b", "more": false}), None),
        ] {
            assert_eq!(paging(kind).next(&from, count, &body).unwrap(), expected, "{name}");
        }
        for (kind, from, count, body) in [
            (Token, token("a"), 2, json!({"next": "a"})),
            (Token, token("a"), 0, json!({"next": "a", "more": true})),
            (Offset, Cursor::Start, 0, json!({"more": true})),
            (Offset, Cursor::Offset(2), 0, json!({"more": true})),
        ] {
            let circle = paging(kind).next(&from, count, &body).unwrap_err();
            assert!(circle.to_string().contains("not the same again"), "{from:?}: {circle}");
        }
    }

    #[test]
    fn the_request_gets_what_its_kind_needs() {
        let page = paging(PagingKind::Page).variables(&Cursor::Page(3), 500).unwrap();
        assert_eq!(Value::Object(page), json!({"page": 3, "limit": 100}));
        let start = paging(PagingKind::Cursor).variables(&Cursor::Start, 30).unwrap();
        assert_eq!(Value::Object(start), json!({"limit": 30}));
        assert!(paging(PagingKind::Page).variables(&Cursor::Offset(3), 30).is_err());
    }
}
