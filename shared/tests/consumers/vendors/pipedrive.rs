//! Pipedrive, as its reference describes the persons of API v2
//! (<https://developers.pipedrive.com/docs/api/v1/Persons>). Strict, as v2 is said to be.

use std::collections::BTreeMap;
use std::sync::Mutex;

use http::Method;
use serde_json::{Map, Value, json};

use crate::support::server::{Reply, Seen, Server};

pub const TOKEN: &str = "sesame";
const FIELDS: [&str; 8] =
    ["name", "owner_id", "org_id", "emails", "phones", "visible_to", "label_ids", "custom_fields"];
const BASE: &str = "/api/v2/persons";

type Persons = BTreeMap<u64, Map<String, Value>>;

/// A company without persons.
pub async fn pipedrive() -> Server {
    let persons = Mutex::new(Persons::new());
    Server::start(move |request| {
        if request.header("x-api-token") != TOKEN || !request.header("authorization").is_empty() {
            return error(401, "unauthorized access", "ERR_UNAUTHORIZED");
        }
        answer(request, &mut persons.lock().unwrap())
    })
    .await
}

fn error(status: u16, error: &str, code: &str) -> Reply {
    let body = json!({"success": false, "error": error, "code": code,
        "error_info": "Please check developers.pipedrive.com", "data": null, "additional_data": null});
    Reply::json(status, &body)
}

fn invalid(message: &str) -> Reply {
    error(400, message, "ERR_SCHEMA_VALIDATION_FAILED")
}

fn success(data: &Value) -> Reply {
    Reply::json(200, &json!({"success": true, "data": data}))
}

fn answer(request: &Seen, persons: &mut Persons) -> Reply {
    let rest = request.path.strip_prefix(BASE).map(|rest| rest.trim_start_matches('/'));
    let id = rest.and_then(|rest| rest.parse::<u64>().ok());
    match (&request.method, rest, id) {
        (&Method::POST, Some(""), _) => write(request, None, persons),
        (&Method::GET, Some(""), _) => list(request, persons),
        (&Method::GET, Some("search"), _) => search(request, persons),
        (_, Some(_), None) => invalid("id: Expected a number"),
        (_, Some(_), Some(id)) if !persons.contains_key(&id) => {
            error(404, "Person not found", "ERR_NOT_FOUND")
        }
        (&Method::GET, Some(_), Some(id)) => success(&json!(persons[&id])),
        (&Method::PATCH, Some(_), Some(id)) => write(request, Some(id), persons),
        (&Method::DELETE, Some(_), Some(id)) => {
            persons.get_mut(&id).unwrap().insert("is_deleted".to_owned(), json!(true));
            success(&json!({"id": id}))
        }
        _ => error(404, "unknown endpoint", "ERR_NOT_FOUND"),
    }
}

/// A list of addresses or numbers.
fn check_list(list: &Value) -> bool {
    let is_entry = |entry: &Value| {
        let known = ["value", "primary", "label"];
        entry["value"].as_str().is_some_and(|value| !value.is_empty())
            && entry.as_object().unwrap().keys().all(|key| known.contains(&key.as_str()))
            && entry.get("primary").is_none_or(Value::is_boolean)
            && entry.get("label").is_none_or(Value::is_string)
    };
    list.as_array().is_some_and(|list| list.iter().all(is_entry))
}

fn write(request: &Seen, id: Option<u64>, persons: &mut Persons) -> Reply {
    let Value::Object(body) = request.json() else { return invalid("Expected an object") };
    for (name, value) in &body {
        let fits = match name.as_str() {
            "name" => value.is_string(),
            "emails" | "phones" => check_list(value),
            "owner_id" | "org_id" | "visible_to" => value.is_number(),
            "label_ids" => value.is_array(),
            _ => true,
        };
        if !fits || !FIELDS.contains(&name.as_str()) {
            return invalid(&format!("{name}: invalid"));
        }
    }
    if id.is_none() && !body.contains_key("name") {
        return invalid("name: Required");
    }
    let id = id.unwrap_or_else(|| persons.keys().last().map_or(1, |last| last + 1));
    let person = persons.entry(id).or_insert_with(|| {
        let new = json!({"id": id, "emails": [], "phones": [], "is_deleted": false,
            "add_time": "2021-01-01T00:00:00Z", "custom_fields": {}});
        new.as_object().unwrap().clone()
    });
    person.extend(body);
    success(&json!(persons[&id]))
}

fn present(persons: &Persons) -> impl Iterator<Item = (&u64, &Map<String, Value>)> {
    persons.iter().filter(|(_, person)| person["is_deleted"] == json!(false))
}

fn list(request: &Seen, persons: &Persons) -> Reply {
    let limit = request.query.get("limit").map_or(Ok(100), |limit| limit.parse::<usize>());
    let Ok(limit @ 1..=500) = limit else { return invalid("limit: at most 500") };
    let after = match request.query.get("cursor").map(|it| it.strip_prefix("after-")) {
        None => 0,
        Some(Some(id)) => id.parse().unwrap(),
        Some(None) => return invalid("cursor: invalid"),
    };
    let rest: Vec<_> = present(persons).filter(|(id, _)| **id > after).collect();
    let page: Vec<_> = rest.iter().take(limit).map(|(_, person)| person).collect();
    let next = (rest.len() > limit).then(|| format!("after-{}", rest[limit - 1].0));
    let body = json!({"success": true, "data": page, "additional_data": {"next_cursor": next}});
    Reply::json(200, &body)
}

fn search(request: &Seen, persons: &Persons) -> Reply {
    let parameter = |name| request.query.get(name).map_or("", String::as_str);
    if parameter("fields") != "email" || parameter("exact_match") != "true" {
        return invalid("the tests look for whole addresses only");
    }
    let term = parameter("term").to_lowercase();
    let addresses = |person: &Map<String, Value>| -> Vec<String> {
        let emails = person["emails"].as_array().unwrap();
        emails.iter().map(|email| email["value"].as_str().unwrap().to_owned()).collect()
    };
    let found = present(persons).filter(|(_, person)| {
        addresses(person).iter().any(|address| address.to_lowercase() == term)
    });
    let items: Vec<_> = found
        .map(|(id, person)| {
            let item = json!({"id": id, "type": "person", "name": person["name"],
                "emails": addresses(person), "primary_email": addresses(person)[0]});
            json!({"result_score": 0.5, "item": item})
        })
        .collect();
    success(&json!({"items": items}))
}
