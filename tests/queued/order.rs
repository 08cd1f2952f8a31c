//! One conversation after the other, conversations side by side.

use std::collections::BTreeSet;

use axum::body::Body;
use futures_util::future::join_all;
use http::Response;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::setup::{Options, Queued};

#[tokio::test(flavor = "multi_thread")]
async fn fifty_messages_of_one_person_are_answered_in_order() {
    let queued = Queued::start(Options { workers: 4, ..Options::default() }).await;
    let _working = queued.work();
    for number in 1..=50 {
        queued.tell("ada", &format!("m{number}")).await;
    }
    let said = queued.platform.said_when(|said| said.len() >= 50).await;
    let expected = (1..=50).map(|number| ("ada".to_owned(), format!("{number}: m{number}")));
    assert!(said.iter().cloned().eq(expected), "{said:?}");
}

/// So many people wait for the bot at the same time before it answers any of them; from then on it
/// answers at once.
const AT_ONCE: usize = 50;
const PEOPLE: usize = 1000;

/// In front of the bot.
#[derive(Default)]
struct Gate {
    waiting: usize,
    is_open: bool,
}

/// Somebody at the gate; nobody any more whose connection is closed.
struct Waiting(watch::Sender<Gate>);

impl Waiting {
    fn at(gate: watch::Sender<Gate>) -> Self {
        gate.send_modify(|gate| {
            gate.waiting += 1;
            gate.is_open |= gate.waiting >= AT_ONCE;
        });
        Self(gate)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.send_modify(|gate| gate.waiting -= 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_people_do_not_wait_for_each_other() {
    let gate = watch::Sender::new(Gate::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let bot = format!("{{type: http, url: 'http://{}'}}", listener.local_addr().unwrap());
    let app = axum::Router::new().fallback(move || {
        let gate = gate.clone();
        async move {
            let waiting = Waiting::at(gate);
            waiting.0.subscribe().wait_for(|gate| gate.is_open).await.unwrap();
            Response::new(Body::from(r#"[{"text": "done"}]"#))
        }
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    let queued = Queued::start(Options { bot: &bot, workers: 10, ..Options::default() }).await;
    join_all((0..PEOPLE).map(|person| {
        let queued = &queued;
        async move { queued.tell(&format!("p{person}"), "hi").await }
    }))
    .await;
    let _working = queued.work();
    let said = queued.platform.said_when(|said| said.len() >= PEOPLE).await;
    let people: BTreeSet<_> = said.iter().map(|(person, _)| person).collect();
    assert_eq!((said.len(), people.len()), (PEOPLE, PEOPLE));
}
