//! What an answer means: every class of status, and every shape that is not the expected one.

use patchcord::botmatic::api::{ApiError, Reason};
use serde_json::{Value, json};

use crate::support::harness::{ALL, Harness, Op, TOKEN, secret};
use crate::support::pauses::logged;
use crate::support::server::{Reply, Server};

/// Makes an answer anew for every attempt.
type Make = fn() -> Reply;

const MIB: usize = 1024 * 1024;

async fn ask(op: Op, reply: Make) -> Result<Value, ApiError> {
    let server = Server::start(move |_| reply()).await;
    Harness::of(&server.url).call(op).await
}

fn text(status: u16, body: &'static str) -> Reply {
    Reply::Answer(status, Vec::new(), body.into())
}

/// What a caller acts on.
fn kind(error: &ApiError) -> &'static str {
    match error {
        ApiError::NotFound => "not found",
        ApiError::Unauthorized { .. } => "unauthorized",
        ApiError::Rejected { .. } => "rejected",
        ApiError::RateLimited { .. } => "rate limited",
        ApiError::Unavailable { .. } => "unavailable",
        ApiError::Unreadable { .. } => "unreadable",
    }
}

#[tokio::test]
async fn each_status_is_an_error_of_its_own() {
    let cases: [(Make, &str, bool, bool); 12] = [
        // The answer, what it is, whether it is worth another try, whether it may have happened.
        (|| text(401, "{}"), "unauthorized", false, false),
        (|| text(403, ""), "unauthorized", false, false),
        (|| text(404, "<html>"), "not found", false, false),
        (|| text(422, r#"{"error": "email: taken"}"#), "rejected", false, false),
        (|| text(302, ""), "rejected", false, false),
        (|| text(200, r#"{"success": false}"#), "rejected", false, false),
        (|| text(429, ""), "rate limited", true, false),
        (|| text(503, ""), "unavailable", true, false),
        (|| text(500, ""), "unavailable", true, true),
        (|| text(502, "<html>"), "unavailable", true, true),
        (|| text(504, ""), "unavailable", true, true),
        (|| text(408, ""), "unavailable", true, true),
    ];
    for op in ALL.into_iter().filter(|op| *op != Op::Validate) {
        for (index, (reply, expected, retryable, maybe)) in cases.into_iter().enumerate() {
            let error = ask(op, reply).await.unwrap_err();
            let found = (kind(&error), error.is_retryable(), error.may_have_happened());
            assert_eq!(found, (expected, retryable, maybe), "{op:?}, case {index}");
        }
    }
}

#[tokio::test]
async fn only_botmatic_itself_calls_a_token_bad() {
    let cases: [(Make, Result<bool, &str>); 12] = [
        (|| text(200, r#"{"success": true}"#), Ok(true)),
        (|| text(201, r#"{"success": true}"#), Ok(true)),
        (|| text(200, r#"{"success": false}"#), Ok(false)),
        (|| text(401, ""), Ok(false)),
        (|| text(403, "<html>"), Ok(false)),
        (|| text(422, r#"{"success": false}"#), Ok(false)),
        (|| text(404, "<html>"), Err("not found")),
        (|| text(200, "<html>"), Err("unreadable")),
        (|| text(200, r#"{"success": "yes"}"#), Err("unreadable")),
        (|| text(204, ""), Err("unreadable")),
        (|| text(502, r#"{"success": false}"#), Err("unavailable")),
        (|| text(429, r#"{"success": false}"#), Err("rate limited")),
    ];
    for (index, (reply, expected)) in cases.into_iter().enumerate() {
        let found = ask(Op::Validate, reply).await;
        let found = found.map(|valid| valid == true).map_err(|error| kind(&error));
        assert_eq!(found, expected, "case {index}");
    }
    // It would not even fit into a request.
    let server = Server::script(vec![]).await;
    let api = Harness { token: secret("a\nb"), ..Harness::of(&server.url) };
    assert_eq!(kind(&api.call(Op::Create).await.unwrap_err()), "unauthorized");
}

#[tokio::test]
async fn an_answer_of_another_shape_is_an_error() {
    let cases: [(Op, Make); 14] = [
        (Op::Create, || Reply::empty(204)),
        (Op::Create, || text(201, "<html>")),
        (Op::Create, || text(201, "\"122\"")),
        (Op::Create, || text(201, "[]")),
        (Op::Create, || text(201, r#"{"success": true}"#)),
        (Op::Create, || text(201, r#"{"success": true, "id": null}"#)),
        (Op::CreateMany(2), || Reply::empty(201)),
        (Op::CreateMany(2), || text(201, r#"{"contacts": [{"success": true, "id": 1}]}"#)),
        (Op::CreateMany(1), || text(201, r#"{"contacts": []}"#)),
        (Op::CreateMany(1), || text(201, r#"{"contacts": [{}, {}]}"#)),
        (Op::UpdateMany(2), || text(200, r#"{"contacts": [{"success": true}]}"#)),
        (Op::Update("1"), || text(200, "<html>")),
        (Op::Bots, || Reply::empty(204)),
        (Op::Delete("1"), || text(200, "nothing")),
    ];
    for (index, (op, reply)) in cases.into_iter().enumerate() {
        let error = ask(op, reply).await.unwrap_err();
        assert_eq!((kind(&error), error.is_retryable()), ("unreadable", false), "case {index}");
        assert!(error.may_have_happened(), "case {index}");
    }
}

#[tokio::test]
async fn every_success_will_do() {
    for op in [Op::Update("1"), Op::UpdateMany(1), Op::Delete("1"), Op::Properties, Op::Event] {
        for reply in [|| Reply::empty(204), || Reply::empty(200), || text(202, "{}")] {
            assert!(ask(op, reply).await.is_ok(), "{op:?}");
        }
    }
    assert_eq!(ask(Op::Create, || text(200, r#"{"id": "b"}"#)).await.unwrap(), "b");
}

#[tokio::test]
async fn each_contact_of_many_has_its_own_result() {
    let found = ask(Op::CreateMany(5), || {
        text(
            201,
            r#"{"contacts": [{"success": true, "id": 7}, {"success": false},
                {"success": true}, {"id": 8}, {"success": false, "error": "no", "id": 9}]}"#,
        )
    });
    let expected = json!([
        "7", {"rejected": null}, "unreadable", "unreadable", {"rejected": "no"},
    ]);
    assert_eq!(found.await.unwrap(), expected);
    let found = ask(Op::UpdateMany(3), || {
        text(200, r#"{"contacts": [{"success": true}, {"success": false, "error": "no"}, 1]}"#)
    });
    assert_eq!(found.await.unwrap(), json!(["done", {"rejected": "no"}, "unreadable"]));
}

#[tokio::test]
async fn the_longest_answer_is_limited() {
    let long = |bytes: usize| {
        let body = format!("{{\"id\": 1, \"x\": \"{}\"}}", "x".repeat(bytes - 18));
        assert_eq!(body.len(), bytes);
        Reply::Answer(201, Vec::new(), body.into())
    };
    for (op, bytes, fits) in [
        (Op::Create, MIB, true),
        (Op::Create, MIB + 1, false),
        (Op::UpdateMany(1), 16 * MIB, true),
        (Op::UpdateMany(1), 16 * MIB + 1, false),
    ] {
        let server = Server::start(move |_| long(bytes)).await;
        let found = Harness::of(&server.url).call(op).await.map_err(|error| kind(&error));
        assert_eq!(found.err(), (!fits).then_some("unreadable"), "{op:?}");
    }
}

#[tokio::test]
async fn no_error_shows_a_token_a_contact_or_botmatics_words() {
    for status in [302, 401, 404, 409, 422, 429, 500, 503] {
        let server = Server::start(move |_| {
            let words = json!({"success": false, "error": "sesame@example.com is taken"});
            Reply::json(status, &words)
        });
        let server = server.await;
        let error = Harness::of(&server.url).call(Op::Create).await.unwrap_err();
        let shown = logged(&error);
        assert!(!shown.contains("sesame") && !shown.contains(TOKEN), "{shown}");
        if let ApiError::Rejected { reason, .. } = &error {
            assert_eq!(reason.as_ref().map(Reason::expose), Some("sesame@example.com is taken"));
        }
    }
}
