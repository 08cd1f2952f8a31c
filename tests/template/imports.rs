//! The queue of imports: how it and its function fit together.

use patchcord::contacts::import::ImportConfig;
use patchcord::ground::aws::sqs::MAX_DELAY;
use patchcord::ground::metrics::Metric;
use serde_json::{Value, json};

use super::parts::without;
use super::permissions::allowed;
use super::{properties, template};

const AWS_SQS: &str = "AWS/SQS";

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
    assert!((MAX_DELAY.as_secs() + 1..2 * hidden).contains(&threshold), "{threshold}");
}

#[test]
fn the_function_gets_a_message_at_a_time_says_if_it_failed_and_runs_so_often_at_once() {
    let template = template();
    let function = properties(&template, "ImportFunction");
    let events: Vec<_> = function["Events"].as_object().unwrap().values().collect();
    let expected = json!({
        "Type": "SQS",
        "Properties": {
            "Queue": "ImportQueue.Arn",
            "BatchSize": 1,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "ScalingConfig": { "MaximumConcurrency": "ImportConcurrency" },
        },
    });
    assert_eq!(events, [&expected]);
    assert_eq!(function.get("ReservedConcurrentExecutions"), None);
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
    let concurrency = &template["Parameters"]["ImportConcurrency"];
    let range = ["MinValue", "MaxValue"].map(|it| concurrency[it].as_u64().unwrap());
    assert_eq!(range, [2, 1000]);
    // No part of an import waits for another one.
    assert!(concurrency["Default"].as_u64() >= Some(ImportConfig::default().functions));
}

#[test]
fn alarms_watch_the_queue_they_are_about() {
    let template = template();
    for (alarm, metric, queue) in [
        ("ImportDeadLettersAlarm", "ApproximateNumberOfMessagesVisible", "ImportDeadLetterQueue"),
        ("ImportStuckAlarm", "ApproximateAgeOfOldestMessage", "ImportQueue"),
    ] {
        let watched = properties(&template, alarm);
        assert_eq!(
            (&watched["Namespace"], &watched["MetricName"]),
            (&AWS_SQS.into(), &metric.into())
        );
        let by = json!([{ "Name": "QueueName", "Value": format!("{queue}.QueueName") }]);
        assert_eq!(watched["Dimensions"], by, "{alarm}");
        let shown = (&watched["Statistic"], &watched["ComparisonOperator"]);
        assert_eq!(shown, (&json!("Maximum"), &json!("GreaterThanOrEqualToThreshold")), "{alarm}");
    }
    // A single dead letter is one too many.
    assert_eq!(properties(&template, "ImportDeadLettersAlarm")["Threshold"], 1);
}

/// Messages of each kind, and no pages: for longer than the longest pause and a killed slice.
#[test]
fn the_alarm_on_imports_that_stand_still_looks_at_every_message_and_at_pages() {
    let template = template();
    let alarm = properties(&template, "ImportIdleAlarm");
    let metrics = alarm["Metrics"].as_array().unwrap();
    let [idle, counted @ ..] = &metrics[..] else { panic!("{metrics:?}") };
    let of_queue = |id, kind| {
        let name = format!("ApproximateNumberOfMessages{kind}");
        (id, AWS_SQS, name, ["QueueName", "ImportQueue.QueueName"], "Maximum")
    };
    let pages = Metric::ImportPages.name().to_owned();
    let expected = [
        of_queue("visible", "Visible"),
        of_queue("hidden", "NotVisible"),
        of_queue("delayed", "Delayed"),
        ("pages", "Patchcord", pages, ["service", "ImportFunction"], "Sum"),
    ];
    let period = 300;
    let expected = expected.map(|(id, namespace, name, [by, value], stat)| {
        let dimensions = json!([{ "Name": by, "Value": value }]);
        let metric =
            json!({ "Namespace": namespace, "MetricName": name, "Dimensions": dimensions });
        let stat = json!({ "Metric": metric, "Period": period, "Stat": stat });
        json!({ "Id": id, "ReturnData": false, "MetricStat": stat })
    });
    assert_eq!(counted, expected);
    let messages = ["visible", "hidden", "delayed"].map(|id| format!("FILL({id}, 0)")).join(" + ");
    let expression = format!("IF({messages} > 0 AND FILL(pages, 0) < 1, 1, 0)");
    assert_eq!(idle["Expression"], expression);
    // What it calculates is 1, and compared with 1; nothing else is.
    assert_eq!(idle.get("ReturnData"), None);
    let compared = (&alarm["Threshold"], &alarm["ComparisonOperator"]);
    assert_eq!(compared, (&json!(1), &json!("GreaterThanOrEqualToThreshold")));
    let idle_for = period * alarm["EvaluationPeriods"].as_u64().unwrap();
    let hidden = properties(&template, "ImportQueue")["VisibilityTimeout"].as_u64().unwrap();
    assert!(idle_for > MAX_DELAY.as_secs() + hidden, "{idle_for}");
}

#[test]
fn the_schedule_starts_the_import_that_it_is_given_and_may_do_so() {
    let template = template();
    let rule = properties(&template, "ImportRule");
    assert_eq!(rule["ScheduleExpression"], "ImportSchedule");
    let target = json!({
        "Id": "contact-import", "Arn": "ImportFunction.Arn", "Input": "ImportScheduleInput",
    });
    assert_eq!(rule["Targets"], json!([target]));
    let permission = json!({
        "FunctionName": "ImportFunction",
        "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com",
        "SourceArn": "ImportRule.Arn",
    });
    assert_eq!(*properties(&template, "ImportRulePermission"), permission);
    for resource in ["ImportRule", "ImportRulePermission"] {
        assert_eq!(template["Resources"][resource]["Condition"], "HasImportSchedule");
    }
    let has_schedule = json!(["HasContacts", [["ImportSchedule", ""]]]);
    assert_eq!(template["Conditions"]["HasImportSchedule"], has_schedule);
}
