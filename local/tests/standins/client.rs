//! A client of a stand-in, and options that suit a test.

use std::time::Duration;

use patchcord::contacts::Fields;
use patchcord_local::standins::{Retry, Settings, Standin, StandinOptions};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// Longer than anything takes that is not stuck.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Deliveries to this address, tried again at once.
pub fn delivering_to(url: &str) -> StandinOptions {
    let settings = Settings { deliver_to: Some(url.to_owned()), ..Settings::default() };
    let backoff = Duration::from_millis(1);
    let retry =
        Retry { attempts: 50, backoff, most: backoff, timeout: PATIENCE, ..Retry::default() };
    StandinOptions { settings, retry, ..StandinOptions::default() }
}

/// A client with a key.
pub struct Client {
    base: String,
    key: String,
    http: reqwest::Client,
}

impl Client {
    pub fn of<P>(standin: &Standin<P>, key: &str) -> Self {
        let http = patchcord::ground::http::client().unwrap();
        Self { base: standin.endpoint(), key: key.to_owned(), http }
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.http.request(method, format!("{}{path}", self.base)).timeout(PATIENCE)
    }

    /// The status and the body, null if there is none.
    pub async fn send(request: RequestBuilder) -> (u16, Value) {
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let body = response.bytes().await.unwrap();
        let is_empty = body.is_empty();
        let json = serde_json::from_slice(&body);
        (status, if is_empty { Value::Null } else { json.unwrap() })
    }

    pub async fn call(&self, method: &str, path: &str, body: Value) -> (u16, Value) {
        Self::send(self.request(method, path).bearer_auth(&self.key).json(&body)).await
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        Self::send(self.request("GET", path).bearer_auth(&self.key)).await
    }

    pub async fn delete(&self, path: &str) -> (u16, Value) {
        Self::send(self.request("DELETE", path).bearer_auth(&self.key)).await
    }
}

/// The fields of a JSON object.
pub fn fields(object: Value) -> Fields {
    match object {
        Value::Object(fields) => fields,
        other => panic!("expected an object, got {other}"),
    }
}

pub fn named(firstname: &str) -> Fields {
    fields(json!({ "firstname": firstname }))
}
