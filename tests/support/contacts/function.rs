//! The function `botmatic` in this process, put together as its `main.rs` would, and its URL.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use http::Response;
use http_body::Body as _;
use patchcord::app::{Botmatic, BotmaticConfig, BotmaticSetup, Database, Extensions};
use patchcord::ground::aws::Aws;
use patchcord::ground::clock::{Clock, Deadline};
use patchcord::ground::config::{Document, SsmParameters};
use patchcord::ground::http::{HttpParts, client};
use patchcord_local::tables::{self, Table};
use tokio::net::TcpListener;

use crate::clock::ShiftedClock;

/// The function `botmatic` with this configuration, at DynamoDB and Botmatic.
pub(super) async fn setup(
    config: &str,
    endpoints: [&str; 2],
    clock: &Arc<ShiftedClock>,
) -> BotmaticSetup {
    let (config, database, http) = parts(config, endpoints, clock).await;
    BotmaticSetup::new(config, database, http.clock)
}

/// What both functions are made of.
pub(super) async fn parts(
    config: &str,
    [dynamodb, botmatic]: [&str; 2],
    clock: &Arc<ShiftedClock>,
) -> (BotmaticConfig, Database, HttpParts) {
    let clock: Arc<dyn Clock> = Arc::clone(clock) as _;
    let parts = HttpParts::new(client().expect("a client"), Arc::clone(&clock));
    let aws = Aws::from_env(parts.client.clone(), clock);
    let parameters = SsmParameters(aws.ssm(None).expect("an address"));
    let no_env = |_: &str| None;
    let document =
        Document::parse("patchcord.yaml".as_ref(), config, &[], &no_env, &parameters).await;
    let document = document.expect("YAML");
    let config =
        BotmaticConfig::from_document(document, Some(botmatic), Extensions::default(), &parts);
    let config = config.unwrap_or_else(|error| panic!("{error}"));
    let client = tables::functions_client(dynamodb).expect("a client");
    (config, Database { client, table: Table::CONTACTS.to_owned() }, parts)
}

/// Answers requests as a function URL would.
pub(super) fn serve(listener: TcpListener, function: Arc<Botmatic>, invocation: Duration) {
    let app = axum::Router::new().fallback(move |request: Request| {
        let function = Arc::clone(&function);
        async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.expect("a body");
            let deadline = Deadline::after(invocation, function.clock().now());
            let request = http::Request::from_parts(parts, body);
            let (parts, mut body) = function.handle(request, deadline).await.into_parts();
            let mut bytes = Vec::new();
            while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
                bytes.extend(frame.into_data().unwrap_or_default());
            }
            Response::from_parts(parts, Body::from(bytes))
        }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
}
