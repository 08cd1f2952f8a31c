//! The preset `rest`.

use patchcord::contacts::consumer::{ConsumerError, Cursor};
use serde_json::json;

use crate::support::harness::{Harness, consumer};
use crate::support::server::Server;
use crate::vendors::rest::rest;

fn harness(server: &Server) -> Harness {
    consumer("{type: rest, token: sesame, base_url: URL}", &server.url)
}

#[tokio::test]
async fn every_operation() {
    let server = rest(0).await;
    let rest = harness(&server);
    let ada = json!({"email": "ada@example.com", "tags": ["a"], "age": 37});
    assert_eq!(rest.create(ada).await.unwrap(), "1");
    assert_eq!(server.seen()[0].header("idempotency-key"), "key-1");
    let expected = json!({"id": "1", "fields": {"id": 1, "email": "ada@example.com",
        "tags": ["a"], "age": 37}});
    assert_eq!(rest.get("1").await.unwrap(), expected);
    assert_eq!(rest.find("Ada@example.com").await.unwrap(), expected);
    rest.update("1", json!({"age": null})).await.unwrap();
    assert_eq!(rest.get("1").await.unwrap()["fields"]["age"], json!(null));
    rest.delete("1").await.unwrap();
    for result in [rest.get("1").await.map(drop), rest.delete("1").await] {
        let error = result.unwrap_err();
        assert!(matches!(error, ConsumerError::NotFound), "{error:?}");
    }
}

#[tokio::test]
async fn a_similar_address_is_another_contact() {
    let server = rest(0).await;
    let rest = harness(&server);
    rest.create(json!({"email": "mada@example.com"})).await.unwrap();
    let error = rest.find("ada@example.com").await.unwrap_err();
    assert!(matches!(error, ConsumerError::NotFound), "{error:?}");
    assert_eq!(server.seen().last().unwrap().query["email"], "ada@example.com");
}

#[tokio::test]
async fn pages_go_on_until_one_is_empty() {
    let server = rest(0).await;
    let service = harness(&server);
    assert_eq!(service.list_all(2).await.unwrap(), Vec::<Vec<String>>::new());
    service.create(json!({"email": "1@example.com"})).await.unwrap();
    assert_eq!(service.list_all(2).await.unwrap(), [["1"]]);
    let page = service.list(&Cursor::Start, 500).await.unwrap();
    assert_eq!(server.seen().last().unwrap().query["limit"], "200");
    assert_eq!((page.total, page.next), (Some(1), Some(Cursor::Page(2))));
}

#[tokio::test]
async fn a_lost_creation_is_repeated_with_the_same_key() {
    let server = rest(1).await;
    let rest = harness(&server);
    assert_eq!(rest.create(json!({"email": "ada@example.com"})).await.unwrap(), "1");
    assert_eq!(server.lines(), ["POST /contacts", "POST /contacts"]);
    assert_eq!(rest.list(&Cursor::Start, 30).await.unwrap().total, Some(1), "one contact");
}
