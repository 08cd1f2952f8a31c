//! An answer and its body: all at once, or line by line as the bot speaks.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};
use http_body::{Body, Frame};
use serde_json::Value;
use tokio::sync::mpsc::UnboundedReceiver;

/// Kept back of an invocation's time by what calls others, so that the answer arrives.
pub(super) const TIME_TO_ANSWER: Duration = Duration::from_millis(200);

/// The body of a response.
#[derive(Debug)]
pub enum AnswerBody {
    /// All of it.
    Whole(Option<Bytes>),
    /// Lines as they come; an empty one is the last.
    Lines(UnboundedReceiver<Bytes>),
}

impl From<Bytes> for AnswerBody {
    fn from(bytes: Bytes) -> Self {
        Self::Whole(Some(bytes))
    }
}

/// An answer in JSON.
pub(super) fn json_answer(status: StatusCode, body: &Value) -> Response<AnswerBody> {
    answer_of_type(status, "application/json", body.to_string())
}

/// An answer that is all there.
pub(super) fn answer_of_type(
    status: StatusCode,
    content_type: &'static str,
    body: String,
) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::from(Bytes::from(body)));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let bytes = match self.get_mut() {
            Self::Whole(bytes) => bytes.take(),
            Self::Lines(lines) => ready!(lines.poll_recv(context)),
        };
        Poll::Ready(bytes.filter(|bytes| !bytes.is_empty()).map(|bytes| Ok(Frame::data(bytes))))
    }
}
