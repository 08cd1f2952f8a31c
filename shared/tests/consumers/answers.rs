//! Answers of every kind.

use bytes::Bytes;
use patchcord::contacts::consumer::http::MAX_ANSWER_BYTES;
use patchcord::contacts::consumer::{ConsumerError, Cursor, Operation};
use serde_json::{Value, json};

use crate::support::harness::{Harness, consumer, logged};
use crate::support::server::{Reply, Server};

const SERVICE: &str = "{type: http, base_url: URL, retries: 0, error_code: error.code,
    not_found: [{status: 404}, {status: 200, path: status, equals: missing}],
    conflict: [{status: 422, path: error.code, equals: taken}],
    existing_id: '{{ body.error.existing }}',
    rejected: [{path: error}], contact: {id: meta.id, fields: attributes}, operations: {
    create_contact: {method: POST, path: /c, json: '{{ contact }}', result: data},
    get_contact: {method: GET, path: '/c/{{ id }}', result: data},
    get_contact_by_email: {method: GET, path: /c, query: {q: '{{ email }}'}, result: data},
    list_contacts: {method: GET, path: /c, result: data, paging: {type: offset}},
    update_contact: {method: PATCH, path: '/c/{{ id }}', json: '{{ contact }}'}}}";

async fn answering(reply: Reply) -> (Server, Harness) {
    let server = Server::script(vec![reply]).await;
    let service = consumer(SERVICE, &server.url);
    (server, service)
}

fn text(status: u16, body: &'static str) -> Reply {
    Reply::Answer(status, Vec::new(), Bytes::from_static(body.as_bytes()))
}

fn contact(id: impl Into<Value>) -> Value {
    let id: Value = id.into();
    json!({"meta": {"id": id}, "attributes": {"name": "Ada"}})
}

#[tokio::test]
async fn ids_and_fields_are_where_the_configuration_says() {
    let (_server, service) = answering(Reply::json(202, &json!({"data": contact("c-1")}))).await;
    assert_eq!(service.create(json!({})).await.unwrap(), "c-1");
    let (_server, service) = answering(Reply::json(200, &json!({"data": contact(7)}))).await;
    let expected = json!({"id": "7", "fields": {"name": "Ada"}});
    assert_eq!(service.get("7").await.unwrap(), expected);
}

#[tokio::test]
async fn an_update_needs_no_answer_to_read() {
    for reply in [Reply::empty(204), Reply::empty(200), text(200, "OK"), text(200, "<html>")] {
        let (_server, service) = answering(reply).await;
        service.update("1", json!({"name": "x"})).await.unwrap();
    }
}

#[tokio::test]
async fn a_success_without_what_it_should_have_is_none() {
    for body in ["", "<html>sesame</html>", "{\"data\": \"sesame\"}", "{\"data\": {\"meta\": {}}}"]
    {
        let (_server, service) = answering(text(200, body)).await;
        let error = service.create(json!({})).await.unwrap_err();
        assert!(matches!(error, ConsumerError::Unreadable { .. }), "{body}: {error:?}");
        assert!(error.may_have_happened(), "there may be a contact without a known id");
        assert!(!logged(&error).contains("sesame"));
        let (_server, service) = answering(text(200, body)).await;
        let error = service.list(&Cursor::Start, 9).await.map(drop).unwrap_err();
        assert!(matches!(error, ConsumerError::Unreadable { .. }), "{body}: {error:?}");
    }
    let (_server, service) =
        answering(Reply::json(200, &json!({"data": {"meta": {"id": 1}}}))).await;
    let error = service.get("1").await.unwrap_err().to_string();
    let expected = "the service's answer to get_contact is not as described: expected an object at `attributes`";
    assert_eq!(error, expected);
}

#[tokio::test]
async fn an_item_of_a_list_that_is_no_contact_does_not_lose_the_others() {
    let nameless = json!({"meta": {"id": "c-2"}});
    let items = json!([contact("c-1"), {"name": "sesame"}, nameless, "sesame", contact("c-5")]);
    let (_server, service) = answering(Reply::json(200, &json!({"data": items}))).await;
    let page = service.list(&Cursor::Start, 5).await.unwrap();
    let ids: Vec<_> = page.contacts.iter().map(|contact| contact.id.as_str()).collect();
    assert_eq!((ids, page.next), (vec!["c-1", "c-5"], Some(Cursor::Offset(5))));
    let unreadable = page.unreadable.iter();
    let unreadable: Vec<_> =
        unreadable.map(|it| format!("{}: {}", it.place, it.expected)).collect();
    let expected = [
        "item 2 of the first page: an id at `meta.id`",
        "item 3 of the first page: an object at `attributes`",
        "item 4 of the first page: an id at `meta.id`",
    ];
    assert_eq!(unreadable, expected);

    let mut places = std::collections::HashSet::new();
    for from in [Cursor::Start, Cursor::Offset(5), Cursor::Offset(10)] {
        let (_server, service) = answering(Reply::json(200, &json!({"data": ["sesame"]}))).await;
        let page = service.list(&from, 5).await.unwrap();
        places.extend(page.unreadable.into_iter().map(|it| it.place));
    }
    assert_eq!(places.len(), 3, "one would take the place of another: {places:?}");
}

#[tokio::test]
async fn a_search_has_one_result_none_or_several() {
    let one = contact(1);
    for (data, expected) in [
        (json!([one]), Ok("1")),
        (json!(one), Ok("1")),
        (json!([]), Err("resource not found")),
        (json!(null), Err("resource not found")),
        (json!([one, contact(2)]), Err("2 contacts have this e-mail address")),
        (
            json!("sesame"),
            Err(
                "the service's answer to get_contact_by_email is not as described: expected a contact or a list",
            ),
        ),
    ] {
        let (_server, service) = answering(Reply::json(200, &json!({"data": data}))).await;
        let found = service.find("a@b.c").await.map_err(|error| error.to_string());
        let found = found.map(|contact| contact["id"].as_str().unwrap().to_owned());
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "{data}");
    }
}

#[tokio::test]
async fn what_is_no_success_is_told_apart() {
    let code = |code: &str| json!({"error": {"code": code, "existing": 9}});
    for (name, reply, expected) in [
        ("missing by status", Reply::empty(404), "resource not found"),
        ("missing by body", Reply::json(200, &json!({"status": "missing"})), "resource not found"),
        ("taken", Reply::json(422, &code("taken")), "the contact exists already"),
        (
            "refused",
            Reply::json(422, &code("bad-mail")),
            "the service refused with status 422 (bad-mail)",
        ),
        (
            "a sentence",
            Reply::json(400, &code("sesame is wrong")),
            "the service refused with status 400",
        ),
        (
            "refused with 200",
            Reply::json(200, &code("no")),
            "the service refused with status 200 (no)",
        ),
        ("credentials", Reply::empty(401), "the service refused the credentials with status 401"),
        ("permission", Reply::empty(403), "the service refused the credentials with status 403"),
        (
            "moved",
            Reply::empty(302).with("location", "/sesame"),
            "the service refused with status 302",
        ),
        ("HTML", text(500, "<html>sesame</html>"), "the service is unavailable: status 500"),
        ("slow request", Reply::empty(408), "the service is unavailable: status 408"),
    ] {
        let (_server, service) = answering(reply).await;
        let error = service.update("1", json!({"email": "sesame"})).await.unwrap_err();
        assert_eq!(error.to_string(), expected, "{name}");
        assert!(!logged(&error).contains("sesame"), "{name}: {}", logged(&error));
        if let ConsumerError::Conflict { existing } = error {
            assert_eq!(existing.unwrap().as_str(), "9", "{name}");
        }
    }
    // Where no contact is named, none can be missing: the path is wrong.
    let (_server, service) = answering(Reply::empty(404)).await;
    let error = service.create(json!({})).await.unwrap_err();
    assert!(matches!(error, ConsumerError::Rejected { status: 404, .. }), "{error:?}");
}

#[tokio::test]
async fn an_answer_without_end_is_not_read() {
    let large = Bytes::from(vec![b' '; MAX_ANSWER_BYTES + 1]);
    let (_server, service) = answering(Reply::Answer(200, Vec::new(), large)).await;
    let error = service.get("1").await.unwrap_err();
    assert!(error.to_string().ends_with("expected at most 16777216 bytes"), "{error}");
}

#[tokio::test]
async fn an_operation_without_a_request_is_not_offered() {
    let (server, service) = answering(Reply::empty(200)).await;
    assert!(service.consumer.offers(Operation::GetContact));
    assert!(!service.consumer.offers(Operation::DeleteContact));
    let error = service.delete("1").await.unwrap_err();
    assert_eq!(error.to_string(), "the operation delete_contact is not configured");
    assert!(server.seen().is_empty());
}
