//! The samples of Telegram's updates, with the function as it is deployed and a Bot API that takes
//! everything.

use std::sync::{Arc, Mutex};

use axum::Json;
use axum::extract::Path;
use patchcord_tests::stack::{Stack, StackOptions};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::sample;

/// The method and its parameters.
type Call = (String, Value);

/// Where the API is, and what it was asked.
async fn bot_api() -> (String, Arc<Mutex<Vec<Call>>>) {
    let asked = Arc::<Mutex<Vec<Call>>>::default();
    let seen = Arc::clone(&asked);
    let answer = move |Path((_, method)): Path<(String, String)>, Json(params): Json<Value>| {
        seen.lock().unwrap().push((method, params));
        async { Json(json!({ "ok": true, "result": { "message_id": 1 } })) }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new().route("/{token}/{method}", axum::routing::post(answer));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, asked)
}

#[tokio::test]
async fn telegrams_updates_are_answered_through_its_api() {
    let (url, asked) = bot_api().await;
    let config = format!(
        "channels:\n  telegram:\n    type: telegram\n    delivery: inline\n    api_url: {url}\n    \
         token: '123456:local'\n    secret_token: local-telegram-secret\nbot: {{type: echo}}\n"
    );
    let env = vec![("PATCHCORD_RESPONSE_MODE", "buffered".to_owned())];
    let options = StackOptions { config: &config, env, ..StackOptions::default() };
    let stack = Stack::start(options).await;
    let pressed =
        json!({ "method": "answerCallbackQuery", "callback_query_id": "4382bfdwdsb323b2d9" });
    for (file, body) in [
        ("telegram-message.json", json!("")),
        ("telegram-photo.json", json!("")),
        ("telegram-callback-query.json", pressed),
    ] {
        let answer = stack.lambda.invoke(sample(file)).await.unwrap();
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        let said = answer["body"].as_str().unwrap_or_default();
        let said = serde_json::from_str(said).unwrap_or_else(|_| json!(said));
        assert_eq!((answer["statusCode"].as_u64(), said), (Some(200), body), "{file}: {answer}");
    }
    let text = json!({ "chat_id": 1_111_111, "text": "1: /start spring-sale" });
    assert_eq!(*asked.lock().unwrap(), [("sendMessage".to_owned(), text)]);
    let stranger = sample("telegram-message.json").replace("local-telegram-secret", "guess");
    let answer = stack.lambda.invoke(stranger).await.unwrap();
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer["statusCode"], 401, "{answer}");
}
