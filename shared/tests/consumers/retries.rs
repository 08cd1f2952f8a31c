//! What is repeated, when, and what is not.

use std::time::Duration;

use patchcord::contacts::consumer::ConsumerError;
use serde_json::{Value, json};

use crate::support::harness::{Harness, consumer, logged};
use crate::support::nobody::Nobody;
use crate::support::server::{Reply, Server};

const SERVICE: &str = "{type: http, base_url: URL, timeout_seconds: 10, retries: 2, operations: {
    create_contact: {method: POST, path: /c, json: '{{ contact }}'},
    get_contact: {method: GET, path: '/c/{{ id }}'},
    update_contact: {method: PATCH, path: '/c/{{ id }}', json: '{{ contact }}'},
    delete_contact: {method: DELETE, path: '/c/{{ id }}'}}}";

fn ok() -> Reply {
    Reply::json(200, &json!({"id": 1}))
}

fn ada() -> Value {
    json!({"email": "sesame@example.com"})
}

/// Waits for an answer for ten seconds, for five where there is none.
async fn scripted(replies: Vec<Reply>) -> (Server, Harness) {
    let is_silent = replies.iter().any(|reply| matches!(reply, Reply::Silence));
    let timeout = if is_silent { "timeout_seconds: 5," } else { "timeout_seconds: 10," };
    let server = Server::script(replies).await;
    let service = consumer(&SERVICE.replace("timeout_seconds: 10,", timeout), &server.url);
    (server, service)
}

#[tokio::test]
async fn both_forms_of_retry_after_are_obeyed() {
    for (header, expected) in [("7", 7), ("Sun, 06 Nov 1994 08:49:37 GMT", 30)] {
        let limited = Reply::empty(429).with("retry-after", header);
        let (server, service) = scripted(vec![limited, ok()]).await;
        assert_eq!(service.create(ada()).await.unwrap(), "1");
        assert_eq!(service.pauses(), [Duration::from_secs(expected)], "{header}");
        assert_eq!(server.lines().len(), 2);
    }
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_left_to_the_caller() {
    let limited = || Reply::empty(429).with("retry-after", "120");
    let (server, service) = scripted(vec![limited(), limited()]).await;
    for error in [service.get("1").await.unwrap_err(), service.create(ada()).await.unwrap_err()] {
        assert!(matches!(error, ConsumerError::RateLimited { .. }), "{error:?}");
        assert_eq!(error.retry_after(), Some(Duration::from_mins(2)));
        assert_eq!((error.is_retryable(), error.may_have_happened()), (true, false));
    }
    assert_eq!((server.lines().len(), service.pauses()), (2, vec![]));
}

#[tokio::test]
async fn pauses_grow_and_attempts_are_counted() {
    let (server, service) =
        scripted(vec![Reply::empty(503), Reply::empty(500), Reply::empty(502)]).await;
    let error = service.get("1").await.unwrap_err();
    assert_eq!(error.to_string(), "the service is unavailable: status 502");
    assert_eq!(server.lines().len(), 3, "one attempt and two retries");
    let pauses = service.pauses();
    for (pause, most) in pauses.iter().zip([200, 400].map(Duration::from_millis)) {
        assert!((most / 2..=most).contains(pause), "{pauses:?}");
    }
}

#[tokio::test]
async fn what_can_be_repeated_survives_every_kind_of_failure() {
    for failure in [|| Reply::HangUp, || Reply::Silence, || Reply::empty(503), || Reply::empty(429)]
    {
        // One answer more, for a machine that is too busy for the first.
        let script = |reply: fn() -> Reply| scripted(vec![failure(), reply(), reply()]);
        let gets = async {
            let (_server, service) = script(ok).await;
            assert_eq!(service.get("1").await.unwrap()["id"], "1");
        };
        let updates = async {
            let (_server, service) = script(|| Reply::empty(204)).await;
            service.update("1", ada()).await.unwrap();
        };
        let deletes = async {
            let (_server, service) = script(|| Reply::empty(204)).await;
            service.delete("1").await.unwrap();
        };
        tokio::join!(gets, updates, deletes);
    }
}

#[tokio::test]
async fn a_creation_whose_answer_was_lost_is_not_repeated() {
    for (failure, expected) in [
        (Reply::HangUp, "the service is unavailable: no connection, or it broke"),
        (Reply::Silence, "the service is unavailable: no answer in time"),
        (Reply::empty(503), "the service is unavailable: status 503"),
    ] {
        let (server, service) = scripted(vec![failure]).await;
        let error = service.create(ada()).await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(error.may_have_happened() && error.is_retryable(), "{expected}");
        assert!(!logged(&error).contains("sesame"), "{}", logged(&error));
        assert!(!logged(&error).contains(&server.url), "{}", logged(&error));
        assert_eq!(server.lines().len(), 1, "{expected}");
    }
}

#[tokio::test]
async fn a_creation_that_cannot_have_happened_is_repeated() {
    let nobody = Nobody::anywhere();
    let service = consumer(SERVICE, &format!("http://{}", nobody.address));
    let error = service.create(ada()).await.unwrap_err();
    assert!(!error.may_have_happened(), "{error:?}");
    assert_eq!(service.pauses().len(), 2, "nobody was there, three times");
}

#[tokio::test]
async fn an_uncertain_creation_stays_one_whatever_comes_after() {
    let idempotent = SERVICE.replace("path: /c,", "path: /c, idempotent: true,");
    for (status, requests) in [(429, 3), (409, 2), (422, 2), (403, 2)] {
        let refused = [status, status].map(Reply::empty);
        let server = Server::script([Reply::HangUp].into_iter().chain(refused).collect()).await;
        let error = consumer(&idempotent, &server.url).create(ada()).await.unwrap_err();
        assert!(error.may_have_happened() && error.is_retryable(), "{status}: {error:?}");
        assert_eq!(server.lines().len(), requests, "{status}");
    }
}

#[tokio::test]
async fn a_refusal_after_a_lost_answer_counts_where_it_leaves_no_doubt() {
    let idempotent = SERVICE
        .replace("path: /c,", "path: /c, idempotent: true,")
        .replace("retries: 2,", "retries: 2, existing_id: '{{ body.id }}',");
    let known = Reply::json(409, &json!({"id": "7"}));
    let server = Server::script(vec![Reply::HangUp, known]).await;
    let error = consumer(&idempotent, &server.url).create(ada()).await.unwrap_err();
    let existing = |error: &ConsumerError| match error {
        ConsumerError::Conflict { existing } => existing.as_ref().map(ToString::to_string),
        error => panic!("{error:?}"),
    };
    assert_eq!(existing(&error).as_deref(), Some("7"), "the service says which one it is");
    let (_server, service) = scripted(vec![Reply::HangUp, Reply::empty(422)]).await;
    let error = service.update("1", ada()).await.unwrap_err();
    assert!(matches!(error, ConsumerError::Rejected { .. }), "a change, or none: {error:?}");
}

#[tokio::test]
async fn a_contact_that_a_lost_deletion_removed_is_deleted() {
    let (server, service) = scripted(vec![Reply::HangUp, Reply::empty(404)]).await;
    service.delete("1").await.unwrap();
    assert_eq!(server.lines().len(), 2);
    let (_server, service) = scripted(vec![Reply::empty(429), Reply::empty(404)]).await;
    let error = service.delete("1").await.unwrap_err();
    assert!(matches!(error, ConsumerError::NotFound), "nothing was lost: {error:?}");
}

#[tokio::test]
async fn without_time_nothing_is_sent() {
    let (server, mut service) = scripted(vec![]).await;
    service.time = Duration::ZERO;
    let error = service.create(ada()).await.unwrap_err();
    assert_eq!(error.to_string(), "the service is unavailable: no answer in time");
    assert!(!error.may_have_happened());
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn requests_are_spaced_for_each_integration() {
    let yaml = SERVICE.replace("retries: 2", "requests_per_second: 2");
    let server = Server::start(|_| ok()).await;
    let service = consumer(&yaml, &server.url);
    for _ in 0..4 {
        service.get("1").await.unwrap();
    }
    assert_eq!(service.pauses(), [500, 500].map(Duration::from_millis));
    service.tenant_of("i-2", json!({})).get("1").await.unwrap();
    assert_eq!(service.pauses().len(), 2, "another integration need not wait");
    let mut hurried = service.tenant_of("i-1", json!({}));
    hurried.time = Duration::from_millis(100);
    let error = hurried.create(ada()).await.unwrap_err();
    assert!(matches!(error, ConsumerError::RateLimited { .. }), "{error:?}");
    assert!(!error.may_have_happened());
}
