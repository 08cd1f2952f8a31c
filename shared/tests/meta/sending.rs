//! Files, and what a bot does with a message that it has said.

use patchcord::chat::{BotResult, Context, Media, Reply, SendError};
use patchcord::connectors::meta::Platform;
use serde_json::json;

use crate::graph::Graph;
use crate::replies::{attachment, said};
use crate::{function, webhook};

#[tokio::test]
async fn a_file_is_uploaded_and_then_sent() {
    for platform in [Platform::Messenger, Platform::Instagram] {
        let file = Media::data("cat.png", "image/png", "PNG");
        let (calls, answer) = said(platform, vec![Reply::Image(file)]).await;
        assert_eq!(answer.header("patchcord-failure"), "");
        let [upload, message] = &calls[..] else { panic!("two calls: {calls:?}") };
        assert_eq!(upload.path, "me/message_attachments");
        let (name, mime_type, bytes) = upload.file.clone().unwrap();
        assert_eq!(
            (name.as_str(), mime_type.as_str(), &bytes[..]),
            ("cat.png", "image/png", &b"PNG"[..])
        );
        let sent = attachment("image", json!({"attachment_id": "1857777774821032"}));
        assert_eq!(message.body["message"], sent);
    }
}

#[tokio::test]
async fn a_file_is_uploaded_as_what_it_is_and_its_caption_said_after_it() {
    let media = |mime_type: &str| {
        let caption = Some("A cat".to_owned());
        Media { caption, ..Media::data("cat", mime_type, "bytes") }
    };
    for (kind, reply) in [
        ("image", Reply::Image(media("image/png"))),
        ("video", Reply::Video(media("video/mp4"))),
        ("audio", Reply::Audio(media("audio/mpeg"))),
        ("file", Reply::File(media("application/pdf"))),
    ] {
        let (calls, answer) = said(Platform::Messenger, vec![reply]).await;
        assert_eq!(answer.header("patchcord-failure"), "", "{kind}");
        let [upload, message, caption] = &calls[..] else { panic!("three calls: {calls:?}") };
        assert_eq!(upload.body["message"]["attachment"]["type"], kind);
        assert_eq!(message.body["message"]["attachment"]["type"], kind);
        assert_eq!(caption.body["message"], json!({"text": "A cat"}), "{kind}");
    }
}

#[tokio::test]
async fn a_message_has_an_id_to_react_to() {
    async fn bot(context: Context) -> BotResult {
        let sent = context.send_text("hi").await?;
        context.react(sent.message_id.unwrap(), "❤").await?;
        let picture = Media { caption: Some("hi".to_owned()), ..Media::url("https://e.com/c.jpg") };
        let sent = context.send(Reply::Image(picture)).await?;
        assert_eq!(sent.message_id.as_deref(), Some("m_2"), "of the picture, not of its caption");
        let edited = context.edit("m_0", "new").await;
        assert!(matches!(edited, Err(SendError::Unsupported(_))), "{edited:?}");
        let deleted = context.delete("m_0").await;
        assert!(matches!(deleted, Err(SendError::Unsupported(_))), "{deleted:?}");
        let odd = context.send_custom(json!("hi")).await;
        assert!(matches!(odd, Err(SendError::Refused { .. })), "{odd:?}");
        Ok(())
    }
    let graph = Graph::start(Platform::Messenger).await;
    let answer = function(&graph.url, bot).await.handle(webhook("messenger", "text.json")).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    let bodies = graph.bodies();
    assert_eq!(bodies.len(), 4);
    assert_eq!(bodies[1]["payload"], json!({"message_id": "m_0", "reaction": "❤"}));
}

#[tokio::test]
async fn a_reply_that_grows_is_said_once_it_is_finished() {
    async fn bot(context: Context) -> BotResult {
        let mut reply = context.grow();
        for word in ["This ", "takes ", "a ", "while."] {
            reply.push(word).await?;
        }
        reply.finish().await?;
        Ok(())
    }
    let graph = Graph::start(Platform::Messenger).await;
    function(&graph.url, bot).await.handle(webhook("messenger", "text.json")).await;
    let texts: Vec<_> = graph.bodies().iter().map(|it| it["message"]["text"].clone()).collect();
    assert_eq!(texts, ["This takes a while."]);
}
