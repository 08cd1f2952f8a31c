//! The event source mapping with a function that does what a test says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use patchcord::ground::http::client;
use patchcord_local::queue::{
    Counts, Invoke, MappingOptions, NewMessage, QueueAttributes, Redrive, WatchedFunction,
};
use patchcord_tests::server::FakeServer;
use serde_json::{Value, json};

use crate::function::{Function, bodies, failure};
use crate::setup::{Setup, TIMEOUT, queues};
use patchcord_tests::wait::until;

/// With these messages in the queue, and a dead-letter queue after three times.
fn start(messages: &[&str], function: Function, options: MappingOptions) -> Setup {
    let redrive = Some(Redrive { queue: "dead".to_owned(), max_receive_count: 3 });
    let attributes = QueueAttributes { redrive, ..QueueAttributes::default() };
    let (queues, clock) = queues("import", "dead", attributes);
    for message in messages {
        queues.send("import", NewMessage::new(*message)).unwrap();
    }
    Setup::start((queues, clock), function, options)
}

fn options() -> MappingOptions {
    MappingOptions {
        queue: "import".to_owned(),
        batch_size: 10,
        maximum_concurrency: 2,
        report_batch_item_failures: true,
    }
}

#[tokio::test]
async fn an_event_is_what_lambda_sends() {
    let setup = start(&["héllo"], Function::new(|_| Ok(Value::Null)), options());
    let (queues, function) = setup.stop(1).await;
    let expected = json!({"Records": [{
        "messageId": null,
        "receiptHandle": null,
        "body": "héllo",
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1700000000000",
            "SenderId": null,
            "ApproximateFirstReceiveTimestamp": "1700000000000",
        },
        "messageAttributes": {},
        "md5OfBody": "be50e8478cf24ff3595bc7307fb91b50",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:000000000000:import",
        "awsRegion": "eu-west-1",
    }]});
    assert_eq!(function.event(), expected);
    assert_eq!(queues.counts("import").unwrap(), Counts::default(), "it is deleted");
}

#[tokio::test]
async fn only_what_failed_comes_again() {
    let once = AtomicUsize::new(0);
    let function = Function::new(move |event| {
        let first = once.fetch_add(1, Ordering::SeqCst) == 0;
        let failed = bodies(event).into_iter().filter(|(body, _)| first && body != "b");
        let failed = failed.map(|(_, id)| json!({"itemIdentifier": id}));
        Ok(json!({"batchItemFailures": failed.collect::<Vec<_>>()}))
    });
    let setup = start(&["a", "b", "c"], function, options());
    setup.function.answered(1).await;
    until(|| setup.queues.counts("import").unwrap().in_flight == 2).await;
    setup.clock.advance(TIMEOUT);
    let (queues, function) = setup.stop(2).await;
    assert_eq!(function.bodies(), [vec!["a", "b", "c"], vec!["a", "c"]]);
    assert_eq!(queues.counts("import").unwrap(), Counts::default());
}

#[tokio::test]
async fn after_an_error_all_come_again_and_in_the_end_are_dead() {
    let setup = start(&["a", "b"], Function::new(|_| Err(failure())), options());
    for times in 1..=3 {
        setup.function.answered(times).await;
        assert_eq!(setup.queues.counts("import").unwrap().in_flight, 2);
        setup.clock.advance(TIMEOUT);
    }
    until(|| setup.queues.counts("dead").unwrap().visible == 2).await;
    let (queues, function) = setup.stop(3).await;
    assert_eq!(function.bodies(), vec![vec!["a", "b"]; 3]);
    assert_eq!(queues.counts("import").unwrap(), Counts::default());
}

#[tokio::test]
async fn without_a_report_every_answer_is_success() {
    let options = MappingOptions { report_batch_item_failures: false, ..options() };
    let all = |event: &Value| {
        let failed = bodies(event).into_values().map(|id| json!({"itemIdentifier": id}));
        Ok(json!({"batchItemFailures": failed.collect::<Vec<_>>()}))
    };
    let (queues, _) = start(&["a"], Function::new(all), options).stop(1).await;
    assert_eq!(queues.counts("import").unwrap(), Counts::default());
}

#[tokio::test]
async fn never_more_at_a_time_nor_in_one_event_than_it_may() {
    let function = Function::gated(|_| Ok(Value::Null));
    let messages: Vec<_> = (0..40).map(|number| number.to_string()).collect();
    let messages: Vec<_> = messages.iter().map(String::as_str).collect();
    let options = MappingOptions { batch_size: 4, maximum_concurrency: 3, ..options() };
    let setup = start(&messages, function, options);
    for answered in 0..10 {
        // As many as may run do, before one of them is let go.
        let running = (10 - answered).min(3);
        until(|| setup.function.running.load(Ordering::SeqCst) == running).await;
        let in_flight = setup.queues.counts("import").unwrap().in_flight;
        assert!(in_flight <= 3 * 4, "{in_flight} are hidden");
        setup.function.gate.add_permits(1);
        setup.function.answered(answered + 1).await;
    }
    let (queues, function) = setup.stop(10).await;
    assert_eq!(function.most.load(Ordering::SeqCst), 3);
    assert_eq!(function.bodies().iter().map(Vec::len).collect::<Vec<_>>(), [4; 10]);
    assert_eq!(queues.counts("import").unwrap(), Counts::default());
}

#[tokio::test]
async fn stopping_waits_for_what_the_function_has_and_takes_no_more() {
    let function = Function::gated(|_| Ok(Value::Null));
    let options = MappingOptions { maximum_concurrency: 1, batch_size: 1, ..options() };
    let setup = start(&["a", "b"], function, options);
    until(|| setup.function.running.load(Ordering::SeqCst) == 1).await;
    let Setup { queues, function, mapping, .. } = setup;
    let stopping = tokio::spawn(mapping.stop());
    tokio::task::yield_now().await;
    assert!(!stopping.is_finished());
    function.gate.add_permits(2);
    stopping.await.unwrap();
    assert_eq!(function.bodies(), [["a"]]);
    assert_eq!(queues.counts("import").unwrap(), Counts { visible: 1, ..Counts::default() });
}

#[tokio::test]
async fn a_message_with_a_delay_is_not_early() {
    let setup = start(&[], Function::new(|_| Ok(Value::Null)), options());
    let delay = Duration::from_mins(1);
    let late = NewMessage { delay: Some(delay), ..NewMessage::new("late") };
    setup.queues.send("import", late).unwrap();
    setup.clock.advance(Duration::from_millis(59_999));
    // It comes after what was sent later.
    setup.queues.send("import", NewMessage::new("soon")).unwrap();
    setup.function.answered(1).await;
    assert_eq!(setup.function.bodies(), [["soon"]]);
    setup.clock.advance(Duration::from_millis(1));
    let (_, function) = setup.stop(2).await;
    assert_eq!(function.bodies(), [["soon"], ["late"]]);
}

#[tokio::test]
async fn a_function_of_cargo_lambda_watch_is_invoked_by_its_name() {
    let server = FakeServer::start(0, |request| {
        let is_ours =
            request.starts_with("POST /2015-03-31/functions/contact-import/invocations HTTP/1.1");
        if is_ours {
            (200, request.split("\r\n\r\n").nth(1).unwrap().to_owned())
        } else {
            (404, "{}".to_owned())
        }
    })
    .await;
    let base = format!("{}/", server.url());
    let event = Bytes::from_static(br#"{"Records":[]}"#);
    let function = WatchedFunction::new(client().unwrap(), &base, "contact-import");
    assert_eq!(function.invoke(event.clone()).await.unwrap(), event);
    let other = WatchedFunction::new(client().unwrap(), &base, "other");
    let error = other.invoke(event).await.unwrap_err();
    assert_eq!(error.to_string(), "the function other failed (status 404 Not Found)");
}
