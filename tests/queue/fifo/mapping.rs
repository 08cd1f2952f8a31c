//! The event source mapping of a FIFO queue.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use patchcord_local::queue::{
    Counts, EventSourceMapping, MappingOptions, QueueAttributes, QueueError, Redrive,
};
use serde_json::{Value, json};

use crate::function::Function;
use crate::setup::{Setup, TIMEOUT, queues, send_in_groups};
use patchcord_tests::wait::until;

const QUEUE: &str = "worker.fifo";
const DEAD: &str = "dead.fifo";

/// With these messages, whose first letter is their group, and a dead-letter queue after twice.
fn start(messages: &[&str], function: Function, batch_size: usize) -> Setup {
    let redrive = Some(Redrive { queue: DEAD.to_owned(), max_receive_count: 2 });
    let attributes = QueueAttributes { redrive, ..QueueAttributes::fifo() };
    let (queues, clock) = queues(QUEUE, DEAD, attributes);
    send_in_groups(&queues, QUEUE, messages);
    Setup::start((queues, clock), function, options(batch_size))
}

fn options(batch_size: usize) -> MappingOptions {
    MappingOptions {
        queue: QUEUE.to_owned(),
        batch_size,
        maximum_concurrency: 3,
        report_batch_item_failures: true,
    }
}

/// A function that fails on `bad` so often, and reports what `is_failed` says of a body then.
fn failing(bad: &'static str, times: usize, is_failed: fn(&str) -> bool) -> Function {
    let failures = AtomicUsize::new(0);
    Function::new(move |event| {
        let records = event["Records"].as_array().unwrap();
        let has_bad = records.iter().any(|record| record["body"] == bad);
        if !has_bad || failures.fetch_add(1, Ordering::SeqCst) >= times {
            return Ok(Value::Null);
        }
        let failed = records.iter().filter(|record| is_failed(record["body"].as_str().unwrap()));
        let failed = failed.map(|record| json!({"itemIdentifier": record["messageId"]}));
        Ok(json!({"batchItemFailures": failed.collect::<Vec<_>>()}))
    })
}

/// Bodies of each event in their order.
fn bodies(function: &Function) -> Vec<Vec<String>> {
    let body = |record: &Value| record["body"].as_str().unwrap().to_owned();
    let events = function.events.lock().unwrap();
    let records = events.iter().map(|event| event["Records"].as_array().unwrap());
    records.map(|records| records.iter().map(body).collect()).collect()
}

#[tokio::test]
async fn an_event_is_what_lambda_sends() {
    let Setup { function, mapping, .. } = start(&["a1"], Function::new(|_| Ok(Value::Null)), 10);
    function.answered(1).await;
    mapping.stop().await;
    let expected = json!({"Records": [{
        "messageId": null,
        "receiptHandle": null,
        "body": "a1",
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": "1700000000000",
            "SequenceNumber": "00000000000000000001",
            "MessageGroupId": "a",
            "SenderId": null,
            "MessageDeduplicationId": "a1",
            "ApproximateFirstReceiveTimestamp": "1700000000000",
        },
        "messageAttributes": {},
        // `printf a1 | md5sum`
        "md5OfBody": "8a8bb7cd343aa2ad99b7d762030857a2",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:000000000000:worker.fifo",
        "awsRegion": "eu-west-1",
    }]});
    assert_eq!(function.event(), expected);
}

#[tokio::test]
async fn what_failed_and_the_rest_of_its_group_come_again_in_order() {
    let function = failing("a2", 1, |body| body == "a2" || body == "a3");
    let setup = start(&["a1", "b1", "a2", "b2", "a3"], function, 10);
    setup.function.answered(1).await;
    let of_a = Counts { in_flight: 2, ..Counts::default() };
    until(|| setup.queues.counts(QUEUE).unwrap() == of_a).await;
    send_in_groups(&setup.queues, QUEUE, &["a4", "b3"]);
    setup.function.answered(2).await;
    setup.clock.advance(TIMEOUT);
    setup.function.answered(3).await;
    setup.mapping.stop().await;
    let expected: [&[&str]; 3] = [&["a1", "a2", "a3", "b1", "b2"], &["b3"], &["a2", "a3", "a4"]];
    assert_eq!(bodies(&setup.function), expected);
    assert_eq!(setup.queues.counts(QUEUE).unwrap(), Counts::default());
}

#[tokio::test]
async fn what_is_not_reported_is_gone_even_behind_a_failure() {
    let setup = start(&["a1", "a2"], failing("a1", 1, |body| body == "a1"), 10);
    setup.function.answered(1).await;
    until(|| setup.queues.counts(QUEUE).unwrap().in_flight == 1).await;
    setup.clock.advance(TIMEOUT);
    setup.function.answered(2).await;
    setup.mapping.stop().await;
    assert_eq!(bodies(&setup.function), [vec!["a1", "a2"], vec!["a1"]]);
}

#[tokio::test]
async fn groups_go_on_while_one_is_held_up() {
    let function = Function::gated(|_| Ok(Value::Null));
    let setup = start(&["a1", "a2", "b1", "b2", "c1", "d1"], function, 1);
    until(|| setup.function.running.load(Ordering::SeqCst) == 3).await;
    assert_eq!(bodies(&setup.function), [["a1"], ["b1"], ["c1"]], "as many as may run");
    let held_up = Counts { visible: 3, in_flight: 3, delayed: 0 };
    assert_eq!(setup.queues.counts(QUEUE).unwrap(), held_up);
    setup.function.gate.add_permits(6);
    setup.function.answered(6).await;
    setup.mapping.stop().await;
    assert_eq!(setup.function.most.load(Ordering::SeqCst), 3);
    let events = bodies(&setup.function).concat();
    let place = |body: &str| events.iter().position(|event| event == body).unwrap();
    assert!(place("a1") < place("a2") && place("b1") < place("b2"), "{events:?}");
    assert_eq!(setup.queues.counts(QUEUE).unwrap(), Counts::default());
}

#[tokio::test]
async fn a_message_that_fails_again_and_again_makes_way() {
    let setup = start(&["a1", "a2"], failing("a1", 2, |_| true), 1);
    for times in 1..=2 {
        setup.function.answered(times).await;
        assert_eq!(setup.queues.counts(QUEUE).unwrap().in_flight, 1);
        setup.clock.advance(TIMEOUT);
    }
    setup.function.answered(3).await;
    setup.mapping.stop().await;
    assert_eq!(bodies(&setup.function), [["a1"], ["a1"], ["a2"]]);
    assert_eq!(setup.queues.counts(QUEUE).unwrap(), Counts::default());
    assert_eq!(setup.queues.counts(DEAD).unwrap().visible, 1);
}

/// All messages of a batch are received as often as the one that fails.
#[tokio::test]
async fn who_shares_a_batch_with_a_poison_dies_with_it() {
    let setup = start(&["a1", "a2"], failing("a1", 2, |_| true), 10);
    for times in 1..=2 {
        setup.function.answered(times).await;
        setup.clock.advance(TIMEOUT);
    }
    until(|| setup.queues.counts(DEAD).unwrap().visible == 2).await;
    setup.mapping.stop().await;
    assert_eq!(bodies(&setup.function), [["a1", "a2"], ["a1", "a2"]]);
}

#[tokio::test]
async fn an_event_has_one_to_ten_messages() {
    let Setup { queues, function, mapping, .. } = start(&[], Function::new(|_| Ok(Value::Null)), 1);
    mapping.stop().await;
    for size in [0, 11] {
        let started =
            EventSourceMapping::start(Arc::clone(&queues), Arc::clone(&function), options(size));
        let refused = started.unwrap_err();
        assert!(matches!(refused, QueueError::InvalidParameterValue { .. }), "{size}: {refused}");
    }
}
