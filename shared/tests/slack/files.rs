//! Files there and back.

use std::sync::{Arc, Mutex};

use patchcord::chat::reply::{Media, Reply, Source};
use patchcord::chat::{BotResult, Connector as _, Context};
use serde_json::json;

use crate::asking::{function, says};
use crate::fake::{Fake, TOKEN};
use crate::samples::request;
use crate::signatures::{connector, connector_with};

#[tokio::test]
async fn a_file_is_brought_to_slack_and_shared() {
    let picture = Media::data("cat.png", "image/png", "a picture");
    let captioned = Media { caption: Some("A <cat>".to_owned()), ..picture.clone() };
    let replies = vec![Reply::Image(captioned), Reply::Audio(picture)];
    let fake = Fake::start().await;
    let function = function(&fake, "", says(replies)).await;
    let answer = function.handle(request("message in a thread")).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    let shared = |file: &str| {
        json!({
            "channel_id": "C123ABC456", "thread_ts": "1482960137.000001",
            "files": [{"id": file, "title": "cat.png"}],
        })
    };
    let mut first = shared("F1");
    first["initial_comment"] = json!("A &lt;cat&gt;");
    let ticket = json!({"filename": "cat.png", "length": "9"});
    let called = |method: &str, arguments| (method.to_owned(), arguments);
    assert_eq!(
        fake.called(),
        [
            called("files.getUploadURLExternal", ticket.clone()),
            called("/upload/F1", json!(null)),
            called("files.completeUploadExternal", first),
            called("files.getUploadURLExternal", ticket),
            called("/upload/F2", json!(null)),
            called("files.completeUploadExternal", shared("F2")),
        ]
    );
    let upload = &fake.calls()[1];
    assert_eq!(upload.headers["content-type"], "application/octet-stream");
    assert!(!upload.headers.contains_key("authorization"), "the URL is enough");
}

#[tokio::test]
async fn a_file_that_slack_does_not_take_is_the_bots_error() {
    let fake = Fake::start().await;
    let empty = Reply::File(Media::data("a.txt", "text/plain", ""));
    let function = function(&fake, "", says(vec![empty])).await;
    let answer = function.handle(request("message")).await;
    assert_eq!(answer.header("patchcord-failure"), "bot-failed");
    assert_eq!(fake.calls().len(), 1);
}

#[tokio::test]
async fn a_file_of_slacks_is_shown_again() {
    let fake = Fake::start().await;
    let video = Media { name: Some("cat".to_owned()), ..Media::id("F1PNG") };
    let replies = vec![Reply::Image(Media::id("F1PNG")), Reply::Video(video)];
    let function = function(&fake, "", says(replies)).await;
    let answer = function.handle(request("message")).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    let called = fake.called();
    assert_eq!(called[0].1["blocks"][0]["slack_file"]["id"], "F1PNG");
    assert_eq!(called[1], ("files.info".to_owned(), json!({"file": "F1PNG"})));
    assert_eq!(called[2].1["text"], "<https://team.slack.com/files/U1/F1PNG/cat.png|cat>");
}

#[tokio::test]
async fn what_somebody_sent_is_downloaded() {
    let fake = Fake::start().await;
    let got = Arc::new(Mutex::new(Vec::new()));
    let bot = {
        let got = Arc::clone(&got);
        move |context: Context| {
            let got = Arc::clone(&got);
            async move {
                let bytes = context.download(&Media::id("F1PNG"), 9).await?;
                got.lock().unwrap().push(bytes);
                BotResult::Ok(())
            }
        }
    };
    function(&fake, "", bot).await.handle(request("message")).await;
    assert_eq!(got.lock().unwrap()[..], ["a picture"]);
    assert_eq!(fake.calls()[1].headers["authorization"], format!("Bearer {TOKEN}"));
}

#[tokio::test]
async fn a_download_that_is_not_to_be_says_why() {
    let fake = Fake::start().await;
    let slack = connector(&fake.url);
    for (source, limit, expected) in [
        (Source::Id("F1PNG".to_owned()), 8, "expected a file of at most 8 bytes"),
        (Source::Id("F9".to_owned()), 99, "file_not_found"),
        (Source::Id("F2SECRET".to_owned()), 99, "no file: status 404"),
        (Source::Id("F3ELSEWHERE".to_owned()), 99, "the file is not kept by Slack"),
        (Source::Url("https://e.com/c".to_owned()), 99, "expected a file that Slack has an id for"),
    ] {
        let media = Media::new(source);
        let error = slack.download(&media, limit).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{media:?}: {error}");
    }
    let known = json!({"ok": true, "file": {
        "mimetype": "image/png", "url_private": format!("{}/files/F1PNG", fake.url),
    }});
    for (token, expected) in [
        (TOKEN, "it has more than 8 bytes"), // its size was not said
        ("xoxb-wrong", "the file was not given; the app needs files:read"),
    ] {
        fake.next(200, "0", known.clone());
        let slack = connector_with(&fake.url, token);
        let error = slack.download(&Media::id("F1PNG"), 8).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{token}: {error}");
    }
    fake.next(200, "0", known);
    fake.next(302, "0", json!("to the page where one signs in"));
    let error = slack.download(&Media::id("F1PNG"), 99).await.unwrap_err().to_string();
    assert!(error.contains("the app needs files:read"), "{error}");
}
