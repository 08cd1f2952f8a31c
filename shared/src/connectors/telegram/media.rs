//! Images, video, audio and files as calls of the Bot API
//! (<https://core.telegram.org/bots/api#sending-files>).

use serde_json::{Value, json};

use super::calls::{Call, Upload, refused};
use super::replies::{CAPTION, TEXT, text_call};
use crate::chat::{Media, Reply, SendError, Source, Target};

/// How many media an album has (<https://core.telegram.org/bots/api#sendmediagroup>).
const ALBUM: std::ops::RangeInclusive<usize> = 2..=10;

/// A way to send a file: its method, and the parameter that takes it.
struct Way {
    method: &'static str,
    field: &'static str,
    takes_caption: bool,
}

/// Kinds that a reply cannot name; an id says which of them it is of, `sticker:CAACAgIA…`. Telegram
/// sends a file again only as what it was.
const WAYS: [Way; 4] = [
    Way { method: "sendAnimation", field: "animation", takes_caption: true },
    Way { method: "sendSticker", field: "sticker", takes_caption: false },
    Way { method: "sendVideoNote", field: "video_note", takes_caption: false },
    Way { method: "sendVoice", field: "voice", takes_caption: true },
];

/// The file with its caption; a caption that is too long comes after it, as messages.
pub(super) fn calls(target: &Target, reply: &Reply) -> Result<Vec<Call>, SendError> {
    let (way, media) = way(reply)?;
    let caption = media.caption.as_deref().filter(|caption| !caption.is_empty());
    let below = caption.filter(|caption| way.takes_caption && CAPTION.fits(caption));
    let mut call = Call::to(way.method, target)?;
    let (value, upload) = source(media, way.field);
    call = call.with_some(way.field, value).with_some("caption", below);
    call.files.extend(upload);
    if let Some(url) = media.as_url() {
        let link = below.map_or_else(|| url.to_owned(), |caption| format!("{caption}\n{url}"));
        call.otherwise = Some(Box::new(text_call(target, &link)?));
    }
    let after = caption.filter(|_| below.is_none());
    let after = after.into_iter().flat_map(|text| TEXT.split(text));
    std::iter::once(Ok(call)).chain(after.map(|text| text_call(target, text))).collect()
}

/// Several at once, which are shown together. A caption that is too long is refused: below the album
/// nobody would know which of them it belongs to.
pub(super) fn album(target: &Target, replies: &[Reply]) -> Result<Call, SendError> {
    if !ALBUM.contains(&replies.len()) {
        return Err(refused("an album has 2 to 10 images and videos, or files, or audio files"));
    }
    let mut call = Call::to("sendMediaGroup", target)?;
    let mut items = Vec::new();
    for (index, reply) in replies.iter().enumerate() {
        let (way, media) = way(reply)?;
        let name = format!("file{index}");
        let (value, upload) = source(media, &name);
        let value = value.unwrap_or_else(|| json!(format!("attach://{name}")));
        let mut item = json!({ "type": way.field, "media": value });
        if let Some(caption) = &media.caption {
            if !CAPTION.fits(caption) {
                let most = CAPTION.length;
                return Err(refused(format!(
                    "a caption in an album has {most} characters at most"
                )));
            }
            item["caption"] = json!(caption);
        }
        items.push(item);
        call.files.extend(upload);
    }
    Ok(call.with("media", items))
}

fn way(reply: &Reply) -> Result<(Way, &Media), SendError> {
    let way = |method, field| Way { method, field, takes_caption: true };
    let (usual, media) = match reply {
        Reply::Image(media) if is(media, &["image/gif"]) => (animation(), media),
        Reply::Image(media) => (way("sendPhoto", "photo"), media),
        Reply::Video(media) => (way("sendVideo", "video"), media),
        Reply::Audio(media) if is(media, &["audio/ogg", "audio/opus"]) => {
            (way("sendVoice", "voice"), media)
        }
        Reply::Audio(media) => (way("sendAudio", "audio"), media),
        Reply::File(media) => (way("sendDocument", "document"), media),
        _ => return Err(refused("expected an image, a video, audio or a file")),
    };
    let kind = match &media.source {
        Source::Id(id) => id.split_once(':').map(|(kind, _)| kind),
        Source::Url(_) | Source::Data(_) => None,
    };
    let special = WAYS.into_iter().find(|way| Some(way.field) == kind);
    Ok((special.unwrap_or(usual), media))
}

fn animation() -> Way {
    Way { method: "sendAnimation", field: "animation", takes_caption: true }
}

fn is(media: &Media, types: &[&str]) -> bool {
    let given = media.mime_type.as_deref().unwrap_or_default();
    types.iter().any(|it| given.eq_ignore_ascii_case(it))
}

/// The file's id at Telegram.
pub(super) fn file_id(id: &str) -> &str {
    id.split_once(':').map_or(id, |(_, id)| id)
}

/// A URL or id for a parameter, or what is uploaded in a part called `field`.
fn source(media: &Media, field: &str) -> (Option<Value>, Option<Upload>) {
    match &media.source {
        Source::Url(url) => (Some(json!(url)), None),
        Source::Id(id) => (Some(json!(file_id(id))), None),
        Source::Data(bytes) => {
            let upload = Upload {
                field: field.to_owned(),
                name: media.name.clone().unwrap_or_else(|| "file".to_owned()),
                mime_type: media.mime_type.clone(),
                bytes: bytes.clone(),
            };
            (None, Some(upload))
        }
    }
}
