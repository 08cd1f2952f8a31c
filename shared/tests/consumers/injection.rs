//! A contact's values stay what they are: values.

use patchcord::contacts::consumer::ConsumerError;
use serde_json::json;

use crate::support::harness::{consumer, logged};
use crate::support::server::{Reply, Server};

const SERVICE: &str = "{type: http, base_url: '{{ settings.url }}/v1', operations: {
    create_contact: {method: POST, path: '/{{ contact.list }}/c', query: {tag: '{{ contact.tag }}'},
        headers: {X-Note: '{{ contact.note }}'}, form: {name: '{{ contact.name }}'}},
    get_contact: {method: GET, path: '/c/{{ id }}'},
    get_contact_by_email: {method: POST, path: /c/search,
        json: {query: 'email={{ email }}', mail: '{{ email }}'}},
    delete_contact: {method: DELETE, path: '/c/{{ id }}'}}}";

#[tokio::test]
async fn a_value_cannot_leave_its_place() {
    let server = Server::start(|_| Reply::json(200, &json!({"id": 1}))).await;
    let service = consumer(SERVICE, "").with_settings(json!({"url": server.url}));
    let contact =
        json!({"list": "../../x?y=1#z", "tag": "a&admin=1#", "note": "n", "name": "a&b=c"});
    service.create(contact).await.unwrap();
    let seen = &server.seen()[0];
    assert_eq!(seen.path, "/v1/..%2F..%2Fx%3Fy%3D1%23z/c");
    assert_eq!(json!(seen.query), json!({"tag": "a&admin=1#"}));
    assert_eq!(json!(seen.form()), json!({"name": "a&b=c"}));
    service.get("1/../../admin").await.unwrap();
    assert_eq!(server.seen()[1].path, "/v1/c/1%2F..%2F..%2Fadmin");
    let mail = "\"}, {{ settings.url }} {% x %}@b.c";
    service.find(mail).await.unwrap();
    let sent = json!({"query": format!("email={mail}"), "mail": mail});
    assert_eq!(server.seen()[2].json(), sent);
}

#[tokio::test]
async fn what_would_change_the_request_is_not_sent() {
    let server = Server::script(vec![]).await;
    let service = consumer(SERVICE, "").with_settings(json!({"url": server.url}));
    for id in [".", ".."] {
        let error = service.delete(id).await.unwrap_err();
        assert!(matches!(error, ConsumerError::Unsendable { .. }), "{error:?}");
    }
    for note in ["sesame\r\nX-Admin: 1", "sesame\n", "sesame\0"] {
        let contact = json!({"list": "l", "name": "x", "note": note});
        let error = service.create(contact).await.unwrap_err();
        let expected = "contacts.consumer.operations.create_contact.headers.X-Note: \
                        expected no line break and no control character";
        assert_eq!(error.to_string(), expected);
        assert!(!logged(&error).contains("sesame"));
    }
    // Without a value the path would name something else.
    for contact in [json!({}), json!({"list": null}), json!({"list": ""})] {
        let error = service.create(contact).await.unwrap_err();
        assert!(matches!(error, ConsumerError::Unsendable { .. }), "{error:?}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn settings_name_a_host_only_where_the_address_begins_with_them() {
    let server = Server::script(vec![]).await;
    let account = SERVICE.replace("'{{ settings.url }}/v1'", "'http://{{ settings.url }}.invalid'");
    let host = server.url.strip_prefix("http://").unwrap();
    for url in [format!("{host}/"), format!("{host}#"), format!("x@{host}/?")] {
        let service = consumer(&account, "").with_settings(json!({"url": url}));
        let error = service.get("1").await.unwrap_err();
        assert!(matches!(error, ConsumerError::Unsendable { .. }), "{error:?}");
    }
    for url in ["file:///etc/passwd", "sesame", "data:x"] {
        let service = consumer(SERVICE, "").with_settings(json!({"url": url}));
        let error = service.get("1").await.unwrap_err();
        let expected = "contacts.consumer.operations.get_contact: the base URL is not an address";
        assert_eq!(error.to_string(), expected);
    }
    assert!(server.seen().is_empty());
}
