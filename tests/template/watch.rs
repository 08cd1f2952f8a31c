//! What is watched is counted.

use std::collections::BTreeSet;

use patchcord::ground::metrics::Metric;
use serde_json::{Value, json};

use super::{THEIRS, of_type, template};

#[test]
fn the_dashboard_is_json_with_contacts_and_without() {
    let template = template();
    let body = &template["Resources"]["Dashboard"]["Properties"]["DashboardBody"];
    let [text, variables] = &body.as_array().unwrap()[..] else { panic!("{body}") };
    let widgets = variables["ContactsWidgets"].as_array().unwrap();
    assert_eq!(widgets[0], "HasContacts");
    for (widgets, count) in [(&widgets[1], 12), (&widgets[2], 4)] {
        let text = text.as_str().unwrap().replace("${ContactsWidgets}", widgets.as_str().unwrap());
        let dashboard: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(dashboard["widgets"].as_array().unwrap().len(), count);
        for theirs in THEIRS.into_iter().filter(|it| it.ends_with("Function")) {
            assert_eq!(text.contains(&format!("${{{theirs}}}")), count == 12, "{theirs}");
        }
        assert_drawn(&dashboard);
    }
}

#[test]
fn alarms_are_about_metrics_that_are_sent() {
    let template = template();
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
        (Metric::ContactsRefused.name(), "service", "BotmaticFunction"),
        (Metric::ContactsRetried.name(), "service", "BotmaticFunction"),
        (Metric::ImportPages.name(), "service", "ImportFunction"),
        (Metric::ImportsFailed.name(), "service", "ImportFunction"),
    ];
    assert_eq!(ours, BTreeSet::from(expected));
}

/// What the dashboard draws of ours is what is sent.
fn assert_drawn(dashboard: &Value) {
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
    let drawn: BTreeSet<_> = dashboard["widgets"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|widget| widget["properties"]["metrics"].as_array().unwrap())
        .filter_map(|metric| metric[1].as_str().filter(|name| name.starts_with("Import")))
        .collect();
    let is_with_contacts = dashboard["widgets"].as_array().unwrap().len() > 4;
    assert_eq!(drawn, if is_with_contacts { imports } else { BTreeSet::new() });
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
