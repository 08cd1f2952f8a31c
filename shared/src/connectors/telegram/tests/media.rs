//! Images, video, audio and files.

use serde_json::json;

use super::shown::{calls, group};
use crate::chat::{Media, Reply, SendError};
use crate::connectors::telegram::{media, replies};

#[test]
fn media_go_as_what_they_are() {
    let url = "https://e.com/x";
    let typed = |mime: &str| Media { mime_type: Some(mime.to_owned()), ..Media::url(url) };
    for (reply, expected) in [
        (Reply::Image(Media::url(url)), json!(["sendPhoto", { "photo": url }])),
        (Reply::Image(Media::id("AgAC")), json!(["sendPhoto", { "photo": "AgAC" }])),
        (Reply::Image(typed("image/gif")), json!(["sendAnimation", { "animation": url }])),
        (Reply::Image(Media::id("sticker:CA")), json!(["sendSticker", { "sticker": "CA" }])),
        (Reply::File(Media::url(url)), json!(["sendDocument", { "document": url }])),
        (Reply::Video(Media::url(url)), json!(["sendVideo", { "video": url }])),
        (Reply::Video(Media::id("animation:Cg")), json!(["sendAnimation", { "animation": "Cg" }])),
        (Reply::Video(Media::id("video_note:D")), json!(["sendVideoNote", { "video_note": "D" }])),
        (Reply::Audio(Media::url(url)), json!(["sendAudio", { "audio": url }])),
        (Reply::Audio(typed("audio/ogg")), json!(["sendVoice", { "voice": url }])),
        (Reply::Audio(typed("audio/opus")), json!(["sendVoice", { "voice": url }])),
        (Reply::Audio(Media::id("voice:Aw")), json!(["sendVoice", { "voice": "Aw" }])),
    ] {
        assert_eq!(calls(&reply), [expected], "{reply:?}");
    }
    let upload = Reply::Image(Media::data("c.png", "image/png", "bytes"));
    let uploaded = replies::calls(&group(), &upload).unwrap().remove(0);
    let file = &uploaded.files[0];
    assert_eq!((uploaded.params.get("photo"), &*file.field, &*file.name), (None, "photo", "c.png"));
    assert_eq!((file.mime_type.as_deref(), &file.bytes[..]), (Some("image/png"), &b"bytes"[..]));
}

#[test]
fn a_caption_that_is_too_long_comes_after_its_picture() {
    let with = |caption: &str, media| Media { caption: Some(caption.to_owned()), ..media };
    let reply = |caption: &str| Reply::Image(with(caption, Media::url("u")));
    let (most, more) = ("😀".repeat(512), "😀".repeat(513));
    assert_eq!(
        calls(&reply("A cat")),
        [json!(["sendPhoto", { "photo": "u", "caption": "A cat" }])]
    );
    assert_eq!(calls(&reply(&most)), [json!(["sendPhoto", { "photo": "u", "caption": most }])]);
    let expected =
        [json!(["sendPhoto", { "photo": "u" }]), json!(["sendMessage", { "text": more }])];
    assert_eq!(calls(&reply(&more)), expected);
    assert_eq!(calls(&reply(&"word ".repeat(1000))).len(), 3, "5,000 characters are two messages");
    let sticker = Reply::Image(with("A cat", Media::id("sticker:CA")));
    let expected =
        [json!(["sendSticker", { "sticker": "CA" }]), json!(["sendMessage", { "text": "A cat" }])];
    assert_eq!(calls(&sticker), expected, "a sticker has no caption");
}

#[test]
fn what_telegram_cannot_get_is_sent_as_a_link() {
    let media = Media { caption: Some("Report".to_owned()), ..Media::url("https://e.com/r.docx") };
    let call = replies::calls(&group(), &Reply::File(media)).unwrap().remove(0);
    let link = call.otherwise.unwrap();
    assert_eq!(
        (&*link.method, &link.params["text"]),
        ("sendMessage", &json!("Report\nhttps://e.com/r.docx"))
    );
    let uploaded = Reply::File(Media::data("a", "text/plain", "b"));
    assert_eq!(replies::calls(&group(), &uploaded).unwrap()[0].otherwise, None);
}

#[test]
fn an_album_refers_to_its_uploads() {
    let captioned = Media { caption: Some("One".to_owned()), ..Media::url("u") };
    let album = [
        Reply::Image(captioned),
        Reply::Video(Media::id("BAAC")),
        Reply::Image(Media::data("c.png", "image/png", "bytes")),
    ];
    let call = media::album(&group(), &album).unwrap();
    let items = json!([
        { "type": "photo", "media": "u", "caption": "One" },
        { "type": "video", "media": "BAAC" },
        { "type": "photo", "media": "attach://file2" },
    ]);
    assert_eq!((&*call.method, &call.params["media"]), ("sendMediaGroup", &items));
    assert_eq!(call.files.iter().map(|it| &*it.field).collect::<Vec<_>>(), ["file2"]);
    for wrong in [&album[..1], &[Reply::text("a"), Reply::text("b")]] {
        assert!(media::album(&group(), wrong).is_err());
    }
}

#[test]
fn an_albums_captions_are_short() {
    let album = |caption: String| {
        let captioned = Media { caption: Some(caption), ..Media::url("u") };
        media::album(&group(), &[Reply::Image(Media::url("u")), Reply::Image(captioned)])
    };
    assert!(album("😀".repeat(512)).is_ok());
    match album("😀".repeat(513)) {
        Err(SendError::Refused { reason }) => {
            assert_eq!(reason, "a caption in an album has 1024 characters at most");
        }
        other => panic!("{other:?}"),
    }
}
