//! Each fault of an API as a real client sees it.

use std::time::Duration;

use patchcord_local::standins::{
    BotmaticStandin, CrmStandin, Fault, Faults, Outcome, Rule, StandinOptions,
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use super::client::{Client, PATIENCE};

async fn start() -> (CrmStandin, Client) {
    let crm = CrmStandin::start(StandinOptions::default()).await.unwrap();
    let client = Client::of(&crm, "local-crm-key");
    (crm, client)
}

fn fails(crm: &CrmStandin, fault: Fault) {
    let script = vec![Rule::once("POST", "/contacts", fault)];
    crm.set_faults(Faults { script, ..Faults::default() }).unwrap();
}

fn create(client: &Client) -> reqwest::RequestBuilder {
    client.request("POST", "/contacts").bearer_auth("local-crm-key").json(&json!({}))
}

/// Returns once a request has.
async fn arrived(crm: &CrmStandin) {
    let arrived = async {
        while crm.requests().total() == 0 {
            sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(PATIENCE, arrived).await.unwrap();
}

#[tokio::test]
async fn statuses_have_no_effect() {
    let (crm, client) = start().await;
    fails(&crm, Fault::Status(502));
    assert_eq!(create(&client).send().await.unwrap().status(), 502);
    for (retry_after, expected) in [(Some(2), Some("2")), (None, None)] {
        fails(&crm, Fault::RateLimited { retry_after });
        let response = create(&client).send().await.unwrap();
        assert_eq!(response.status(), 429);
        let header = response.headers().get("retry-after").map(|value| value.to_str().unwrap());
        assert_eq!(header, expected);
    }
    assert_eq!(crm.count("local"), 0);
    assert_eq!(create(&client).send().await.unwrap().status(), 201);
    assert_eq!(crm.count("local"), 1);
}

#[tokio::test]
async fn a_timeout_has_no_effect_and_no_answer() {
    let (crm, client) = start().await;
    fails(&crm, Fault::Timeout);
    let waiting = tokio::spawn(create(&client).send());
    arrived(&crm).await;
    assert!(timeout(Duration::from_millis(100), waiting).await.is_err(), "an answer");
    assert_eq!(crm.count("local"), 0);
    let outcomes: Vec<_> = crm.requests().recent.iter().map(|request| request.status).collect();
    assert_eq!(outcomes, [Outcome::NoAnswer]);
}

#[tokio::test]
async fn a_dropped_connection_has_an_effect_or_none() {
    let (crm, client) = start().await;
    for (fault, outcome, contacts) in [
        (Fault::DropBefore, Outcome::DroppedBefore, 0),
        (Fault::DropAfter, Outcome::DroppedAfter, 1),
    ] {
        fails(&crm, fault);
        let error = create(&client).send().await.unwrap_err();
        assert!(error.is_request() && !error.is_timeout(), "{error:?}");
        assert_eq!(crm.count("local"), contacts, "{outcome:?}");
        assert_eq!(crm.requests().recent.last().unwrap().status, outcome);
    }
    // The next connection is as good as any.
    assert_eq!(create(&client).send().await.unwrap().status(), 201);
}

#[tokio::test]
async fn not_a_byte_comes_back_from_a_dropped_connection() {
    let (crm, _) = start().await;
    for fault in [Fault::DropBefore, Fault::DropAfter] {
        fails(&crm, fault);
        let addr = crm.endpoint().strip_prefix("http://").unwrap().to_owned();
        let mut stream = TcpStream::connect(&addr).await.unwrap();
        let head = "POST /contacts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer local-crm-key\r\n";
        let rest = "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
        stream.write_all(format!("{head}{rest}").as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = timeout(PATIENCE, stream.read_to_end(&mut answer)).await.unwrap();
        assert!(read.is_ok() && answer.is_empty(), "{read:?}: {answer:?}");
    }
    assert_eq!(crm.count("local"), 1);
}

/// One kind of fault at a time, for every request.
#[tokio::test]
async fn rates_are_for_all_requests_but_those_of_control() {
    let botmatic = BotmaticStandin::start(StandinOptions::default()).await.unwrap();
    let client = Client::of(&botmatic, "local-token");
    let none = Faults { latency_ms: 1, jitter_ms: 1, ..Faults::default() };
    let cases = [
        (Faults { rate_429: 1.0, ..none.clone() }, Some(429)),
        (Faults { rate_drop_before: 1.0, ..none.clone() }, None),
        (Faults { rate_drop_after: 1.0, ..none.clone() }, None),
        (none.clone(), Some(200)),
    ];
    for (faults, expected) in cases {
        let body = serde_json::to_value(&faults).unwrap();
        let (status, answer) = client.call("PUT", "/_control/faults", body.clone()).await;
        assert_eq!((status, answer), (200, body));
        let bots = client.request("GET", "/api/bots").bearer_auth("local-token").send().await;
        assert_eq!(bots.ok().map(|response| response.status().as_u16()), expected, "{faults:?}");
    }
    let faults = Faults { rate_5xx: 1.0, seed: 3, ..none };
    botmatic.set_faults(faults).unwrap();
    for _ in 0..20 {
        let bots = client.request("GET", "/api/bots").send().await.unwrap();
        assert!(bots.status().is_server_error());
    }
    assert!(botmatic.set_faults(Faults { rate_5xx: 1.1, ..Faults::default() }).is_err());
    assert_eq!(botmatic.requests().count("GET", "/api/bots"), 24);
    assert_eq!(botmatic.requests().total(), 24);
}

#[tokio::test]
async fn stopping_closes_connections_that_wait() {
    let (crm, client) = start().await;
    fails(&crm, Fault::Timeout);
    let waiting = tokio::spawn(create(&client).send());
    arrived(&crm).await;
    crm.stop().await;
    assert!(timeout(PATIENCE, waiting).await.unwrap().unwrap().is_err());
}

#[tokio::test]
async fn stopping_gives_the_port_back() {
    // Another test may get one at once; not each.
    for _ in 0..100 {
        let (crm, _) = start().await;
        let addr = crm.endpoint().strip_prefix("http://").unwrap().to_owned();
        crm.stop().await;
        if std::net::TcpListener::bind(addr).is_ok() {
            return;
        }
    }
    panic!("none of 100 ports is free");
}
