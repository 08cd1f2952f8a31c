//! A secret, and the proof that would have been right, are nowhere to be seen: not in a response,
//! and not in a log. Every channel of `channels.rs` is asked rightly and wrongly, and everything
//! that comes back or is printed is read.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod channels;

use std::time::Duration;

use bytes::Bytes;
use channels::{CHANNELS, Channel, Proof, WORDS};
use http::Request;
use patchcord::ground::clock::{Clock as _, SystemClock};
use patchcord_tests::Stack;
use patchcord_tests::server::FakeServer;
use patchcord_tests::stack::StackOptions;

/// A moment that no platform takes for now.
const AGO: u64 = 3600;
/// What every vendor takes for its own answer.
const TAKEN: &str = r#"{"ok": true, "result": {"message_id": 1, "chat": {"id": 3}}, "channel": "D1",
    "ts": "1.2", "message_id": "m_2", "recipient_id": "2"}"#;
const OK: [u16; 2] = [200, 200];
const REFUSED: [u16; 2] = [401, 403];

#[tokio::test]
async fn neither_responses_nor_logs_show_a_secret_or_a_right_signature() {
    for channel in CHANNELS {
        check(channel).await;
    }
}

async fn check(channel: &Channel) {
    let Channel { name, body, proof, .. } = channel;
    let vendor = FakeServer::start(0, |_| (200, TAKEN.to_owned())).await;
    let settings = channel.settings.replace("{url}", vendor.url());
    let config = format!("channels: {{it: {{{settings}}}}}\nbot: {{type: echo}}");
    let env = vec![("AWS_LAMBDA_LOG_LEVEL", "TRACE".to_owned())];
    let options = StackOptions { config: &config, env, ..StackOptions::default() };
    let stack = Stack::start(options).await;

    let now = SystemClock.now().as_secs();
    let (changed, broken) = (body.replacen(WORDS, "other words", 1), &body[..body.len() - 1]);
    let (right, late) = (proof(body, now), proof(body, now - AGO));
    let (of_changed, of_broken) = (proof(&changed, now), proof(broken, now));
    let (none, cut) = (right.but(""), right.but(&right.value[..right.value.len() - 3]));
    // A token is not about a body or a time, a signature may be.
    let fits = |other: &Proof| if other.value == right.value { OK } else { REFUSED };

    let mut seen = Vec::new();
    let mut refused = 0;
    for (request, body, proof, expected) in [
        ("without a proof", *body, &none, REFUSED),
        ("a proof that is cut off", body, &cut, REFUSED),
        ("the proof of another body", &changed, &right, fits(&of_changed)),
        ("the proof of another time", body, &late, fits(&late)),
        ("what cannot be read", broken, &of_broken, [400, 400]),
        ("what is right", body, &right, OK),
        ("the same once more", body, &right, OK),
        ("without a proof, at last", body, &none, REFUSED),
    ] {
        let response = stack.lambda.http(as_request(body, proof)).await.expect("an answer");
        let status = response.status().as_u16();
        assert!(expected.contains(&status), "{name}: {request}: {status}");
        refused += usize::from(status != 200);
        seen.push(format!("{request}: {:?} {:?}", response.headers(), response.body()));
    }
    let is_answered = vendor.requests() > 0 || seen.iter().any(|it| it.contains(WORDS));
    assert!(is_answered, "{name}: the bot was not asked");
    let log = complete_log(&stack, refused).await;
    // The answer of the REST channel is what the bot says, which may be what it has heard.
    assert!(!log.contains(WORDS), "{name}: the log shows what was said:\n{log}");
    seen.push(log);
    let seen = seen.join("\n");
    let proofs = [&right, &late, &of_changed, &of_broken].map(|proof| proof.value.as_str());
    // With and without `Bearer`, `v1,` or `sha256=`.
    let bare = proofs.map(|proof| proof.split_once([' ', ',', '=']).map_or(proof, |it| it.1));
    for hidden in channel.secrets.iter().chain(&proofs).chain(&bare) {
        assert!(!seen.contains(hidden), "{name} shows {hidden}:\n{seen}");
    }
}

/// The log, once so many requests were refused in it: what is printed arrives a moment after the
/// response, and the last one was refused.
async fn complete_log(stack: &Stack, refused: usize) -> String {
    let wait = async {
        while stack.log().matches("request refused").count() < refused {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let found = tokio::time::timeout(Duration::from_mins(2), wait).await;
    assert!(found.is_ok(), "expected {refused} refusals in the log:\n{}", stack.log());
    stack.log()
}

fn as_request(body: &str, proof: &Proof) -> Request<Bytes> {
    let mut request = Request::post("https://example.com/webhooks/it/webhook")
        .header("content-type", "application/json");
    for (header, value) in proof.beside.iter().chain([&(proof.header, proof.value.clone())]) {
        if !value.is_empty() {
            request = request.header(*header, value);
        }
    }
    request.body(Bytes::from(body.to_owned())).expect("a request")
}
