//! What the page, or another client, sends to save the settings: JSON, or a multipart form where
//! there are files (RFC 7578).

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use http::StatusCode;
use multer::Multipart;
use serde_json::{Map, Value};

use super::Upload;
use crate::ground::secret::Secret;

/// The longest body that is read. Forms whose values can be stored are well below it.
pub const MAX_BODY_BYTES: usize = 500_000;

const JSON: &str = "application/json";
const MULTIPART: &str = "multipart/form-data";

/// A body that holds no settings. Shows nothing of it.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// It is longer than anything that could be stored.
    #[error("expected a body of at most {MAX_BODY_BYTES} bytes")]
    TooLarge,
    /// It is in a form that is not understood.
    #[error("expected a body of type {JSON} or {MULTIPART}")]
    ContentType,
    /// It is not JSON.
    #[error("the body is not valid JSON")]
    Json(#[source] serde_json::Error),
    /// It is JSON of another shape.
    #[error("expected a JSON object")]
    NotAnObject,
    /// It is not a multipart form.
    #[error("the body is not a valid multipart form")]
    Multipart(#[source] multer::Error),
    /// A part of the multipart form has no name, is there twice, or is no text in UTF-8.
    #[error("expected every field once, with a name, as a file or as text in UTF-8")]
    Part,
    /// It does not say whose settings these are.
    #[error("expected the integration's token in the field `token`")]
    MissingToken,
}

impl FormError {
    /// The status to answer with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::MissingToken => StatusCode::UNAUTHORIZED,
            Self::Json(_) | Self::NotAnObject | Self::Multipart(_) | Self::Part => {
                StatusCode::BAD_REQUEST
            }
        }
    }
}

/// The values of the form as they were sent, not yet checked, and the token that came with them.
/// It has no `Debug`: it holds secrets.
pub struct Submission {
    /// The integration's token.
    pub token: Secret,
    pub(super) values: Map<String, Value>,
}

impl Submission {
    /// Reads a body; its content type says what it is.
    pub async fn parse(content_type: &str, body: Bytes) -> Result<Self, FormError> {
        if body.len() > MAX_BODY_BYTES {
            return Err(FormError::TooLarge);
        }
        let media_type = content_type.split(';').next().unwrap_or_default().trim();
        let mut values = if media_type.eq_ignore_ascii_case(JSON) {
            match serde_json::from_slice(&body).map_err(FormError::Json)? {
                Value::Object(values) => values,
                _ => return Err(FormError::NotAnObject),
            }
        } else if media_type.eq_ignore_ascii_case(MULTIPART) {
            multipart(content_type, body).await?
        } else {
            return Err(FormError::ContentType);
        };
        let token = match values.remove("token") {
            Some(Value::String(token)) => Secret::try_from(token).ok(),
            _ => None,
        };
        Ok(Self { token: token.ok_or(FormError::MissingToken)?, values })
    }
}

/// The parts of a multipart form by name, files as [`Upload`]s.
async fn multipart(content_type: &str, body: Bytes) -> Result<Map<String, Value>, FormError> {
    let boundary = multer::parse_boundary(content_type).map_err(FormError::Multipart)?;
    let body = stream::once(async { Ok::<_, Infallible>(body) });
    let mut parts = Multipart::new(body, boundary);
    let mut values = Map::new();
    while let Some(part) = parts.next_field().await.map_err(FormError::Multipart)? {
        let name = part.name().ok_or(FormError::Part)?.to_owned();
        let file = part.file_name().map(str::to_owned);
        let content_type = part.content_type().map(ToString::to_string).unwrap_or_default();
        let bytes = part.bytes().await.map_err(FormError::Multipart)?;
        let value = match file {
            // What browsers send where no file was chosen.
            Some(file) if file.is_empty() && bytes.is_empty() => Value::Null,
            Some(file) => Upload::new(&file, &content_type, &bytes).into(),
            None => str::from_utf8(&bytes).map_err(|_| FormError::Part)?.into(),
        };
        if values.insert(name, value).is_some() {
            return Err(FormError::Part);
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests;
