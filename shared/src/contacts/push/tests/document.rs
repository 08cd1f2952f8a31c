//! The examples of `docs/contact-pushes.md`: what it configures lets in what it sends, and nothing
//! else. The signatures in it were made with the `openssl` command that it shows.

use http::{Method, Uri};

use super::*;
use crate::contacts::push::{contact, contacts};
use crate::ground::clock::Timestamp;

const DOCUMENT: &str = include_str!("../../../../../docs/contact-pushes.md");
const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

/// The code blocks that begin with `fence`.
fn blocks(fence: &str) -> Vec<&'static str> {
    let fence = format!("```{fence}\n");
    let blocks = DOCUMENT.split(&fence).skip(1);
    blocks.map(|from| from.split("\n```").next().unwrap()).collect()
}

fn settings() -> Fields {
    serde_json::from_str(blocks("json settings")[0]).unwrap()
}

fn configured(name: &str) -> Pushes {
    let config: Value = yaml_serde::from_str(blocks(&format!("yaml {name}"))[0]).unwrap();
    pushes(config["contacts"]["push"].clone())
}

struct Sample {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: &'static [u8],
}

fn samples(name: &str) -> Vec<Sample> {
    let parse = |block: &'static str| {
        let (head, body) = block.split_once("\n\n").unwrap();
        let mut lines = head.lines();
        let mut first = lines.next().unwrap().split(' ');
        let method = first.next().unwrap().parse().unwrap();
        let path = first.next().unwrap();
        let pairs: Vec<_> = lines.map(|line| line.split_once(": ").unwrap()).collect();
        let uri = format!("https://hooks.example.com{path}").parse().unwrap();
        Sample { method, uri, headers: headers(&pairs), body: body.as_bytes() }
    };
    blocks(&format!("http {name}")).into_iter().map(parse).collect()
}

#[test]
fn plain_requests_pass() {
    let pushes = configured("plain");
    let samples = samples("plain");
    assert_eq!(samples.len(), 2);
    for Sample { method, headers, body, .. } in samples {
        assert_eq!(pushes.verify(&headers, body, &settings(), NOW), Ok(()), "{method}");
        let nobodys = pushes.verify(&HeaderMap::new(), body, &settings(), NOW);
        assert_eq!(nobodys, Err(PushError::Unauthorized), "{method}");
        let read = match method {
            Method::POST => contact(body).map(|_| 1),
            _ => contacts(body).map(|contacts| contacts.len()),
        };
        assert_eq!(read, Ok(if method == Method::POST { 1 } else { 2 }));
    }
}

#[test]
fn vendors_webhooks_pass() {
    for (vendor, expected) in [
        ("hubspot", json!([["changed", "123", {"city": "Rome"}], ["deleted", "124"]])),
        ("pipedrive", json!([["changed", "7", null]])),
    ] {
        let pushes = configured(vendor);
        let samples = samples(vendor);
        assert_eq!(samples.len(), 1);
        for Sample { method, uri, headers, body } in &samples {
            let receive = |headers| pushes.receive(method, uri, headers, body, &settings(), NOW);
            let received = receive(headers).unwrap_or_else(|error| panic!("{vendor}: {error}"));
            assert_eq!(shown(&received), expected, "{vendor}");
            let nobodys = receive(&HeaderMap::new()).err();
            assert_eq!(nobodys, Some(PushError::Unauthorized), "{vendor}");
            let plain = pushes.verify(headers, body, &settings(), NOW);
            assert_eq!(plain, Err(PushError::NotConfigured), "{vendor}");
        }
    }
}
