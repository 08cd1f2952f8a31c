//! What is watched is counted.

use std::collections::BTreeSet;

use patchcord::ground::metrics::Metric;
use serde_json::{Value, json};

use super::parts::{CONTACTS, Part, WORKER, without};
use super::{of_type, template};

#[test]
fn the_dashboard_is_json_whatever_is_deployed() {
    for (absent, count) in
        [([].as_slice(), 16), (&[&WORKER], 12), (&[&CONTACTS], 8), (&[&CONTACTS, &WORKER], 4)]
    {
        let dashboard = dashboard(absent);
        let widgets = dashboard["widgets"].as_array().unwrap();
        assert_eq!(widgets.len(), count);
        let with_contacts = !absent.iter().any(|part| part.widgets == CONTACTS.widgets);
        assert_drawn(widgets, with_contacts);
        // Those of the worker are placed below the others, whichever these are.
        let placed = widgets.iter().take_while(|widget| widget["y"].is_number()).count();
        assert!(widgets[placed..].iter().all(|widget| widget["y"].is_null()), "{widgets:?}");
    }
}

fn dashboard(absent: &[&Part]) -> Value {
    let template = without(absent);
    let body = &template["Resources"]["Dashboard"]["Properties"]["DashboardBody"];
    let [text, variables] = &body.as_array().unwrap()[..] else { panic!("{body}") };
    let mut text = text.as_str().unwrap().to_owned();
    for part in [CONTACTS, WORKER] {
        let widgets = variables[part.widgets].as_str().unwrap();
        text = text.replace(&format!("${{{}}}", part.widgets), widgets);
    }
    serde_json::from_str(&text).unwrap()
}

#[test]
fn alarms_are_about_metrics_that_are_sent() {
    let template = without(&[]);
    let alarms = of_type(&template, "AWS::CloudWatch::Alarm");
    // An alarm has one metric, or calculates with several.
    let ours = alarms.iter().flat_map(|(_, alarm)| {
        let alarm = &alarm["Properties"];
        match alarm["Metrics"].as_array() {
            None => vec![alarm],
            Some(metrics) => metrics.iter().map(|it| &it["MetricStat"]["Metric"]).collect(),
        }
    });
    let ours: BTreeSet<_> = ours
        .filter(|alarm| alarm["Namespace"] == "Patchcord")
        .inspect(|alarm| assert_eq!(alarm["Dimensions"].as_array().unwrap().len(), 1))
        .map(|alarm| (alarm["MetricName"].as_str().unwrap(), &alarm["Dimensions"][0]))
        .map(|(metric, by)| (metric, by["Name"].as_str().unwrap(), by["Value"].as_str().unwrap()))
        .collect();
    let expected = [
        (Metric::BotErrors.name(), "service", "WebhookFunction"),
        (Metric::BotErrors.name(), "service", "WorkerFunction"),
        (Metric::ContactsRefused.name(), "service", "BotmaticFunction"),
        (Metric::ContactsRetried.name(), "service", "BotmaticFunction"),
        (Metric::ImportPages.name(), "service", "ImportFunction"),
        (Metric::ImportsFailed.name(), "service", "ImportFunction"),
    ];
    assert_eq!(ours, BTreeSet::from(expected));
}

/// What the dashboard draws of ours is what is sent.
fn assert_drawn(widgets: &[Value], with_contacts: bool) {
    let imports = [
        Metric::ImportCreated,
        Metric::ImportUpdated,
        Metric::ImportUnchanged,
        Metric::ImportFailed,
        Metric::ImportDoubtful,
        Metric::ImportPages,
        Metric::ImportPageMs,
    ];
    let imports: BTreeSet<_> = imports.map(Metric::name).into();
    let drawn: BTreeSet<_> = widgets
        .iter()
        .flat_map(|widget| widget["properties"]["metrics"].as_array().unwrap())
        .filter_map(|metric| metric[1].as_str().filter(|name| name.starts_with("Import")))
        .collect();
    assert_eq!(drawn, if with_contacts { imports } else { BTreeSet::new() });
}

/// What an alarm calculates with is what it is given, whether there is a worker or not.
#[test]
fn the_bots_errors_are_counted_wherever_it_runs() {
    for (absent, expected) in [
        ([].as_slice(), ["WebhookFunction", "WorkerFunction"].as_slice()),
        (&[&WORKER], &["WebhookFunction"]),
    ] {
        let template = without(absent);
        let alarm = &template["Resources"]["BotErrorsAlarm"]["Properties"];
        let metrics = alarm["Metrics"].as_array().unwrap();
        let [result, counted @ ..] = &metrics[..] else { panic!("{metrics:?}") };
        let fill = |metric: &Value| format!("FILL({}, 0)", metric["Id"].as_str().unwrap());
        let sum: Vec<_> = counted.iter().map(fill).collect();
        assert_eq!(result["Expression"], sum.join(" + "));
        let of = |metric: &Value| metric["MetricStat"]["Metric"]["Dimensions"][0]["Value"].clone();
        assert_eq!(counted.iter().map(of).collect::<Vec<_>>(), expected);
        assert!(counted.iter().all(|metric| metric["ReturnData"] == false), "{counted:?}");
    }
}

#[test]
fn without_the_lines_that_count_pages_nothing_waits_for_them() {
    let template = template();
    let alarm = &template["Resources"]["ImportIdleAlarm"];
    assert_eq!(alarm["Condition"], "HasImportPages");
    let expected =
        json!(["HasContactsMonitoring", [["LogLevel", "WARN"]], [["LogLevel", "ERROR"]]]);
    assert_eq!(template["Conditions"]["HasImportPages"], expected);
}
