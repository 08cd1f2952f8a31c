//! A fake of the Graph API's messages. It refuses what Meta refuses, with Meta's codes:
//! <https://developers.facebook.com/docs/messenger-platform/reference/send-api> (texts, types),
//! <https://developers.facebook.com/docs/messenger-platform/instagram/features/send-message>,
//! <https://developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes>;
//! quick replies, buttons, templates, sender actions and uploads as the pages named in
//! `connectors/meta` say.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::Request;
use bytes::Bytes;
use http::{HeaderMap, Response};
use patchcord::connectors::meta::Platform;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::limits::{action_taken, message_taken, uploaded};
use crate::{ACCESS_TOKEN, signature};

/// What was posted.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// After the version: `me/messages`.
    pub path: String,
    /// The JSON, or the form's fields, those that are JSON read as such.
    pub body: Value,
    /// The file of a form: name, type, content.
    pub file: Option<(String, String, Bytes)>,
}

/// A Graph API on a free port of this machine. It ends with the test's runtime.
pub struct Graph {
    pub url: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

/// A refusal: status, code, subcode, in Meta's form with a text that nobody may repeat.
pub type Refusal = (u16, i64, i64);

impl Graph {
    /// Takes what `platform` takes.
    pub async fn start(platform: Platform) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let log = Arc::clone(&calls);
        let app = axum::Router::new().fallback(move |request: Request| {
            let log = Arc::clone(&log);
            async move {
                let result = read(request).await.and_then(|call| {
                    let count = log.lock().unwrap().len();
                    log.lock().unwrap().push(call.clone());
                    answer(platform, &call, count)
                });
                let (status, body) = match result {
                    Ok(body) => (200, body),
                    Err((status, code, subcode)) => (status, refusal(code, subcode)),
                };
                let json = Body::from(body.to_string());
                Response::builder().status(status).body(json).unwrap()
            }
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, calls }
    }

    /// Everything that was posted and understood, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }

    /// The bodies of what was posted.
    pub fn bodies(&self) -> Vec<Value> {
        self.calls().into_iter().map(|call| call.body).collect()
    }
}

fn refusal(code: i64, subcode: i64) -> Value {
    json!({"error": {
        "message": "(#1) a text that may say what was sent", "type": "OAuthException",
        "code": code, "error_subcode": subcode, "fbtrace_id": "BLBz/WZt8dN",
    }})
}

async fn read(request: Request) -> Result<Call, Refusal> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let bearer = parts.headers.get("authorization").and_then(|it| it.to_str().ok());
    if bearer != Some(&format!("Bearer {ACCESS_TOKEN}")) {
        return Err((401, 190, 0));
    }
    if parts.uri.query() != Some(&format!("appsecret_proof={}", signature("appsecret_proof"))) {
        return Err((400, 100, 0));
    }
    let Some(path) = parts.uri.path().strip_prefix("/v25.0/") else { return Err((404, 2500, 0)) };
    let path = path.to_owned();
    let content_type = header(&parts.headers, "content-type");
    if let Ok(boundary) = multer::parse_boundary(&content_type) {
        let (body, file) = form(body, boundary).await;
        return Ok(Call { path, body, file });
    }
    let is_json = content_type == "application/json";
    let body = serde_json::from_slice(&body).ok().filter(|_| is_json).ok_or((400, 100, 0))?;
    Ok(Call { path, body, file: None })
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default().to_owned()
}

async fn form(body: Bytes, boundary: String) -> (Value, Option<(String, String, Bytes)>) {
    let body = futures_util::stream::once(async { Ok::<_, std::io::Error>(body) });
    let mut form = multer::Multipart::new(body, boundary);
    let (mut fields, mut file) = (json!({}), None);
    while let Some(field) = form.next_field().await.unwrap() {
        let name = field.name().unwrap().to_owned();
        if name == "filedata" {
            let file_name = field.file_name().unwrap().to_owned();
            let mime_type = field.content_type().unwrap().to_string();
            file = Some((file_name, mime_type, field.bytes().await.unwrap()));
        } else {
            let text = field.text().await.unwrap();
            fields[name] = serde_json::from_str(&text).unwrap_or(json!(text));
        }
    }
    (fields, file)
}

fn answer(platform: Platform, call: &Call, count: usize) -> Result<Value, Refusal> {
    let body = &call.body;
    match call.path.as_str() {
        "me/message_attachments" => uploaded(platform, call),
        "me/messages" => {
            let person = person(body, count)?;
            match (&body["message"], &body["sender_action"]) {
                (message, Value::Null) => message_taken(platform, message, body)?,
                (Value::Null, action) => {
                    action_taken(platform, action, body)?;
                    return Ok(json!({ "recipient_id": person }));
                }
                _ => return Err((400, 100, 2_018_034)),
            }
            Ok(json!({ "recipient_id": person, "message_id": format!("m_{count}") }))
        }
        "me/pass_thread_control" => {
            person(body, count)?;
            body["target_app_id"].as_str().map(|_| json!({"success": true})).ok_or((400, 100, 0))
        }
        "me/take_thread_control" | "me/request_thread_control" | "me/release_thread_control" => {
            person(body, count)?;
            Ok(json!({ "success": true }))
        }
        _ => Err((404, 2500, 0)),
    }
}

/// People by name, and what Meta says of them.
fn person(body: &Value, count: usize) -> Result<&str, Refusal> {
    let id = body["recipient"]["id"].as_str().ok_or((400, 100, 0))?;
    match id {
        "blocked" => Err((400, 551, 1_545_041)),
        "deactivated" => Err((403, 200, 1_545_041)),
        "quiet" => Err((200, 551, 0)),
        "late" => Err((400, 10, 2_018_278)),
        "unreviewed" => Err((403, 200, 2_018_028)),
        "hasty" if count == 0 => Err((400, 4, 0)),
        "unlucky" if count == 0 => Err((500, 2, 0)),
        "weary" if count == 0 => Err((400, 1200, 0)),
        "hasty" | "unlucky" | "weary" | crate::PSID | crate::IGSID => Ok(id),
        id if id.starts_with("psid-") => Ok(id),
        _ => Err((400, 100, 2_018_001)),
    }
}
