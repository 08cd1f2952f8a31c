//! Answers that come line by line.

use std::io;

use bytes::Bytes;
use serde_json::json;

use crate::support::asked::{ask, written_by_hand};
use crate::support::function::piece;
use crate::support::rasa::{Step, rasa};
use crate::support::rest::streamed;

#[tokio::test]
async fn streamed_lines_are_said_as_they_arrive() {
    let (lines, body) = written_by_hand();
    let server = rasa(vec![Step::Body(body)]).await;
    let asked = ask(&server.url, json!({"stream": true})).await;
    let deadline = asked.function.deadline();
    let response = asked.function.webhook.handle(streamed("hi"), deadline).await;
    let mut said = response.into_body();
    for word in ["one", "two"] {
        // The server sends the second line only after the first was said here.
        let (first, second) = ("{\"te".to_owned(), format!("xt\": \"{word}\"}}\n"));
        lines.send(Ok(first.into())).unwrap();
        lines.send(Ok(second.into())).unwrap();
        let expected = format!("{}\n", json!({"recipient_id": "ada", "text": word}));
        assert_eq!(piece(&mut said).await.unwrap(), expected);
    }
    lines.send(Ok(Bytes::from_static(b"\n{\"text\": \"three\"}"))).unwrap(); // no line break at the end
    drop(lines);
    let expected = format!("{}\n", json!({"recipient_id": "ada", "text": "three"}));
    assert_eq!(piece(&mut said).await.unwrap(), expected);
    assert_eq!(piece(&mut said).await, None);
    assert_eq!(server.requests()[0].uri, "/webhooks/rest/webhook?stream=true");
}

#[tokio::test]
async fn a_stream_that_breaks_before_its_first_line_is_asked_for_again() {
    let (pieces, body) = written_by_hand();
    pieces.send(Ok(Bytes::from_static(b"{\"text\": \"half\""))).unwrap();
    pieces.send(Err(io::Error::other("broken"))).unwrap();
    let whole = Step::Answer(200, Bytes::from_static(b"{\"text\": \"hello\"}\n"));
    let server = rasa(vec![Step::Body(body), whole]).await;
    let answer = ask(&server.url, json!({"stream": true})).await.function.say("hi").await;
    assert_eq!((answer.texts(), server.requests().len()), (vec!["hello".to_owned()], 2));
}

#[tokio::test]
async fn a_stream_that_breaks_after_its_first_line_is_not() {
    let (pieces, body) = written_by_hand();
    let server = rasa(vec![Step::Body(body)]).await;
    let asked = ask(&server.url, json!({"stream": true})).await;
    let deadline = asked.function.deadline();
    let response = asked.function.webhook.handle(streamed("hi"), deadline).await;
    let mut said = response.into_body();
    pieces.send(Ok(Bytes::from_static(b"{\"text\": \"hello\"}\n"))).unwrap();
    assert!(piece(&mut said).await.is_some());
    pieces.send(Err(io::Error::other("broken"))).unwrap();
    assert_eq!(piece(&mut said).await, None);
    let errors = asked.errors.lock().unwrap();
    assert!(errors[0].starts_with("the bot's server could not be reached, or hung up"));
    assert_eq!(server.requests().len(), 1);
}
