//! The samples in `events/` are answered, as function URLs hand them over. A signature of Meta has
//! no time in it, so those in the files stay right.

use bytes::Bytes;
use lambda_http::request::LambdaRequest;
use patchcord::bots::Echo;
use patchcord::chat::WebhookRequest;
use patchcord::connectors::meta::Platform;
use serde_json::Value;

use crate::function;
use crate::graph::Graph;

/// The request in `events/`.
fn sample(name: &str) -> WebhookRequest {
    let path = format!("{}/../events/{name}", env!("CARGO_MANIFEST_DIR"));
    let event: LambdaRequest = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let request: lambda_http::Request = event.into();
    request.map(|body| Bytes::copy_from_slice(&body))
}

#[tokio::test]
async fn every_sample_is_answered() {
    for (platform, name, answer, said) in [
        (Platform::Messenger, "messenger-handshake.json", "1158201444", None),
        (Platform::Messenger, "messenger-message.json", "", Some("1: Grüße 👋")),
        (Platform::Messenger, "messenger-postback.json", "", None),
        (Platform::Instagram, "instagram-message.json", "", Some("1: hello")),
    ] {
        let graph = Graph::start(platform).await;
        let function = function(&graph.url, Echo).await;
        let found = function.handle(sample(name)).await;
        assert_eq!((found.status.as_u16(), found.body.as_str()), (200, answer), "{name}");
        let texts: Vec<Value> =
            graph.bodies().iter().map(|it| it["message"]["text"].clone()).collect();
        assert_eq!(texts, said.into_iter().map(Value::from).collect::<Vec<_>>(), "{name}");
    }
}
