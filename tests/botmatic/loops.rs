//! Two sides that correct each other's values: the CRM writes names in capitals, and somebody on
//! Botmatic writes them small again. That ends.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use axum::extract::Path;
use axum::http::{Method, StatusCode};
use axum::routing::{any, get};
use axum::{Json, Router};
use patchcord::botmatic::Fields;
use patchcord::botmatic::endpoint::{Call, Handler, HandlerError, Kind, Pattern};
use patchcord::ground::http::client;
use patchcord_tests::contacts::{CONFIG, Contacts, PUSH_KEY};
use patchcord_tests::wait::in_time;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::helpers::fields;

/// Room for the change itself, a correction of each side, and what the guard takes to be sure.
const MOST_WRITES: usize = 8;

/// A CRM that writes first names in capitals and pushes what it then holds.
#[derive(Default)]
struct Shouting {
    contacts: Mutex<HashMap<String, Fields>>,
    /// Where to push.
    target: OnceLock<String>,
    written: AtomicUsize,
    pushing: AtomicUsize,
}

impl Shouting {
    async fn start() -> (Arc<Self>, String) {
        let crm = Arc::new(Self::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (creates, one) = (Arc::clone(&crm), Arc::clone(&crm));
        let create = move |Json(sent): Json<Fields>| async move {
            (StatusCode::CREATED, Json(creates.write("c-1", sent)))
        };
        let none = get(|| async { Json(json!({ "contacts": [] })) });
        let app = Router::new().route("/contacts", none.post(create)).route(
            "/contacts/{id}",
            any(move |method: Method, Path(id): Path<String>, body: String| async move {
                if method == Method::PATCH {
                    one.write(&id, serde_json::from_str(&body).unwrap());
                }
                Json(one.contacts.lock().unwrap()[&id].clone())
            }),
        );
        tokio::spawn(async move { axum::serve(listener, app).await });
        (crm, url)
    }

    /// Writes, corrects, and tells of it.
    fn write(self: &Arc<Self>, id: &str, sent: Fields) -> Fields {
        let mut contacts = self.contacts.lock().unwrap();
        let held = contacts.entry(id.to_owned()).or_default();
        held.extend(sent);
        held.insert("id".to_owned(), id.into());
        if let Some(Value::String(name)) = held.get_mut("first_name") {
            *name = name.to_uppercase();
        }
        self.written.fetch_add(1, SeqCst);
        self.pushing.fetch_add(1, SeqCst);
        let (crm, url) = (Arc::clone(self), self.target.get().unwrap().replace("ID", id));
        let body = Value::Object(held.clone()).to_string();
        tokio::spawn(async move {
            let push = || client().unwrap().patch(&url).bearer_auth(PUSH_KEY).body(body.clone());
            // Told before there is a pair, it is not known of; so it is told again.
            while !push().send().await.unwrap().status().is_success() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            crm.pushing.fetch_sub(1, SeqCst);
        });
        held.clone()
    }
}

/// Somebody on Botmatic: writes names small as soon as they are told of.
struct Whispering(Arc<OnceLock<String>>);

#[async_trait::async_trait]
impl Handler for Whispering {
    async fn handle(&self, call: Call) -> Result<Value, HandlerError> {
        let contact = &call.data["data"];
        let name = contact["firstname"].as_str().unwrap();
        if name != name.to_lowercase() {
            let url = format!("{}/_control/contacts/{}", self.0.get().unwrap(), contact["id"]);
            let body = json!({ "firstname": name.to_lowercase() }).to_string();
            client().unwrap().patch(url).body(body).send().await.unwrap();
        }
        Ok(Value::Null)
    }
}

/// Nothing is on its way any more. Every write is told of before it is answered, so if nobody wrote
/// between two looks, nobody will.
async fn quiet(contacts: &Contacts, crm: &Shouting) -> usize {
    let written = || {
        let changes = contacts.botmatic.requests().count("PATCH", "/api/contacts/{id}");
        usize::try_from(changes).unwrap() + crm.written.load(SeqCst)
    };
    loop {
        contacts.botmatic.idle().await;
        let before = written();
        let is_pushing = crm.pushing.load(SeqCst) > 0;
        let is_told = contacts.botmatic.outbox().waiting > 0;
        if !is_pushing && !is_told && before == written() {
            return before;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn two_sides_that_correct_each_other_come_to_an_end() {
    let (crm, url) = Shouting::start().await;
    let control = Arc::new(OnceLock::new());
    let somebody = Whispering(Arc::clone(&control));
    let contacts = Contacts::with(&CONFIG.replace("CRM", &url), |setup| {
        setup.on(Kind::Event, Pattern::name("contact_updated").unwrap(), somebody)
    })
    .await;
    control.set(contacts.botmatic.endpoint()).unwrap();
    let integration = contacts.install().await;
    let target = format!("{}/contacts/ID?integration={integration}", contacts.url);
    crm.target.set(target).unwrap();

    let ada = contacts.botmatic.user_creates("local", fields(json!({ "firstname": "ada" })));
    let ada = ada.unwrap();
    let first = in_time(quiet(&contacts, &crm)).await;
    assert!(crm.written.load(SeqCst) > 1, "they did correct each other");
    assert!((2..=MOST_WRITES).contains(&first), "{first} writes");

    // Another value is news again, and ends again.
    contacts
        .botmatic
        .user_updates("local", &ada.id, fields(json!({ "firstname": "eve" })))
        .unwrap();
    let both = in_time(quiet(&contacts, &crm)).await;
    assert!((1..=MOST_WRITES).contains(&(both - first)), "{} writes", both - first);
    let held = crm.contacts.lock().unwrap()["c-1"]["first_name"].clone();
    assert_eq!(held, "EVE");
}
