//! A server that answers like SQS, and what it got.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use patchcord::ground::aws::{Aws, Credentials, LOCAL_ATTEMPT_TIME};
use patchcord::ground::clock::{ManualClock, Timestamp};
use patchcord::ground::http::client;
use serde_json::{Value, json};

use crate::support::server::{Server, answer};

pub fn aws() -> Aws {
    // 2015-08-30T12:36:00Z
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_440_938_160_000)));
    let token = Some("session-token".to_owned());
    let credentials = Credentials::new("AKIDEXAMPLE".to_owned(), "secret".to_owned(), token);
    Aws::new(client().unwrap(), "eu-west-1".to_owned(), credentials, clock)
        .attempt_time(LOCAL_ATTEMPT_TIME)
}

/// Answers with each of these in turn, the last one again and again.
pub async fn server(answers: Vec<(u16, Value)>) -> Server {
    let next = Arc::new(AtomicUsize::new(0));
    Server::start(move |_| {
        let index = next.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1);
        let (status, body) = answers[index].clone();
        async move { answer(status, body.to_string()) }
    })
    .await
}

/// What SQS says about a batch: these ids were taken, these were not.
pub fn batch(taken: &[usize], refused: &[(usize, &str, bool)]) -> (u16, Value) {
    let taken = taken
        .iter()
        .map(|id| json!({"Id": id.to_string(), "MessageId": "m", "MD5OfMessageBody": "d"}));
    let refused = refused.iter().map(|(id, code, fault)| {
        json!({"Id": id.to_string(), "Code": code, "SenderFault": fault, "Message": "secret"})
    });
    let (taken, refused): (Vec<_>, Vec<_>) = (taken.collect(), refused.collect());
    (200, json!({"Successful": taken, "Failed": refused}))
}

/// The ids of each call.
pub fn ids(server: &Server) -> Vec<Vec<String>> {
    let of_call = |body: &Value| {
        let entries = body["Entries"].as_array().unwrap().iter();
        entries.map(|entry| entry["Id"].as_str().unwrap().to_owned()).collect()
    };
    server.requests().iter().map(|request| of_call(&request.body)).collect()
}
