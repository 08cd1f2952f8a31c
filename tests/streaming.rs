//! A streamed answer, through a real function process: each line arrives when the bot says it, and
//! the stream ends whatever the bot does.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use patchcord_local::runtime_api::Chunks;
use patchcord_tests::Stack;
use patchcord_tests::request::post;
use patchcord_tests::server::read_request;
use patchcord_tests::stack::StackOptions;
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A Rasa server that says one line, and the rest when it is told to.
struct SlowRasa {
    url: String,
    go_on: oneshot::Sender<&'static str>,
}

impl SlowRasa {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (go_on, told) = oneshot::channel::<&str>();
        tokio::spawn(async move {
            let (mut client, _) = listener.accept().await.unwrap();
            let request = read_request(&mut client).await.unwrap();
            assert!(request.starts_with("POST /webhooks/rest/webhook?stream=true "), "{request}");
            let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\
                 transfer-encoding: chunked\r\n\r\n";
            client.write_all(head.as_bytes()).await.unwrap();
            client
                .write_all(chunk(r#"{"recipient_id":"x","text":"one"}"#).as_bytes())
                .await
                .unwrap();
            client.write_all(told.await.unwrap().as_bytes()).await.unwrap();
        });
        Self { url, go_on }
    }
}

/// A line as a chunk of a chunked body.
fn chunk(line: &str) -> String {
    format!("{:x}\r\n{line}\n\r\n", line.len() + 1)
}

async fn stack(rasa: &SlowRasa) -> Stack {
    let bot = format!("{{type: http, stream: true, retries: 0, url: '{}'}}", rasa.url);
    let config = format!("channels: {{rest: {{type: rest}}}}\nbot: {bot}");
    Stack::start(StackOptions { config: &config, ..StackOptions::default() }).await
}

async fn stream(stack: &Stack) -> Chunks {
    let body = json!({ "sender": "ada", "message": "hello" });
    let request = post("/webhooks/rest/webhook?stream=true", &body);
    let stream = stack.lambda.http_stream(request).await.unwrap();
    assert!(stream.streamed);
    stream.chunks
}

fn text(line: &[u8]) -> String {
    let object: Value = serde_json::from_slice(line).unwrap();
    assert_eq!(object["recipient_id"], "ada");
    object["text"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_arrives_before_the_bot_has_said_the_next() {
    let rasa = SlowRasa::start().await;
    let stack = stack(&rasa).await;
    let mut chunks = stream(&stack).await;
    assert_eq!(text(&chunks.next().await.unwrap().unwrap()), "one");
    // Only now does the bot go on: had the first line waited for the second, this would hang.
    rasa.go_on.send("22\r\n{\"recipient_id\":\"x\",\"text\":\"two\"}\n\r\n0\r\n\r\n").unwrap();
    assert_eq!(text(&chunks.next().await.unwrap().unwrap()), "two");
    assert!(chunks.next().await.is_none());
    assert!(!stack.log().contains("bot did not finish"), "{}", stack.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stream_of_a_bot_that_fails_ends_with_what_it_had_said() {
    let rasa = SlowRasa::start().await;
    let stack = stack(&rasa).await;
    let mut chunks = stream(&stack).await;
    assert_eq!(text(&chunks.next().await.unwrap().unwrap()), "one");
    rasa.go_on.send("not a chunk").unwrap();
    assert!(chunks.next().await.is_none());
    let log = stack.log_with("\"BotErrors\":1").await;
    let errors = |name: &str| log.lines().filter(|line| line.contains(name)).count();
    assert_eq!((errors("bot did not finish"), errors("\"BotErrors\":1")), (1, 1), "{log}");
}
