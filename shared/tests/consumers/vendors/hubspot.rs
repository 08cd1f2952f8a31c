//! HubSpot, as its reference describes the contacts of the CRM objects API v3
//! (<https://developers.hubspot.com/docs/api-reference/crm-contacts-v3/guide>).

use std::collections::BTreeMap;
use std::sync::Mutex;

use http::Method;
use serde_json::{Value, json};

use crate::support::server::{Reply, Seen, Server};

pub const TOKEN: &str = "pat-eu1-sesame";
const PROPERTIES: [&str; 6] = ["email", "firstname", "lastname", "phone", "company", "age"];
const BASE: &str = "/crm/v3/objects/contacts";

type Contacts = BTreeMap<u64, BTreeMap<String, String>>;

/// An account without contacts.
pub async fn hubspot() -> Server {
    let contacts = Mutex::new(Contacts::new());
    Server::start(move |request| {
        if request.header("authorization") != format!("Bearer {TOKEN}") {
            return error(401, "Authentication credentials not found.", "INVALID_AUTHENTICATION");
        }
        answer(request, &mut contacts.lock().unwrap())
    })
    .await
}

fn error(status: u16, message: &str, category: &str) -> Reply {
    let body = json!({"status": "error", "message": message, "category": category,
        "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf"});
    Reply::json(status, &body)
}

fn not_found() -> Reply {
    error(404, "resource not found", "OBJECT_NOT_FOUND")
}

fn answer(request: &Seen, contacts: &mut Contacts) -> Reply {
    let rest = request.path.strip_prefix(BASE).map(|rest| rest.trim_start_matches('/'));
    match (&request.method, rest) {
        (&Method::POST, Some("")) => create(request, contacts),
        (&Method::GET, Some("")) => list(request, contacts),
        (&Method::GET, Some(key)) => match find(request, key, contacts) {
            Some(id) => Reply::json(200, &shown(request, id, &contacts[&id])),
            None => not_found(),
        },
        (&Method::PATCH, Some(key)) => update(request, key, contacts),
        (&Method::DELETE, Some(key)) => {
            contacts.remove(&key.parse().unwrap_or_default());
            Reply::empty(204)
        }
        _ => error(404, "no such endpoint", "NOT_FOUND"),
    }
}

/// `properties` of a body: texts, of the account's properties.
fn properties(request: &Seen) -> Result<BTreeMap<String, String>, Reply> {
    let invalid = |message: &str| error(400, message, "VALIDATION_ERROR");
    let body = request.json();
    let is_shaped = body.as_object().is_some_and(|body| body.keys().eq(["properties"]));
    let properties = body["properties"].as_object().filter(|_| is_shaped);
    let properties = properties.ok_or_else(|| invalid("Invalid input JSON"))?;
    let texts = properties.iter().map(|(name, value)| {
        let value = value.as_str().ok_or_else(|| invalid("Invalid input JSON: not a text"))?;
        if !PROPERTIES.contains(&name.as_str()) {
            return Err(invalid(&format!("Property \"{name}\" does not exist")));
        }
        if name == "email" && !value.contains('@') {
            return Err(invalid(&format!("Email address {value} is invalid")));
        }
        Ok((name.clone(), value.to_owned()))
    });
    texts.collect()
}

fn by_email(contacts: &Contacts, email: &str) -> Option<u64> {
    let has = |contact: &BTreeMap<String, String>| {
        contact.get("email").is_some_and(|it| it.eq_ignore_ascii_case(email))
    };
    contacts.iter().find(|(_, contact)| has(contact)).map(|(id, _)| *id)
}

fn create(request: &Seen, contacts: &mut Contacts) -> Reply {
    let properties = match properties(request) {
        Ok(properties) => properties,
        Err(refusal) => return refusal,
    };
    if let Some(id) = properties.get("email").and_then(|email| by_email(contacts, email)) {
        let message = format!("Contact already exists. Existing ID: {id}");
        return error(409, &message, "CONFLICT");
    }
    let id = contacts.keys().last().map_or(501, |last| last + 1);
    let body = shown(request, id, &properties);
    contacts.insert(id, properties);
    Reply::json(201, &body)
}

fn find(request: &Seen, key: &str, contacts: &Contacts) -> Option<u64> {
    match request.query.get("idProperty").map(String::as_str) {
        Some("email") => by_email(contacts, &key.replace("%40", "@").replace("%2B", "+")),
        Some(_) => None,
        None => key.parse().ok().filter(|id| contacts.contains_key(id)),
    }
}

fn update(request: &Seen, key: &str, contacts: &mut Contacts) -> Reply {
    let Some(id) = find(request, key, contacts) else { return not_found() };
    match properties(request) {
        Ok(properties) => {
            let contact = contacts.entry(id).or_default();
            contact.extend(properties);
            contact.retain(|_, value| !value.is_empty());
            Reply::json(200, &shown(request, id, &contacts[&id]))
        }
        Err(refusal) => refusal,
    }
}

fn list(request: &Seen, contacts: &Contacts) -> Reply {
    let limit = request.query.get("limit").map_or(Ok(10), |limit| limit.parse::<usize>());
    let Ok(limit @ 1..=100) = limit else {
        return error(400, "limit is not valid", "VALIDATION_ERROR");
    };
    let after = request.query.get("after").map_or(0, |after| after.parse().unwrap());
    let rest: Vec<_> = contacts.iter().filter(|(id, _)| **id > after).collect();
    let page = rest.iter().take(limit);
    let results: Vec<_> = page.map(|(id, contact)| shown(request, **id, contact)).collect();
    let mut body = json!({"results": results});
    if rest.len() > limit {
        let after = rest[limit - 1].0.to_string();
        body["paging"] = json!({"next": {"after": after, "link": "https://api.hubapi.com/…"}});
    }
    Reply::json(200, &body)
}

/// Only the properties that were asked for, and HubSpot's own.
fn shown(request: &Seen, id: u64, contact: &BTreeMap<String, String>) -> Value {
    let asked = request.query.get("properties").map_or("email,firstname,lastname", String::as_str);
    let asked = asked.split(',').filter(|name| PROPERTIES.contains(name));
    let mut properties: BTreeMap<_, _> =
        asked.map(|name| (name, json!(contact.get(name)))).collect();
    properties.insert("hs_object_id", json!(id.to_string()));
    let time = "2024-01-17T19:55:04.281Z";
    json!({"id": id.to_string(), "properties": properties, "createdAt": time, "updatedAt": time,
        "archived": false})
}
