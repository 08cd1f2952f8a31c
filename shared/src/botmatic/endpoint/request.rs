//! A request, understood before anything is done about it.

use serde_json::Value;

use super::handlers::Kind;
use crate::botmatic::{BotmaticId, Fields};

/// An event or an action.
#[derive(Clone)]
pub struct Request {
    /// Which of the two.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    body: Value,
}

/// A request that is none. No message quotes what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// There is no body.
    #[error("expected a JSON object, got an empty body")]
    Empty,
    /// The body is not JSON, or not an object.
    #[error("expected a JSON object")]
    NotAnObject,
    /// It is neither an event nor an action.
    #[error("Bad Request")]
    Neither,
    /// It is both, or the name is no text.
    #[error("expected either `event` or `action`, as a text")]
    NoName,
    /// What comes with the event is not what the event is about.
    #[error("expected {0}")]
    Data(&'static str),
}

impl Request {
    /// Understands the body of a request.
    pub fn parse(body: &[u8]) -> Result<Self, RequestError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Err(RequestError::Empty);
        }
        let body = serde_json::from_slice(body).map_err(|_| RequestError::NotAnObject)?;
        let Value::Object(fields) = &body else { return Err(RequestError::NotAnObject) };
        let (kind, name) = match (fields.get("event"), fields.get("action")) {
            (Some(Value::String(name)), None) => (Kind::Event, name.clone()),
            (None, Some(Value::String(name))) => (Kind::Action, name.clone()),
            (None, None) => return Err(RequestError::Neither),
            _ => return Err(RequestError::NoName),
        };
        Ok(Self { kind, name, body })
    }

    /// The whole body, as handlers get it.
    pub const fn body(&self) -> &Value {
        &self.body
    }

    /// What comes with it; null if nothing does.
    fn data(&self) -> &Value {
        self.body.get("data").unwrap_or(&Value::Null)
    }

    /// The contact of the event: `data` itself, or in an older form what `data` has under the
    /// event's own name.
    pub fn contact(&self) -> Result<(BotmaticId, &Fields), RequestError> {
        const EXPECTED: RequestError = RequestError::Data("a contact with an `id` in `data`");
        let nested = self.data().get(&self.name).filter(|nested| nested.is_object());
        let contact = nested.unwrap_or(self.data()).as_object().ok_or(EXPECTED)?;
        let id = contact.get("id").ok_or(EXPECTED)?;
        Ok((BotmaticId::from_value(id).map_err(|_| EXPECTED)?, contact))
    }

    /// The id of the contact that was deleted: `contact_id`, or the `id` of a contact.
    pub fn deleted_contact(&self) -> Result<BotmaticId, RequestError> {
        let nested = self.data().get(&self.name);
        let id = [Some(self.data()), nested]
            .into_iter()
            .flatten()
            .find_map(|data| data.get("contact_id").or_else(|| data.get("id")));
        let id = id.and_then(|id| BotmaticId::from_value(id).ok());
        id.ok_or(RequestError::Data("`contact_id` in `data`, or a contact with an `id`"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_body_is_an_event_or_an_action() {
        let parse = |body: &str| {
            Request::parse(body.as_bytes()).map(|it| (it.kind, it.name.clone(), it.data().clone()))
        };
        let event = (Kind::Event, "x".to_owned(), json!({"a": 1}));
        for (body, expected) in [
            (r#"{"event": "x", "data": {"a": 1}}"#, Ok(event)),
            (r#"{"action": "y"}"#, Ok((Kind::Action, "y".to_owned(), json!(null)))),
            ("", Err(RequestError::Empty)),
            (" \n", Err(RequestError::Empty)),
            ("{", Err(RequestError::NotAnObject)),
            ("[]", Err(RequestError::NotAnObject)),
            ("{}", Err(RequestError::Neither)),
            (r#"{"event": 5}"#, Err(RequestError::NoName)),
            (r#"{"event": "x", "action": "y"}"#, Err(RequestError::NoName)),
        ] {
            assert_eq!(parse(body), expected, "{body}");
        }
    }

    #[test]
    fn a_contact_is_found_in_both_forms() {
        let request = |name: &str, data: Value| {
            Request::parse(json!({ "event": name, "data": data }).to_string().as_bytes()).unwrap()
        };
        let id = |text: &str| BotmaticId::new(text).unwrap();
        for data in [
            json!({"id": 122, "email": "a@b.c"}),
            json!({"contact_updated": {"id": "122", "email": "a@b.c"}}),
        ] {
            let request = request("contact_updated", data);
            let (found, contact) = request.contact().unwrap();
            assert_eq!((found, &contact["email"]), (id("122"), &json!("a@b.c")));
        }
        for data in [json!(null), json!([1]), json!({"id": null}), json!({"contact_updated": {}})] {
            assert!(request("contact_updated", data).contact().is_err());
        }
        for data in [
            json!({"contact_id": 122}),
            json!({"id": "122"}),
            json!({"contact_deleted": {"contact_id": 122}}),
            json!({"contact_deleted": {"id": 122, "email": "a@b.c"}}),
        ] {
            assert_eq!(request("contact_deleted", data).deleted_contact(), Ok(id("122")));
        }
        assert!(request("contact_deleted", json!({"contact_id": {}})).deleted_contact().is_err());
    }
}
