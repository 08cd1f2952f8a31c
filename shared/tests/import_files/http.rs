//! Files on servers, which break off, refuse, and are slow.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::Response;
use patchcord::contacts::consumer::Cursor;
use patchcord::contacts::import::source::SourceError;
use serde_json::{Value, json};

use crate::support::pauses::logged;
use crate::support::remote::Remote;
use crate::support::server::{Recorded, Server};
use crate::support::source::{File, file};

const TEXT: &str = "id,name\n1,Ada\n2,B\n3,C\n4,D\n5,E\n";

fn at(server: &Server) -> File {
    file(json!({"url": format!("{}/sesame", server.url), "format": "csv"}))
}

fn ranges(server: &Server) -> Vec<String> {
    let range = |request: &Recorded| match request.headers.get("range") {
        Some(range) => range.to_str().unwrap().to_owned(),
        None => "all".to_owned(),
    };
    server.requests().iter().map(range).collect()
}

/// Answers with each of `answers` in turn, then with the file.
async fn answering(answers: Vec<(u16, &'static [(&'static str, &'static str)])>) -> Server {
    let (next, remote) = (Arc::new(AtomicUsize::new(0)), Remote::new(TEXT));
    Server::start(move |request| {
        let answer = match answers.get(next.fetch_add(1, Ordering::Relaxed)) {
            None => remote.answer(&request),
            Some((status, headers)) => {
                let response = Response::builder().status(*status);
                let response =
                    headers.iter().fold(response, |it, (name, value)| it.header(*name, *value));
                response.body(Body::from("sesame")).unwrap()
            }
        };
        async move { answer }
    })
    .await
}

#[tokio::test]
async fn page_after_page_is_one_request() {
    let server = Remote::new(TEXT).start().await;
    let file = at(&server);
    let (content, cursors) = file.pages(&Cursor::Start, 1).await.unwrap();
    assert_eq!(
        (content.contacts.len(), cursors.len(), ranges(&server)),
        (5, 5, vec!["all".to_owned()])
    );
    // Any other place: the header row again, and from there on.
    let page = file.page(&cursors[2], 1).await.unwrap();
    assert_eq!((page.contacts[0].id.as_str(), page.next.as_ref()), ("3", Some(&cursors[3])));
    assert_eq!(ranges(&server)[1..], ["all", "bytes=18-"]);
    let page = file.page(&cursors[1], 1).await.unwrap();
    assert_eq!((page.contacts[0].id.as_str(), page.next.as_ref()), ("2", Some(&cursors[2])));
}

#[tokio::test]
async fn a_connection_that_breaks_is_made_again_where_it_broke() {
    for has_ranges in [true, false] {
        for breaks in [&[0, 0][..], &[3, 1, 9, 0], &[TEXT.len() - 1], &[TEXT.len()]] {
            let remote = Remote { has_ranges, pieces: vec![2, 1, 5], ..Remote::new(TEXT) };
            let server = remote.breaking(breaks).start().await;
            let file = at(&server);
            let content = file.all().await.unwrap();
            let ids: Vec<_> =
                content.contacts.iter().map(|it| it["id"].as_str().unwrap()).collect();
            assert_eq!(ids, ["1", "2", "3", "4", "5"], "{breaks:?}, ranges: {has_ranges}");
            assert_eq!(file.pauses().len(), breaks.len(), "{breaks:?}, ranges: {has_ranges}");
        }
    }
    let server = Remote::new(TEXT).breaking(&[3, 9, 0]).start().await;
    at(&server).all().await.unwrap();
    assert_eq!(ranges(&server), ["all", "bytes=3-", "bytes=12-", "bytes=12-"]);
}

#[tokio::test]
async fn a_server_may_give_less_of_a_file_than_it_was_asked_for() {
    for most in [1, 3, 18] {
        let remote = Remote { most, ..Remote::new(TEXT) };
        let server = remote.breaking(&[5]).start().await;
        let file = at(&server);
        assert_eq!(file.all().await.unwrap().contacts.len(), 5, "{most}");
        assert_eq!(file.pauses().len(), 1, "{most}: only what breaks is waited for");
        let parts = (TEXT.len() - 5).div_ceil(most);
        assert_eq!(server.requests().len(), 1 + parts, "{most}");
    }
}

#[tokio::test]
async fn an_answer_without_all_the_bytes_it_announces_is_asked_for_again() {
    let server = Remote::new(TEXT).start().await;
    let cursor = at(&server).page(&Cursor::Start, 1).await.unwrap().next.unwrap();
    let remote = Remote::new(TEXT);
    let (from, next) = ("id,name\n1,Ada\n".len(), Arc::new(AtomicUsize::new(0)));
    let server = Server::start(move |request| {
        let mut answer = remote.answer(&request);
        // It ends as a whole answer does.
        if answer.status() == 206 && next.fetch_add(1, Ordering::Relaxed) == 0 {
            *answer.body_mut() = Body::from(&TEXT[from..from + 4]);
        }
        async move { answer }
    })
    .await;
    let file = at(&server);
    let (content, _) = file.pages(&cursor, 9).await.unwrap();
    assert_eq!((content.contacts.len(), file.pauses().len()), (4, 1));
    assert_eq!(ranges(&server), ["all", "bytes=14-", "bytes=18-"]);
}

#[tokio::test]
async fn it_is_not_made_again_for_ever() {
    let server = Remote::new(TEXT).breaking(&[1; 20]).start().await;
    let file = at(&server);
    let error = file.page(&Cursor::Start, 9).await.map(drop).unwrap_err();
    assert_eq!(error.to_string(), "the file could not be fetched: no connection, or it broke");
    assert!(error.is_retryable());
    assert!(!logged(&error).contains("sesame"), "{}", logged(&error));
    assert_eq!((server.requests().len(), file.pauses().len()), (6, 5));
}

#[tokio::test]
async fn what_goes_on_is_the_same_file() {
    let next = AtomicUsize::new(0);
    let first = Remote::new(TEXT).breaking(&[12]);
    let second = Remote { tag: Some(("etag", "\"two\"")), ..Remote::new(TEXT) };
    let answers = Arc::new((next, first, second));
    let server = Server::start(move |request| {
        let (next, first, second) = &*answers;
        let is_first = next.fetch_add(1, Ordering::Relaxed) == 0;
        let answer = if is_first { first.answer(&request) } else { second.answer(&request) };
        async move { answer }
    })
    .await;
    assert_eq!(at(&server).error().await, "the file has changed since the import began");
}

#[tokio::test]
async fn what_is_no_file_is_told_apart() {
    let unavailable = |status| format!("the file could not be fetched: status {status}");
    let refused = |status| format!("the file was refused with status {status}");
    for (status, headers, expected, requests) in [
        (404, &[][..], "there is no such file".to_owned(), 1),
        (410, &[], "there is no such file".to_owned(), 1),
        (401, &[], refused(401), 1),
        (403, &[], refused(403), 1),
        (302, &[("location", "/sesame")], refused(302), 1),
        (204, &[], refused(204), 1),
        (416, &[], refused(416), 1),
        (408, &[], unavailable(408), 6),
        (429, &[], unavailable(429), 6),
        (500, &[], unavailable(500), 6),
        (503, &[], unavailable(503), 6),
        (
            200,
            &[("content-encoding", "gzip")],
            "answer: expected a file that is not compressed".to_owned(),
            1,
        ),
    ] {
        let server = answering(vec![(status, headers); 9]).await;
        let error = at(&server).page(&Cursor::Start, 9).await.map(drop).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.is_retryable(), requests > 1, "{status}");
        assert!(!logged(&error).contains("sesame"), "{}", logged(&error));
        assert_eq!(server.requests().len(), requests, "{status}");
    }
}

#[tokio::test]
async fn other_bytes_than_those_asked_for_are_refused() {
    let server = Remote::new(TEXT).start().await;
    let cursor = at(&server).page(&Cursor::Start, 1).await.unwrap().next.unwrap();
    for range in [
        &[("content-range", "bytes 0-29/30")][..],
        &[("content-range", "lines 14-29/30")],
        // Without the length of the file nothing tells its end from that of a part.
        &[("content-range", "bytes 14-29/*")],
        &[("content-range", "bytes 14-30/30")],
        &[("content-range", "bytes 14-13/30")],
        &[],
    ] {
        let remote = Remote::new(TEXT);
        let server = Server::start(move |request| {
            let is_whole = request.headers.get("range").is_none();
            let mut answer = remote.answer(&request);
            if !is_whole {
                answer.headers_mut().remove("content-range");
                for (name, value) in range {
                    answer.headers_mut().insert(*name, value.parse().unwrap());
                }
            }
            async move { answer }
        })
        .await;
        let error = at(&server).page(&cursor, 1).await.map(drop).unwrap_err();
        assert_eq!(
            error.to_string(),
            "answer: expected the bytes that were asked for, and the length of the file"
        );
    }
}

#[tokio::test]
async fn a_server_is_asked_again_when_it_says() {
    let server = answering(vec![
        (429, &[("retry-after", "7")]),
        (503, &[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]),
    ])
    .await;
    let file = at(&server);
    assert_eq!(file.all().await.unwrap().contacts.len(), 5);
    assert_eq!(file.pauses(), [7, 23].map(Duration::from_secs));
    let server = answering(vec![(503, &[("retry-after", "120")])]).await;
    let file = at(&server);
    let error = file.page(&Cursor::Start, 9).await.map(drop).unwrap_err();
    assert_eq!((error.retry_after(), error.is_retryable()), (Some(Duration::from_mins(2)), true));
    assert_eq!((server.requests().len(), file.pauses()), (1, vec![]));
}

/// The first answer stops after some bytes, and does not end.
async fn hanging(after: &'static str) -> Server {
    let (next, remote) = (Arc::new(AtomicUsize::new(0)), Remote::new(TEXT));
    Server::start(move |request| {
        let mut answer = remote.answer(&request);
        if next.fetch_add(1, Ordering::Relaxed) == 0 {
            let begin =
                stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(after.as_bytes()))]);
            *answer.body_mut() = Body::from_stream(begin.chain(stream::pending()));
        }
        async move { answer }
    })
    .await
}

#[tokio::test]
async fn nothing_takes_longer_than_the_page_may() {
    let server = hanging("id,name\n1,A").await;
    let file = at(&server).with_time(Duration::from_millis(150));
    let error = file.page(&Cursor::Start, 9).await.map(drop).unwrap_err();
    assert_eq!(error.to_string(), "the file could not be fetched: no answer in time");
    assert!(matches!(error, SourceError::Unavailable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_page_that_is_given_up_is_read_again() {
    let server = hanging("id,name\n1,Ada\n2,B\n3,").await;
    let file = at(&server);
    let first = file.page(&Cursor::Start, 2).await.unwrap();
    assert_eq!(first.contacts.len(), 2);
    let third = first.next.unwrap();
    let given_up = tokio::time::timeout(Duration::from_millis(50), file.page(&third, 1)).await;
    assert!(given_up.is_err(), "the server is silent");
    let page = file.page(&third, 1).await.unwrap();
    let contact = Value::Object(page.contacts[0].fields.clone());
    assert_eq!(contact, json!({"id": "3", "name": "C"}));
    assert_eq!(ranges(&server), ["all", "all", "bytes=18-"]);
}
