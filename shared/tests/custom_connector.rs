//! The worked examples of `docs/custom-connectors.md`: they do what it says, and it shows them.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

#[path = "custom/barrier.rs"]
mod barrier;
#[path = "custom/custom.rs"]
mod custom;
#[path = "custom/function.rs"]
#[expect(dead_code, reason = "nobody calls this `main`; it has to compile")]
mod function;
#[path = "custom/gatekeeper.rs"]
mod gatekeeper;
mod support {
    pub mod config;
    pub mod context;
    pub mod document;
    pub mod function;
    pub mod server;
}

use barrier::{BarrierConnector, BarrierContext as _, BarrierError};
use custom::CustomConnector;
use gatekeeper::gatekeeper;
use http::HeaderValue;
use patchcord::app::Config;
use patchcord::bots::Echo;
use patchcord::chat::{BotResult, Button, Context, WebhookRequest};
use patchcord::connectors::auth::AuthConfig;
use patchcord::connectors::registry::Connectors;
use patchcord::ground::config::LoadError;
use patchcord::ground::http::client;
use patchcord::ground::secret::Secret;
use serde_json::{Value, json};
use support::config::config;
use support::context::{button, run, text};
use support::document::shows;
use support::function::{Function, post};
use support::server::{Recorded, Server, answer};

#[test]
fn the_document_shows_the_code() {
    let document = include_str!("../../docs/custom-connectors.md");
    shows(document, "custom.rs", include_str!("custom/custom.rs"));
    shows(document, "main.rs", include_str!("custom/function.rs"));
    shows(document, "barrier.rs", include_str!("custom/barrier.rs"));
    shows(document, "gatekeeper.rs", include_str!("custom/gatekeeper.rs"));
}

/// Whoever copies the code has what it uses.
#[test]
fn the_document_names_the_dependencies() {
    let document = include_str!("../../docs/custom-connectors.md");
    let manifest = document.split("```toml Cargo.toml\n").nth(1).unwrap();
    let manifest = manifest.split("```").next().unwrap();
    let workspace = include_str!("../../Cargo.toml");
    let code = [include_str!("custom/custom.rs"), include_str!("custom/function.rs")].concat();
    for name in ["async_trait", "http", "patchcord", "reqwest", "serde", "serde_json", "tokio"] {
        assert!(code.contains(&format!("{name}::")), "{name}");
        let dependency = name.replace('_', "-").replace("serde-json", "serde_json");
        let is_it = |line: &&str| line.split(['.', ' ']).next() == Some(dependency.as_str());
        let named = manifest.lines().find(is_it);
        assert!(named.is_some_and(|line| line.contains("workspace = true")), "{name}");
        assert!(workspace.contains(&format!("\n{dependency} = ")), "{name}");
    }
    let imported = code.lines().filter_map(|line| line.strip_prefix("use ")?.split("::").next());
    for name in imported.filter(|name| !["std", "crate"].contains(name)) {
        assert!(manifest.contains(&name.replace("async_trait", "async-trait")), "{name}");
    }
}

/// A request to the channel `custom` with this secret.
fn custom_request(secret: &'static str, body: &Value) -> WebhookRequest {
    let mut request = post("/webhooks/custom/webhook", body);
    request.headers_mut().insert("x-custom-secret", HeaderValue::from_static(secret));
    request
}

/// A function whose configuration has the channel `custom` with these settings.
async fn configured(settings: &str) -> Result<Config, LoadError> {
    let yaml = format!("channels: {{custom: {{type: custom, {settings}}}}}");
    let connectors = Connectors::built_in().with("custom", CustomConnector::from_settings);
    config(&yaml, &connectors).await
}

async fn custom_function(platform: &Server, bot: impl patchcord::chat::Bot) -> Function {
    let settings = format!("secret: s3cret, url: '{}/messages'", platform.url);
    let config = configured(&settings).await.unwrap();
    Function::start_with(config, |setup| setup.bot(bot)).await
}

#[tokio::test]
async fn bottenders_platform_sends_and_receives_through_its_client() {
    let platform = Server::start(|_| async { answer(200, "") }).await;
    let function = custom_function(&platform, Echo).await;
    let hello = json!({"user": {"id": "123456"}, "message": {"text": "Hello, world"}});
    for _ in 0..2 {
        let answer = function.handle(custom_request("s3cret", &hello)).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""));
    }
    let silent = json!({"user": {"id": "123456"}, "message": {}});
    assert_eq!(function.handle(custom_request("s3cret", &silent)).await.status.as_u16(), 200);
    assert_eq!(platform.requests()[0].headers["content-type"], "application/json");
    let sent: Vec<_> = platform.requests().into_iter().map(|it| (it.uri, it.body)).collect();
    let message = |text: &str| ("/messages".to_owned(), json!({"to": "123456", "text": text}));
    assert_eq!(sent, [message("1: Hello, world"), message("2: Hello, world")]);
}

#[tokio::test]
async fn bottenders_platform_gets_buttons_as_a_list() {
    async fn ask(context: Context) -> BotResult {
        context.send_buttons("Sure?", vec![Button::payload("Yes", "Y")]).await?;
        Ok(())
    }
    let platform = Server::start(|_| async { answer(200, "") }).await;
    let hello = json!({"user": {"id": "1"}, "message": {"text": "hi"}});
    custom_function(&platform, ask).await.handle(custom_request("s3cret", &hello)).await;
    assert_eq!(platform.requests()[0].body["text"], "Sure?\n1. Yes");
}

#[tokio::test]
async fn bottenders_platform_is_refused_without_its_secret() {
    let platform = Server::start(|_| async { answer(200, "") }).await;
    let function = custom_function(&platform, Echo).await;
    let hello = json!({"user": {"id": "1"}, "message": {"text": "hi"}});
    for (request, status) in [
        (custom_request("guess", &hello), 401),
        (custom_request("", &hello), 401),
        (post("/webhooks/custom/webhook", &hello), 401),
        (custom_request("s3cret", &json!({"message": {"text": "hi"}})), 400),
        (custom_request("s3cret", &json!("hi")), 400),
    ] {
        let answer = function.handle(request).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
    }
    assert!(platform.requests().is_empty());
    for (settings, expected) in [
        ("url: 'http://localhost'", "channels.custom: missing field `secret`"),
        ("secret: '', url: x", "channels.custom.secret: expected a non-empty text"),
        ("secret: s, url: x, sekret: s", "channels.custom.sekret: unknown field"),
    ] {
        let Err(error) = configured(settings).await else { panic!("{settings} is accepted") };
        assert!(error.to_string().contains(expected), "{settings}: {error}");
    }
}

#[tokio::test]
async fn a_message_to_somebody_who_is_gone_is_dropped() {
    let platform = Server::start(|_| async { answer(404, "") }).await;
    let hello = json!({"user": {"id": "1"}, "message": {"text": "hi"}});
    let function = custom_function(&platform, Echo).await;
    let answer = function.handle(custom_request("s3cret", &hello)).await;
    assert_eq!((answer.status.as_u16(), answer.header("patchcord-failure")), (200, ""));
    assert_eq!(platform.requests().len(), 1);
}

#[tokio::test]
async fn a_message_that_does_not_get_through_is_repeated_and_then_the_bots_failure() {
    let platform = Server::start(|_| async { answer(500, "") }).await;
    let hello = json!({"user": {"id": "1"}, "message": {"text": "hi"}});
    let function = custom_function(&platform, Echo).await;
    let answer = function.handle(custom_request("s3cret", &hello)).await;
    assert_eq!(answer.header("patchcord-failure"), "bot-failed");
    assert_eq!(platform.requests().len(), 4);
}

/// The controller: it knows the gate `north`, and opens it.
async fn controller() -> Server {
    Server::start(|request: Recorded| async move {
        match (request.method.as_str(), request.uri.as_str()) {
            ("GET", "/gates/north") => answer(200, r#"{"name": "North Gate"}"#),
            ("POST", "/gates/north/open") => answer(204, ""),
            _ => answer(404, ""),
        }
    })
    .await
}

async fn barriers(controller: &Server) -> Function {
    let token = Secret::try_from("t0ken".to_owned()).unwrap();
    let auth = AuthConfig { token: Some(token), ..AuthConfig::default() };
    let connector = BarrierConnector::new(auth, client().unwrap(), &controller.url).unwrap();
    Function::start(|setup| setup.channel("garage", connector).bot(gatekeeper())).await
}

/// Something happened at a gate.
fn report(gate: &str, events: &Value) -> WebhookRequest {
    let mut request = post("/webhooks/garage/webhook", &json!({"gate": gate, "events": events}));
    request.headers_mut().insert("authorization", HeaderValue::from_static("Bearer t0ken"));
    request
}

#[tokio::test]
async fn a_barrier_opens_for_a_car() {
    let controller = controller().await;
    let function = barriers(&controller).await;
    let events = json!([
        {"id": "1", "type": "heartbeat"},
        {"id": "2", "type": "car-arrived", "plate": "B-AB 123"},
        {"id": "3", "type": "held-open", "seconds": 40},
        {"id": "4", "type": "help-pressed"},
        {"id": "5", "type": "of-a-later-version"},
    ]);
    let answer = function.handle(report("north", &events)).await;
    let expected = json!([
        {"display": "Welcome to North Gate, car 1!"},
        {"display": "Somebody is on the way."},
    ]);
    assert_eq!((answer.json(), answer.header("patchcord-failure")), (expected, ""));
    let next = json!([{"id": "6", "type": "car-arrived", "plate": "B-CD 456"}]);
    let answer = function.handle(report("north", &next)).await;
    assert_eq!(answer.json(), json!([{"display": "Welcome to North Gate, car 2!"}]));
    let asked: Vec<_> = controller.requests().into_iter().map(|it| it.uri).collect();
    let expected = ["/gates/north", "/gates/north/open", "/gates/north/open"];
    assert_eq!(asked, expected, "it asked about the gate once");
}

#[tokio::test]
async fn a_gate_that_cannot_be_looked_up_is_tried_again_later() {
    let function = barriers(&controller().await).await;
    let car = json!([{"id": "1", "type": "car-arrived", "plate": "B-AB 123"}]);
    let answer = function.handle(report("south", &car)).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "1"));
    let answer = function.handle(report("south", &json!([{"type": "heartbeat"}]))).await;
    assert_eq!(answer.json(), json!([]), "a heartbeat needs no session");
}

#[tokio::test]
async fn barriers_prove_who_they_are() {
    let function = barriers(&controller().await).await;
    let stranger = post("/webhooks/garage/webhook", &json!({"gate": "north", "events": []}));
    assert_eq!(function.handle(stranger).await.status.as_u16(), 401);
    assert_eq!(function.handle(report("../north", &json!([]))).await.status.as_u16(), 400);
    let open = BarrierConnector::new(AuthConfig::default(), client().unwrap(), "http://localhost");
    let error = open.err().expect("refused").to_string();
    assert_eq!(error, "auth: expected a `token` or a `jwt_key`");
}

#[tokio::test]
async fn there_is_no_barrier_elsewhere() {
    async fn open(context: Context) -> BotResult {
        match context.open_barrier().await {
            Err(error @ BarrierError::NoBarrier) => context.send_text(error.to_string()).await?,
            _ => return Err("there is one".into()),
        };
        Ok(())
    }
    for event in [text("open"), button("OPEN")] {
        let ran = run(&open, event).await;
        ran.result.unwrap();
        assert_eq!(ran.texts, ["there is no barrier on this platform"]);
    }
}
