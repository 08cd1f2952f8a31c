//! Lists by page number, offset and cursor.

use patchcord::contacts::consumer::{ConsumerError, Cursor};
use serde_json::{Value, json};

use crate::support::harness::consumer;
use crate::support::server::{Reply, Seen, Server};

/// Seven contacts, three a page at most, whatever is asked for.
async fn seven() -> Server {
    Server::start(|request: &Seen| {
        let number = |name| request.query.get(name).and_then(|it| it.parse::<usize>().ok());
        let from = match (number("page"), number("offset"), request.query.get("cursor")) {
            (Some(page), ..) => page * 3,
            (_, Some(offset), _) => offset,
            (.., Some(cursor)) => cursor.strip_prefix("at ").unwrap().parse().unwrap(),
            _ => 0,
        };
        let items: Vec<Value> = (from..7).take(3).map(|id| json!({"id": id})).collect();
        let next = (from + 3 < 7).then(|| format!("at {}", from + 3));
        let body =
            json!({"data": {"items": items}, "total": 7, "next": next, "more": from + 3 < 7});
        Reply::json(200, &body)
    })
    .await
}

#[tokio::test]
async fn every_kind_lists_every_contact_once() {
    let server = seven().await;
    for (query, paging, requests) in [
        ("{p: x, page: '{{ page }}'}", "{type: page, first: 0}", 4),
        ("{p: x, page: '{{ page }}'}", "{type: page, first: 0, more: more}", 3),
        ("{offset: '{{ offset }}'}", "{type: offset}", 4),
        ("{offset: '{{ offset }}'}", "{type: offset, total: total}", 3),
        ("{cursor: '{{ cursor }}'}", "{type: cursor, next: next}", 3),
    ] {
        let before = server.seen().len();
        let yaml = format!(
            "{{type: http, base_url: URL, operations: {{list_contacts: {{method: GET, path: /c, \
             query: {query}, result: data.items, paging: {paging}}}}}}}"
        );
        let pages = consumer(&yaml, &server.url).list_all(5).await.unwrap();
        let ids: Vec<_> = pages.concat();
        assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6"], "{paging}");
        assert_eq!(server.seen().len() - before, requests, "{paging}");
    }
}

#[tokio::test]
async fn a_list_goes_on_from_a_stored_cursor() {
    let server = seven().await;
    let yaml = "{type: http, base_url: URL, operations: {list_contacts: {method: GET, path: /c,
        query: {cursor: '{{ cursor }}', limit: '{{ limit }}'}, result: data.items,
        paging: {type: cursor, next: next, total: total, max_limit: 3}}}}";
    let service = consumer(yaml, &server.url);
    let first = service.list(&Cursor::Start, 30).await.unwrap();
    assert_eq!((first.contacts.len(), first.total), (3, Some(7)));
    let stored = serde_json::to_string(&first.next).unwrap();
    let next: Option<Cursor> = serde_json::from_str(&stored).unwrap();
    let second = service.list(&next.unwrap(), 30).await.unwrap();
    assert_eq!(second.contacts[0].id.as_str(), "3");
    let queries: Vec<_> = server.seen().iter().map(|request| json!(request.query)).collect();
    assert_eq!(queries, [json!({"limit": "3"}), json!({"limit": "3", "cursor": "at 3"})]);
    let other = service.list(&Cursor::Page(2), 30).await;
    assert!(matches!(other, Err(ConsumerError::Unsendable { .. })));
}

/// Contacts that somebody deleted are left out of their pages.
#[tokio::test]
async fn an_empty_page_is_not_the_end_where_the_answer_says_how_it_goes_on() {
    let server = Server::start(|request: &Seen| {
        let at = request.query.get("at").map_or(1, |at| at.parse::<u64>().unwrap());
        let items: Vec<Value> =
            (at..=at).filter(|id| ![1, 3, 4].contains(id)).map(|id| json!({"id": id})).collect();
        let next = (at < 6).then(|| (at + 1).to_string());
        Reply::json(200, &json!({"items": items, "next": next, "more": at < 6}))
    })
    .await;
    for (query, paging) in [
        ("{at: '{{ cursor }}'}", "{type: cursor, next: next}"),
        ("{at: '{{ page }}'}", "{type: page, more: more}"),
    ] {
        let yaml = format!(
            "{{type: http, base_url: URL, operations: {{list_contacts: {{method: GET, path: /c, \
             query: {query}, result: items, paging: {paging}}}}}}}"
        );
        let pages = consumer(&yaml, &server.url).list_all(1).await.unwrap();
        assert_eq!(pages, [["2"], ["5"], ["6"]], "{paging}");
    }
}
