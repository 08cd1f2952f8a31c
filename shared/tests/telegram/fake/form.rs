//! The ways to pass parameters that Telegram takes of bodies
//! (<https://core.telegram.org/bots/api#making-requests>).

use bytes::Bytes;
use serde_json::{Map, Value};

use super::state::File;

/// The parameters and files of a body; nothing of one whose type is another.
pub async fn read(content_type: Option<&str>, body: Bytes) -> (Value, Vec<File>) {
    let content_type = content_type.unwrap_or_default();
    if content_type == "application/json" {
        return (serde_json::from_slice(&body).unwrap_or_default(), Vec::new());
    }
    let Ok(boundary) = multer::parse_boundary(content_type) else {
        return (Value::Null, Vec::new());
    };
    let stream = futures_util::stream::iter([Ok::<_, std::io::Error>(body)]);
    let mut form = multer::Multipart::new(stream, boundary);
    let (mut params, mut files) = (Map::new(), Vec::new());
    while let Some(part) = form.next_field().await.unwrap() {
        let field = part.name().unwrap().to_owned();
        let name = part.file_name().map(str::to_owned);
        let mime_type = part.content_type().map(ToString::to_string).unwrap_or_default();
        let content = part.bytes().await.unwrap();
        if let Some(name) = name {
            files.push(File { field, name, mime_type, content });
            continue;
        }
        let text = String::from_utf8(content.to_vec()).unwrap();
        // Numbers and objects are JSON here as well.
        let value = serde_json::from_str(&text).unwrap_or(Value::String(text));
        params.insert(field, value);
    }
    (Value::Object(params), files)
}
