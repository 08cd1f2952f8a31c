//! A request as a function URL hands it to its function: API Gateway's payload 2.0.
//!
//! See <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{
    HeaderMap, Request,
    header::{CONTENT_TYPE, COOKIE, HOST, USER_AGENT},
};
use serde_json::{Value, json};

/// The identifier of a URL that does not exist.
const URL_ID: &str = "abc";
const DOMAIN: &str = "abc.lambda-url.eu-west-1.on.aws";
const SOURCE_IP: &str = "127.0.0.1";

/// The event for a request.
pub fn url_event(request: &Request<Bytes>) -> Value {
    let uri = request.uri();
    let query = uri.query().unwrap_or_default();
    let (body, is_base64) = body(request);
    let mut event = json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": uri.path(),
        "rawQueryString": query,
        "headers": headers(request.headers()),
        "requestContext": {
            "accountId": "anonymous",
            "apiId": URL_ID,
            "domainName": DOMAIN,
            "domainPrefix": URL_ID,
            "http": {
                "method": request.method().as_str(),
                "path": uri.path(),
                "protocol": "HTTP/1.1",
                "sourceIp": SOURCE_IP,
                "userAgent": text(request.headers().get(USER_AGENT)),
            },
            "requestId": format!("{:032x}", fastrand::u128(..)),
            "routeKey": "$default",
            "stage": "$default",
            "time": "01/Jan/2025:00:00:00 +0000",
            "timeEpoch": 1_735_689_600_000_u64,
        },
        "isBase64Encoded": is_base64,
    });
    if !query.is_empty() {
        event["queryStringParameters"] = json!(parameters(query));
    }
    if let Some(body) = body {
        event["body"] = Value::String(body);
    }
    let cookies: Vec<String> = request
        .headers()
        .get_all(COOKIE)
        .iter()
        .flat_map(|value| text(Some(value)).split("; ").map(str::to_owned).collect::<Vec<_>>())
        .collect();
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    event
}

/// Text stays text; everything else travels as base64.
fn body(request: &Request<Bytes>) -> (Option<String>, bool) {
    let body = request.body();
    if body.is_empty() {
        return (None, false);
    }
    let content_type = text(request.headers().get(CONTENT_TYPE)).to_ascii_lowercase();
    let textual = ["text/", "application/json", "application/javascript", "application/xml"];
    match std::str::from_utf8(body) {
        Ok(body) if textual.iter().any(|prefix| content_type.starts_with(prefix)) => {
            (Some(body.to_owned()), false)
        }
        _ => (Some(STANDARD.encode(body)), true),
    }
}

/// Names in lower case, several values joined by commas, cookies apart; and what AWS adds.
fn headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let mut joined = BTreeMap::from([
        ("x-forwarded-for".to_owned(), SOURCE_IP.to_owned()),
        ("x-forwarded-port".to_owned(), "443".to_owned()),
        ("x-forwarded-proto".to_owned(), "https".to_owned()),
    ]);
    for name in headers.keys().filter(|name| **name != COOKIE) {
        let values: Vec<String> =
            headers.get_all(name).iter().map(|value| text(Some(value))).collect();
        joined.insert(name.as_str().to_owned(), values.join(","));
    }
    joined.insert(HOST.as_str().to_owned(), DOMAIN.to_owned());
    joined
}

/// Decoded, several values joined by commas.
fn parameters(query: &str) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decode(value);
        joined
            .entry(decode(name))
            .and_modify(|values| {
                values.push(',');
                values.push_str(&value);
            })
            .or_insert(value);
    }
    joined
}

/// Undoes percent-encoding; what is not encoded well stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (byte, hex) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                at += 2;
            }
            (b'+', _) => decoded.push(b' '),
            _ => decoded.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn text(value: Option<&http::HeaderValue>) -> String {
    value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}
