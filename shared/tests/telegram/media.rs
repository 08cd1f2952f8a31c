//! Files, both ways.

use std::sync::Arc;

use patchcord::chat::Media;
use patchcord::chat::{BotResult, Context, Message, Reply};
use serde_json::{Value, json};

use super::fake::{Telegram, USER};
use super::harness::{Outcomes, function, note, text, update};

#[tokio::test]
async fn files_are_uploaded_as_parts_of_a_form() {
    let telegram = Telegram::start().await;
    let bot = |context: Context| async move {
        let picture = Media::data("cat.png", "image/png", &b"\x89PNG"[..]);
        let picture = Media { caption: Some("12".to_owned()), ..picture };
        context.send(Reply::Image(picture)).await?;
        let odd = Media { mime_type: Some("no type".to_owned()), ..Media::data("a", "", "b") };
        context.send(Reply::File(odd)).await?;
        BotResult::Ok(())
    };
    let answer = function(&telegram, bot).await.handle(update(&text(1, "go"))).await;
    assert_eq!(answer.header("patchcord-failure"), "");
    let asked = telegram.asked();
    let (picture, params) = (&asked[0].files[0], &asked[0].params);
    let file = (&*picture.field, &*picture.name, &*picture.mime_type, &picture.content[..]);
    assert_eq!(file, ("photo", "cat.png", "image/png", &b"\x89PNG"[..]));
    assert_eq!((&params["chat_id"], &params["caption"]), (&json!(USER), &json!(12)));
    assert_eq!((&*asked[1].files[0].field, &*asked[1].files[0].name), ("document", "a"));
}

/// Shows what it is shown, and says what is in it, of so many bytes at most.
fn shows_again(outcomes: &Outcomes, limit: usize) -> impl patchcord::chat::Bot + use<> {
    let outcomes = Arc::clone(outcomes);
    move |context: Context| {
        let outcomes = Arc::clone(&outcomes);
        async move {
            let Some(message) = context.event().message().cloned() else { return Ok(()) };
            let (media, reply) = match message {
                Message::Image(media) => (media.clone(), Reply::Image(media)),
                Message::Video(media) => (media.clone(), Reply::Video(media)),
                Message::Audio(media) => (media.clone(), Reply::Audio(media)),
                Message::File(media) => (media.clone(), Reply::File(media)),
                _ => return BotResult::Ok(()),
            };
            let content = context.download(&media, limit).await;
            note(&outcomes, content.map(|it| String::from_utf8_lossy(&it).into_owned()));
            context.send(reply).await?;
            Ok(())
        }
    }
}

fn shown(id: i64, content: &Value) -> Value {
    let mut update = text(id, "");
    let message = update["message"].as_object_mut().unwrap();
    message.remove("text");
    message.extend(content.as_object().unwrap().clone());
    update
}

#[tokio::test]
async fn what_somebody_sends_is_downloaded_and_shown_again_as_what_it_is() {
    let telegram = Telegram::start().await;
    telegram.keep("F", "documents/file 1#.bin", b"content");
    let outcomes = Outcomes::default();
    let function = function(&telegram, shows_again(&outcomes, 100)).await;
    let file = json!({ "file_id": "F" });
    let cases = [
        (json!({ "photo": [file] }), "sendPhoto"),
        (json!({ "document": file }), "sendDocument"),
        (json!({ "video": file }), "sendVideo"),
        (json!({ "audio": file }), "sendAudio"),
        (json!({ "voice": file }), "sendVoice"),
        (json!({ "sticker": file }), "sendSticker"),
        (json!({ "animation": file, "document": file }), "sendAnimation"),
    ];
    for (id, (content, method)) in (1..).zip(&cases) {
        let answer = function.handle(update(&shown(id, content))).await;
        assert_eq!(answer.header("patchcord-failure"), "", "{content}");
        assert_eq!(telegram.asked().last().unwrap().method, *method, "{content}");
    }
    let contents = outcomes.lock().unwrap().clone();
    assert_eq!(contents, vec![Ok("content".to_owned()); cases.len()]);
}

#[tokio::test]
async fn a_file_is_not_downloaded_if_it_is_too_large_or_gone() {
    let telegram = Telegram::start().await;
    telegram.keep("F", "file", b"content");
    let outcomes = Outcomes::default();
    let function = function(&telegram, shows_again(&outcomes, 6)).await;
    let document = |id: &str| json!({ "document": { "file_id": id } });
    function.handle(update(&shown(1, &document("F")))).await;
    assert_eq!(telegram.fetched(), 0, "Telegram says how large it is");
    let found = json!({ "ok": true, "result": { "file_id": "F", "file_path": "file" } });
    telegram.answer_next([(200, found)]);
    function.handle(update(&shown(2, &document("F")))).await;
    function.handle(update(&shown(3, &document("other")))).await;
    let too_large = Err("the platform refuses it: the file has more than 6 bytes".to_owned());
    let gone = Err("the platform refuses it: Bad Request: invalid file_id".to_owned());
    let longer = Err("the platform refuses it: it has more than 6 bytes".to_owned());
    assert_eq!(*outcomes.lock().unwrap(), [too_large, longer, gone]);
}
