//! What is tried again, when, and what is not.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use futures_util::future::join_all;
use patchcord::botmatic::api::ApiError;
use patchcord::ground::clock::ManualClock;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::harness::{ALL, Harness, Op};
use crate::support::nobody::Nobody;
use crate::support::pauses::logged;
use crate::support::server::{Reply, Server};

/// For a call of a server that is silent.
const TIME: Duration = Duration::from_secs(5);

/// An answer that every call takes for success.
fn ok() -> Reply {
    let result = r#"{"success": true, "id": 1}"#;
    let body = format!("{{\"success\": true, \"id\": 1, \"contacts\": [{result}, {result}]}}");
    Reply::Answer(200, Vec::new(), body.into())
}

/// Answers with these first, then with success.
async fn first(replies: Vec<Reply>) -> (Server, Harness) {
    let replies = Mutex::new(replies.into_iter());
    let server = Server::start(move |_| replies.lock().unwrap().next().unwrap_or_else(ok)).await;
    let api = Harness::of(&server.url);
    (server, api)
}

#[tokio::test]
async fn what_certainly_has_not_happened_is_tried_again() {
    for op in ALL {
        let (server, api) = first(vec![Reply::empty(429), Reply::empty(503)]).await;
        assert!(api.call(op).await.is_ok(), "{op:?}");
        assert_eq!((server.lines().len(), api.pauses.taken().len()), (3, 2), "{op:?}");
    }
}

#[tokio::test]
async fn what_may_have_happened_is_tried_again_unless_it_makes_something() {
    for reply in [|| Reply::empty(500), || Reply::empty(504), || Reply::HangUp] {
        for op in ALL {
            let (server, api) = first(vec![reply(), Reply::empty(429)]).await;
            let done = api.call(op).await;
            if op.makes() {
                let error = done.unwrap_err();
                assert!(error.may_have_happened() && error.is_retryable(), "{op:?}: {error:?}");
                assert_eq!(server.lines().len(), 1, "{op:?}");
            } else {
                assert!(done.is_ok(), "{op:?}: {done:?}");
                assert_eq!(server.lines().len(), 3, "{op:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_deletion_whose_answer_was_lost_is_done() {
    let (server, api) = first(vec![Reply::HangUp, Reply::empty(404)]).await;
    api.call(Op::Delete("1")).await.unwrap();
    assert_eq!(server.lines().len(), 2);
    for replies in [vec![Reply::empty(404)], vec![Reply::empty(503), Reply::empty(404)]] {
        let (_server, api) = first(replies).await;
        let error = api.call(Op::Delete("1")).await.unwrap_err();
        assert!(matches!(error, ApiError::NotFound), "{error:?}");
    }
}

#[tokio::test]
async fn botmatic_is_obeyed_within_the_time_there_is() {
    for (header, expected) in [("7", 7), ("Sun, 06 Nov 1994 08:49:37 GMT", 30)] {
        for status in [429, 503] {
            let (_server, api) =
                first(vec![Reply::empty(status).with("retry-after", header)]).await;
            api.call(Op::Create).await.unwrap();
            assert_eq!(api.pauses.taken(), [Duration::from_secs(expected)], "{header}");
        }
    }
    let (server, api) = first(vec![Reply::empty(429).with("retry-after", "61")]).await;
    let error = api.call(Op::Update("1")).await.unwrap_err();
    assert!(matches!(error, ApiError::RateLimited { .. }), "{error:?}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(61)));
    assert_eq!((server.lines().len(), api.pauses.taken().len()), (1, 0));
}

#[tokio::test]
async fn attempts_end() {
    let replies = [500, 429, 503, 429].map(Reply::empty);
    let (server, api) = first(replies.into()).await;
    let error = api.call(Op::Update("1")).await.unwrap_err();
    assert_eq!(server.lines().len(), 4);
    // The last attempt was refused, which says nothing of the first one.
    assert!(matches!(error, ApiError::Unavailable { may_have_happened: true, .. }), "{error:?}");
    let pauses = api.pauses.taken();
    let ranges = [(100, 200), (200, 400), (400, 800)];
    for (pause, (low, high)) in pauses.iter().zip(ranges) {
        let range = Duration::from_millis(low)..=Duration::from_millis(high);
        assert!(range.contains(pause), "{pauses:?}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_has_done_nothing() {
    let nobody = Nobody::anywhere();
    let api = Harness::of(&format!("http://{}", nobody.address));
    for (op, pauses) in [(Op::Create, 3), (Op::Update("1"), 6)] {
        let error = api.call(op).await.unwrap_err();
        assert!(error.is_retryable() && !error.may_have_happened(), "{error:?}");
        assert_eq!(api.pauses.taken().len(), pauses, "{op:?}");
        let shown = logged(&error);
        assert!(shown.contains("refused") && !shown.contains("/api"), "{shown}");
    }
}

#[tokio::test]
async fn silence_ends_with_the_time_there_is() {
    let is_over = async |op| {
        let clock = Arc::new(OnceLock::<Arc<ManualClock>>::new());
        let over = Arc::clone(&clock);
        let server = Server::start(move |_| {
            over.get().unwrap().advance(TIME);
            Reply::Silence
        });
        let server = server.await;
        let api = Harness { time: TIME, ..Harness::of(&server.url) };
        clock.set(Arc::clone(&api.clock)).unwrap();
        let error = api.call(op).await.unwrap_err();
        assert!(error.may_have_happened() && error.is_retryable(), "{op:?}: {error:?}");
        assert!(logged(&error).contains("no answer in time"), "{error:?}");
        assert_eq!(server.lines().len(), 1, "{op:?}");
    };
    join_all([Op::Create, Op::Validate, Op::UpdateMany(1)].map(is_over)).await;
    let (server, api) = first(vec![]).await;
    let api = Harness { time: Duration::ZERO, ..api };
    let error = api.call(Op::Create).await.unwrap_err();
    assert!(!error.may_have_happened(), "{error:?}");
    assert_eq!(server.lines().len(), 0);
}

#[tokio::test]
async fn half_an_answer_is_none() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = Harness::of(&format!("http://{}", listener.local_addr().unwrap()));
    let serving = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let _ = stream.read(&mut request).await.unwrap();
        let half = b"HTTP/1.1 201 Created\r\ncontent-length: 30\r\n\r\n{\"success\": true";
        stream.write_all(half).await.unwrap();
    });
    let error = api.call(Op::Create).await.unwrap_err();
    assert!(matches!(error, ApiError::Unavailable { may_have_happened: true, .. }), "{error:?}");
    assert_eq!(api.pauses.taken().len(), 0);
    serving.await.unwrap();
}
