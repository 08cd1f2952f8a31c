//! What is logged and answered has no secrets in it, and nothing that people wrote.

use patchcord::chat::reply::{Media, Reply};
use serde_json::json;

use crate::asking::{function, says};
use crate::fake::{Fake, TOKEN};
use crate::logs;
use crate::samples::{NOW, SECRET, body, request, signature, signed};

#[tokio::test]
async fn logs_and_answers_have_no_secrets_and_no_words() {
    // The logs of every test beside this one are read as well.
    logs::start();
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
    let log = logs::all();
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
