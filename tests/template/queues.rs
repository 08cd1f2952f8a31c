//! The queues: how long they hide and keep messages, and where those go that fail each time.

use serde_json::{Value, json};

use super::{of_type, properties, template};

/// Each with its dead-letter queue and its function.
const QUEUES: [(&str, &str, &str); 2] = [
    ("ImportQueue", "ImportDeadLetterQueue", "ImportFunction"),
    ("MessageQueue", "MessageDeadLetterQueue", "WorkerFunction"),
];

/// A queue's name has 80 characters at most, a FIFO queue's `.fifo` among them
/// (<https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html>),
/// and the documentation says that a stack's may have 60.
const LONGEST_SUFFIX: usize = 20;

#[test]
fn a_message_is_tried_five_times_and_kept_after_that() {
    let template = template();
    for (queue, dead, _) in QUEUES {
        let policy = &properties(&template, queue)["RedrivePolicy"];
        assert_eq!(policy["deadLetterTargetArn"], format!("{dead}.Arn"));
        assert_eq!(policy["maxReceiveCount"], 5);
        let kept = |queue| properties(&template, queue)["MessageRetentionPeriod"].as_u64().unwrap();
        assert!(kept(dead) > kept(queue), "{queue}");
        for queue in [queue, dead] {
            assert_eq!(properties(&template, queue)["SqsManagedSseEnabled"], true, "{queue}");
        }
    }
}

/// By its name: an attribute of the queue would be a circle.
#[test]
fn a_dead_letter_queue_takes_from_its_queue_and_from_no_other() {
    let template = template();
    for (queue, dead, _) in QUEUES {
        let allows = &properties(&template, dead)["RedriveAllowPolicy"];
        assert_eq!(allows["redrivePermission"], "byQueue");
        let name = properties(&template, queue)["QueueName"].as_str().unwrap();
        let arn =
            format!("arn:${{AWS::Partition}}:sqs:${{AWS::Region}}:${{AWS::AccountId}}:{name}");
        assert_eq!(allows["sourceQueueArns"], json!([arn]));
    }
}

/// So that a message is not handed out again while its function may still be at work
/// (<https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html>).
#[test]
fn messages_are_hidden_for_six_times_the_time_of_their_function() {
    let template = template();
    for (queue, _, function) in QUEUES {
        let hidden = properties(&template, queue)["VisibilityTimeout"].as_u64().unwrap();
        let timeout = properties(&template, function)["Timeout"].as_u64().unwrap();
        assert_eq!(hidden, 6 * timeout, "{queue}");
    }
}

/// A FIFO queue is known by its name, and has a FIFO queue for its dead letters.
#[test]
fn names_say_what_a_queue_is_and_are_short_enough() {
    let template = template();
    let queues = of_type(&template, "AWS::SQS::Queue");
    assert_eq!(queues.len(), 2 * QUEUES.len());
    for (resource, queue) in queues {
        let queue = &queue["Properties"];
        let name = queue["QueueName"].as_str().unwrap();
        let suffix = name.strip_prefix("${AWS::StackName}").unwrap();
        assert!(suffix.len() <= LONGEST_SUFFIX, "{suffix}");
        let is_fifo = resource.starts_with("Message");
        assert_eq!(name.strip_suffix(".fifo").is_some(), is_fifo, "{name}");
        assert_eq!(queue.get("FifoQueue"), is_fifo.then_some(&Value::Bool(true)), "{name}");
    }
}
