//! What is logged and answered has no secrets in it, and nothing that people wrote.

use std::io::Write;
use std::sync::{Arc, Mutex};

use patchcord::chat::reply::{Media, Reply};
use serde_json::json;

use crate::asking::{function, says};
use crate::fake::{Fake, TOKEN};
use crate::samples::{NOW, SECRET, body, request, signature, signed};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn logs_and_answers_have_no_secrets_and_no_words() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    // The logs of every test beside this one are read as well: one that logs something first would
    // turn it off for a subscriber of this thread alone.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    tracing::callsite::rebuild_interest_cache();
    let fake = Fake::start().await;
    let file = Media::data("diary.txt", "text/plain", "dear diary");
    let replies = vec![Reply::text("my reply"), Reply::File(file)];
    let function = function(&fake, "", says(replies)).await;
    let mut answers = Vec::new();
    let refused = signed(body("message"), NOW, "v0=00");
    let malformed = signed(body("no JSON"), NOW, signature("no JSON", "now"));
    let mut again = request("message.im");
    again.headers_mut().insert("x-slack-retry-num", "1".parse().unwrap());
    let requests = [
        refused,
        malformed,
        again,
        request("message"),
        request("block_actions"),
        request("app_rate_limited"),
    ];
    for request in requests {
        fake.next(200, "0", json!({"ok": false, "error": "Hello world, my reply"}));
        let answer = function.handle(request).await;
        answers.push(format!("{:?} {}", answer.headers, answer.body));
    }
    let answers = answers.join("\n");
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for expected in ["Slack sends an event again", "request refused", "no error code", "leaves out"]
    {
        assert!(log.contains(expected), "{expected}: {log}");
    }
    for secret in [
        SECRET,
        TOKEN,
        &signature("message", "now")[3..],
        "Hello world",
        "my reply",
        "dear diary",
        "diary.txt",
        "hooks.slack.com",
        "/upload/",
        "jtorrance",
        "XXYYZZ",
    ] {
        assert!(!log.contains(secret), "{secret} is in the log: {log}");
        assert!(!answers.contains(secret), "{secret} is in an answer: {answers}");
    }
}
