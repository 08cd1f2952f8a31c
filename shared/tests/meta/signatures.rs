//! Who may send, and that Meta's handshake is answered.

use bytes::Bytes;
use http::Request;

use crate::support::function::Answer;
use crate::{
    ACCESS_TOKEN, APP_SECRET, Told, VERIFY_TOKEN, body, function, logs, signature, signed, webhook,
};

#[tokio::test]
async fn only_what_the_app_signed_has_an_effect() {
    let told = Told::default();
    let function = function("http://127.0.0.1:9", told.bot()).await;
    let right = signature("text.json");
    let wrong = signature("escaped.json");
    let header = format!("sha256={right}");
    for (name, header) in [
        ("of another body", format!("sha256={wrong}")),
        ("empty", String::new()),
        ("only its prefix", "sha256=".to_owned()),
        ("without its prefix", right.to_owned()),
        ("of another scheme", format!("sha1={right}")),
        ("truncated", format!("sha256={}", &right[..62])),
        ("too long", format!("sha256={right}00")),
        ("no hexadecimal", format!("sha256={}zz", &right[..62])),
        ("with a flipped bit", format!("sha256={}3", &right[..63])),
    ] {
        let answer = function.handle(signed("messenger", body("text.json"), &header)).await;
        refused(&answer, right, name);
    }
    let unsigned = Request::post("/webhooks/messenger/webhook").body(body("text.json")).unwrap();
    refused(&function.handle(unsigned).await, right, "unsigned");
    for flipped in [0, 100, body("text.json").len() - 1] {
        let mut bytes = body("text.json").to_vec();
        bytes[flipped] ^= 1;
        let answer = function.handle(signed("messenger", Bytes::from(bytes), &header)).await;
        refused(&answer, right, "a body with a flipped bit");
    }
    assert!(told.events().is_empty());

    for _ in 0..2 {
        let answer = function.handle(webhook("messenger", "text.json")).await;
        assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, ""));
    }
    assert_eq!(told.ids(), ["m_1457764197618:41d102a3e1ae206a38"], "a replay has no effect");

    let log = logs::all();
    assert!(log.contains("request refused"), "{log}");
    for secret in [right, "hello, world!", APP_SECRET, ACCESS_TOKEN, VERIFY_TOKEN] {
        assert!(!log.contains(secret), "{log}");
    }
}

fn refused(answer: &Answer, right: &str, name: &str) {
    assert_eq!(answer.status.as_u16(), 401, "{name}: {}", answer.body);
    assert!(!answer.body.contains(right), "{name}: {}", answer.body);
    assert!(!format!("{:?}", answer.headers).contains(right), "{name}");
}

#[tokio::test]
async fn the_bytes_count_as_they_came() {
    let told = Told::default();
    let function = function("http://127.0.0.1:9", told.bot()).await;
    assert_eq!(function.handle(webhook("messenger", "escaped.json")).await.status.as_u16(), 200);
    let [event] = &told.events()[..] else { panic!("one event") };
    assert_eq!(event.text(), Some("äöå 👋 https://example.com"));

    // The same message, its characters not escaped any more.
    let parsed: serde_json::Value = serde_json::from_slice(&body("escaped.json")).unwrap();
    let written_again = Bytes::from(format!("{parsed}\n"));
    let header = format!("sha256={}", signature("escaped.json"));
    let answer = function.handle(signed("messenger", written_again, &header)).await;
    assert_eq!(answer.status.as_u16(), 401);
}

#[tokio::test]
async fn the_challenge_is_given_back_to_who_knows_the_token() {
    let function = function("http://127.0.0.1:9", Told::default().bot()).await;
    let right =
        format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={VERIFY_TOKEN}");
    let challenge = |query: &str| {
        let uri = format!("/webhooks/messenger/webhook?{query}");
        Request::get(uri).body(Bytes::new()).unwrap()
    };
    let answer = function.handle(challenge(&right)).await;
    assert_eq!((answer.status.as_u16(), answer.body.as_str()), (200, "1158201444"));
    assert_eq!(answer.header("content-type"), "text/plain");
    for query in [
        right.replace("subscribe", "unsubscribe"),
        right.replace("hub.mode=subscribe&", ""),
        right.replace(VERIFY_TOKEN, "guess"),
        right.replace(VERIFY_TOKEN, ""),
        right.replace("&hub.verify_token=meatyhamhock", ""),
        String::new(),
    ] {
        let answer = function.handle(challenge(&query)).await;
        assert_eq!(answer.status.as_u16(), 403, "{query}: {}", answer.body);
        assert!(!answer.body.contains(VERIFY_TOKEN), "{}", answer.body);
        assert!(!answer.body.contains("1158201444"), "{}", answer.body);
    }
}

#[tokio::test]
async fn what_is_no_webhook_of_the_platform_is_refused() {
    let told = Told::default();
    let function = function("http://127.0.0.1:9", told.bot()).await;
    for (channel, name, status) in [
        ("messenger", "no-json.json", 400),
        ("messenger", "no-envelope.json", 400),
        ("messenger", "foreign.json", 400),
        ("instagram", "text.json", 400),
        ("instagram", "foreign.json", 200),
        ("messenger", "empty.json", 200),
    ] {
        let answer = function.handle(webhook(channel, name)).await;
        assert_eq!(answer.status.as_u16(), status, "{channel}, {name}: {}", answer.body);
    }
    assert!(told.events().is_empty());
}
