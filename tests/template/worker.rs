//! The queue of messages: how it, the function that fills it and the one that empties it fit
//! together.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_sqs::types::QueueAttributeName;
use patchcord_local::queue::{FifoAttributes, QueueAttributes, Redrive, Sqs, SqsOptions};
use patchcord_tests::sqs::client;
use serde_json::{Value, json};

use super::parts::{WORKER, without};
use super::permissions::allowed;
use super::{properties, template};

const QUEUE: &str = "messages.fifo";
const DEAD: &str = "dead-messages.fifo";
/// What the queue on this machine has nothing to do with.
const OF_AWS_ONLY: [&str; 3] = ["QueueName", "RedriveAllowPolicy", "SqsManagedSseEnabled"];

#[test]
fn the_webhook_function_sends_and_the_worker_receives() {
    let template = without(&[]);
    for (function, role, expected) in [
        ("WebhookFunction", "WebhookRole", ["sqs:SendMessage"].as_slice()),
        (
            "WorkerFunction",
            "WorkerRole",
            &[
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:ReceiveMessage",
            ],
        ),
    ] {
        let variables = &properties(&template, function)["Environment"]["Variables"];
        assert_eq!(variables["MESSAGE_QUEUE_URL"], "MessageQueue", "{function}");
        let expected = expected.iter().map(|&action| action.to_owned()).collect();
        assert_eq!(allowed(&template, role, "sqs:", "MessageQueue"), expected, "{role}");
        assert_eq!(properties(&template, role)["ManagedPolicyArns"], json!(["SecretsPolicy"]));
    }
    let alone = without(&[&WORKER]);
    let variables = &properties(&alone, "WebhookFunction")["Environment"]["Variables"];
    assert_eq!(variables["MESSAGE_QUEUE_URL"], Value::Null);
}

#[test]
fn the_worker_says_which_messages_failed_and_gets_as_many_as_it_is_told() {
    let template = template();
    let function = properties(&template, "WorkerFunction");
    let events: Vec<_> = function["Events"].as_object().unwrap().values().collect();
    let expected = json!({
        "Queue": "MessageQueue.Arn",
        "BatchSize": "WorkerBatchSize",
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": { "MaximumConcurrency": "WorkerConcurrency" },
    });
    assert_eq!(events.len(), 1);
    assert_eq!(events[0]["Properties"], expected);
    assert_eq!(function.get("ReservedConcurrentExecutions"), None);
    // What AWS allows for a FIFO queue:
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
    for (parameter, range) in
        [("WorkerBatchSize", [1, 10, 1]), ("WorkerConcurrency", [2, 1000, 100])]
    {
        let parameter = &template["Parameters"][parameter];
        let found = ["MinValue", "MaxValue", "Default"].map(|it| parameter[it].as_u64().unwrap());
        assert_eq!(found, range);
    }
}

/// One slow answer is none of its business; the death of a function is.
#[test]
fn the_alarm_on_waiting_messages_goes_off_before_a_killed_one_comes_again() {
    let template = template();
    let seconds = |resource, name: &str| properties(&template, resource)[name].as_u64().unwrap();
    let slowest = seconds("WorkerFunction", "Timeout");
    let hidden = seconds("MessageQueue", "VisibilityTimeout");
    let threshold = seconds("MessagesWaitAlarm", "Threshold");
    assert!((2 * slowest + 1..hidden).contains(&threshold), "{threshold}");
}

#[tokio::test]
async fn the_queues_can_be_made_on_this_machine() {
    let sqs = Sqs::start(SqsOptions::default()).await.unwrap();
    let template = template();
    let client = client(&sqs.endpoint());
    for (resource, name) in [("MessageDeadLetterQueue", DEAD), ("MessageQueue", QUEUE)] {
        let mut attributes = given(properties(&template, resource));
        if let Some(policy) = attributes.get_mut(&QueueAttributeName::RedrivePolicy) {
            *policy = policy.replace("MessageDeadLetterQueue.Arn", &sqs.queues().arn(DEAD));
        }
        let create = client.create_queue().queue_name(name).set_attributes(Some(attributes));
        create.send().await.unwrap();
    }
    let expected = QueueAttributes {
        visibility_timeout: Duration::from_mins(12),
        retention: Duration::from_hours(4 * 24),
        redrive: Some(Redrive { queue: DEAD.to_owned(), max_receive_count: 5 }),
        fifo: Some(FifoAttributes {
            content_based_deduplication: false,
            deduplication_per_group: true,
            throughput_per_group: true,
        }),
        ..QueueAttributes::default()
    };
    assert_eq!(sqs.queues().attributes(QUEUE).unwrap(), expected);
    let retention = Duration::from_hours(14 * 24);
    let expected = QueueAttributes { retention, ..QueueAttributes::fifo() };
    assert_eq!(sqs.queues().attributes(DEAD).unwrap(), expected);
}

/// A queue's properties as `CreateQueue` takes them: as texts.
fn given(properties: &Value) -> HashMap<QueueAttributeName, String> {
    let given = properties.as_object().unwrap().iter();
    let given = given.filter(|(name, _)| !OF_AWS_ONLY.contains(&name.as_str()));
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    given.map(|(name, value)| (QueueAttributeName::from(name.as_str()), text(value))).collect()
}
