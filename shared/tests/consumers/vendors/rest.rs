//! The service that `docs/consumers.md` describes for the preset `rest`.

use std::collections::BTreeMap;
use std::sync::Mutex;

use http::Method;
use serde_json::{Map, Value, json};

use crate::support::server::{Reply, Seen, Server};

#[derive(Default)]
struct Service {
    contacts: BTreeMap<u64, Map<String, Value>>,
    keys: BTreeMap<String, u64>,
    creations: usize,
}

/// A service without contacts; each of its first `lost` creations is made, and hangs up.
pub async fn rest(lost: usize) -> Server {
    let service = Mutex::new(Service::default());
    Server::start(move |request| {
        if request.header("authorization") != "Bearer sesame" {
            return Reply::json(401, &json!({"code": "unauthorized"}));
        }
        let mut service = service.lock().unwrap();
        let reply = service.answer(request);
        if request.method == Method::POST {
            service.creations += 1;
            if service.creations <= lost {
                return Reply::HangUp;
            }
        }
        reply
    })
    .await
}

impl Service {
    fn answer(&mut self, request: &Seen) -> Reply {
        let rest = request.path.strip_prefix("/contacts").map(|it| it.trim_start_matches('/'));
        let id = rest.and_then(|rest| rest.parse().ok()).unwrap_or_default();
        match (&request.method, rest) {
            (&Method::POST, Some("")) => self.create(request),
            (&Method::GET, Some("")) => Reply::json(200, &self.list(request)),
            (_, Some(_)) if !self.contacts.contains_key(&id) => {
                Reply::json(404, &json!({"code": "not-found"}))
            }
            (&Method::GET, Some(_)) => Reply::json(200, &json!(self.contacts[&id])),
            (&Method::PATCH, Some(_)) => {
                let Value::Object(changes) = request.json() else { return Reply::empty(400) };
                self.contacts.get_mut(&id).unwrap().extend(changes);
                Reply::empty(204)
            }
            (&Method::DELETE, Some(_)) => {
                self.contacts.remove(&id);
                Reply::empty(204)
            }
            _ => Reply::empty(405),
        }
    }

    fn create(&mut self, request: &Seen) -> Reply {
        let key = request.header("idempotency-key").to_owned();
        if key.is_empty() {
            return Reply::json(400, &json!({"code": "idempotency-key-missing"}));
        }
        if let Some(id) = self.keys.get(&key) {
            return Reply::json(201, &json!(self.contacts[id]));
        }
        let Value::Object(mut contact) = request.json() else { return Reply::empty(400) };
        let email = &contact["email"];
        if let Some((id, _)) = self.contacts.iter().find(|(_, other)| other["email"] == *email) {
            return Reply::json(409, &json!({"code": "exists", "id": id}));
        }
        let id = self.contacts.keys().last().map_or(1, |last| last + 1);
        contact.insert("id".to_owned(), json!(id));
        self.keys.insert(key, id);
        self.contacts.insert(id, contact.clone());
        Reply::json(201, &json!(contact))
    }

    fn list(&self, request: &Seen) -> Value {
        let number = |name, default| {
            request.query.get(name).map_or(default, |number| number.parse::<usize>().unwrap())
        };
        // A search that also finds what is similar.
        let wanted = request.query.get("email").map_or("", String::as_str).to_lowercase();
        let found = self.contacts.values().filter(|contact| {
            contact["email"].as_str().unwrap_or_default().to_lowercase().contains(&wanted)
        });
        let (page, limit) = (number("page", 1), number("limit", 30));
        let contacts: Vec<_> = found.skip((page - 1) * limit).take(limit).collect();
        json!({"contacts": contacts, "total": self.contacts.len()})
    }
}
