//! The queue of imports: how it and its function fit together.

use serde_json::{Value, json};

use super::parts::without;
use super::permissions::allowed;
use super::{properties, template};

#[test]
fn both_functions_know_the_queue_and_may_send_to_it() {
    let template = without(&[]);
    let consume = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
    for (function, role, received) in [
        ("BotmaticFunction", "BotmaticRole", [].as_slice()),
        ("ImportFunction", "ImportRole", consume.as_slice()),
    ] {
        let variables = &properties(&template, function)["Environment"]["Variables"];
        assert_eq!(variables["IMPORT_QUEUE_URL"], "ImportQueue", "{function}");
        let expected = received.iter().copied().chain(["sqs:SendMessage"]);
        let expected = expected.map(str::to_owned).collect();
        assert_eq!(allowed(&template, role, "sqs:", "ImportQueue"), expected, "{role}");
    }
}

#[test]
fn files_are_read_from_the_one_bucket_and_only_if_there_is_one() {
    let template = template();
    let policies = properties(&template, "ImportRole")["Policies"].as_array().unwrap();
    let about_files: Vec<_> = policies.iter().filter(|it| it.to_string().contains("s3:")).collect();
    let [policy] = about_files[..] else { panic!("{about_files:?}") };
    assert_eq!(policy[0], "HasImportBucket");
    assert_eq!(policy[2], "AWS::NoValue");
    let expected = json!([{
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:${AWS::Partition}:s3:::${ImportBucket}/*",
    }]);
    assert_eq!(policy[1]["PolicyDocument"]["Statement"], expected);
}

/// A message is not old as long as slices succeed, whatever they wait for, and is no longer counted
/// after its third reception.
#[test]
fn the_alarm_on_old_messages_goes_off_when_it_can_and_not_before() {
    let template = template();
    let number = |value: &Value| value.as_u64().unwrap();
    let threshold = number(&properties(&template, "ImportStuckAlarm")["Threshold"]);
    let hidden = number(&properties(&template, "ImportQueue")["VisibilityTimeout"]);
    let longest_pause = patchcord::ground::aws::sqs::MAX_DELAY.as_secs();
    assert!((longest_pause + 1..2 * hidden).contains(&threshold), "{threshold}");
}
