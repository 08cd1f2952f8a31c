//! The tables that `make run` and the tests create are those of the template, the functions may do
//! with them what they do and nothing else, and what is watched is counted.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use patchcord::botmatic::integrations::{self, DynamoIntegrations};
use patchcord::chat::sessions::{
    Claim, ClaimRequest, Commit, DynamoSessions, SessionKey, SessionStore as _,
};
use patchcord::contacts::pairs::{self, DynamoPairs};
use patchcord::ground::clock::{Clock, ManualClock, SystemClock};
use patchcord::ground::metrics::Metric;
use patchcord::ground::seal::Sealer;
use patchcord::ground::secret::Secret;
use patchcord_local::tables::{self, Table};
use patchcord_tests::recorder::Recorder;
use patchcord_tests::stack::database;
use serde_json::{Value, json};

/// The template, with CloudFormation's short forms such as `!Ref` as plain values.
fn template() -> Value {
    let text = include_str!("../template.yaml");
    let tree: yaml_serde::Value = yaml_serde::from_str(text).expect("template.yaml is YAML");
    untagged(tree)
}

fn untagged(tree: yaml_serde::Value) -> Value {
    match tree {
        yaml_serde::Value::Tagged(tagged) => untagged(tagged.value),
        yaml_serde::Value::Sequence(items) => items.into_iter().map(untagged).collect(),
        yaml_serde::Value::Mapping(fields) => fields
            .into_iter()
            .map(|(name, value)| (name.as_str().expect("a name").to_owned(), untagged(value)))
            .collect(),
        scalar => serde_json::to_value(scalar).expect("a scalar"),
    }
}

/// The resources of a type, with their names.
fn of_type<'a>(template: &'a Value, kind: &str) -> Vec<(&'a str, &'a Value)> {
    let resources = template["Resources"].as_object().unwrap();
    let found = resources.iter().filter(|(_, resource)| resource["Type"] == kind);
    found.map(|(name, resource)| (name.as_str(), resource)).collect()
}

#[tokio::test]
async fn the_local_tables_are_those_of_the_template() {
    let template = template();
    let names: Vec<_> =
        of_type(&template, "AWS::DynamoDB::Table").into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["ContactsTable", "ConversationsTable"]);

    let dynamo = database().await;
    let client = tables::client(&dynamo.endpoint());
    let names = client.list_tables().send().await.unwrap().table_names.unwrap();
    assert_eq!(names, [Table::CONTACTS, Table::CONVERSATIONS]);
    for (resource, function, table) in [
        ("ConversationsTable", "WebhookFunction", Table::conversations(Table::CONVERSATIONS)),
        ("ContactsTable", "BotmaticFunction", Table::contacts(Table::CONTACTS)),
    ] {
        let properties = &template["Resources"][resource]["Properties"];
        same_table(&client, &table, properties).await;
        let variables = &template["Resources"][function]["Properties"]["Environment"]["Variables"];
        assert_eq!(variables[table.variable], resource, "{function}");
    }
}

async fn same_table(client: &aws_sdk_dynamodb::Client, expected: &Table, properties: &Value) {
    let table = client.describe_table().table_name(&expected.name).send().await.unwrap();
    let table = table.table.unwrap();
    let keys: Vec<_> = table
        .key_schema()
        .iter()
        .map(|key| json!({ "AttributeName": key.attribute_name, "KeyType": key.key_type.as_str() }))
        .collect();
    assert_eq!(properties["KeySchema"], Value::Array(keys));
    let attributes: Vec<_> = table
        .attribute_definitions()
        .iter()
        .map(|it| json!({ "AttributeName": it.attribute_name, "AttributeType": it.attribute_type.as_str() }))
        .collect();
    assert_eq!(properties["AttributeDefinitions"], Value::Array(attributes));
    let billing = table.billing_mode_summary().and_then(|summary| summary.billing_mode());
    assert_eq!(
        properties["BillingMode"].as_str(),
        billing.map(aws_sdk_dynamodb::types::BillingMode::as_str)
    );
    assert_eq!(table.global_secondary_indexes().len(), 0);
    assert_eq!(properties.get("GlobalSecondaryIndexes"), None);

    let ttl = client.describe_time_to_live().table_name(&expected.name).send().await.unwrap();
    let ttl = ttl.time_to_live_description.unwrap();
    assert_eq!(
        ttl.time_to_live_status.map(|it| it.as_str().to_owned()).as_deref(),
        Some("ENABLED")
    );
    let specified = &properties["TimeToLiveSpecification"];
    assert_eq!(specified["Enabled"], json!(true));
    assert_eq!(specified["AttributeName"].as_str(), ttl.attribute_name.as_deref());

    // And both are what the code reads and writes.
    assert_eq!(properties["KeySchema"][0]["AttributeName"], expected.partition_key);
    assert_eq!(properties["KeySchema"][1]["AttributeName"].as_str(), expected.sort_key);
    assert_eq!(specified["AttributeName"], expected.ttl_attribute);
}

#[test]
fn conversations_go_with_the_stack_and_contacts_stay() {
    let template = template();
    let policies = |table: &str| {
        let resource = &template["Resources"][table];
        [&resource["DeletionPolicy"], &resource["UpdateReplacePolicy"]].map(Value::clone)
    };
    assert_eq!(policies("ConversationsTable"), [json!("Delete"), json!("Delete")]);
    assert_eq!(policies("ContactsTable"), [json!("Retain"), json!("Retain")]);
    let recovery = &template["Resources"]["ContactsTable"]["Properties"];
    let recovery = &recovery["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"];
    assert_eq!(*recovery, true);
}

#[tokio::test]
async fn the_functions_may_do_with_their_tables_what_the_stores_do() {
    let template = template();
    let dynamo = database().await;
    // Ahead of the machine's: DynamoDB deletes what has expired by its own.
    let clock = Arc::new(ManualClock::at(SystemClock.now() + Duration::from_hours(24)));
    let time = || Arc::clone(&clock) as Arc<dyn Clock>;

    let recorder = Recorder::start(dynamo.endpoint()).await;
    let client = tables::functions_client(&recorder.endpoint()).unwrap();
    let store = DynamoSessions::new(client, Table::CONVERSATIONS.to_owned(), time());
    answer_an_event(&store).await;
    assert_eq!(allowed(&template, "WebhookRole", "ConversationsTable"), recorder.permissions());

    let recorder = Recorder::start(dynamo.endpoint()).await;
    let client = || tables::functions_client(&recorder.endpoint()).unwrap();
    let store = DynamoPairs::new(client(), Table::CONTACTS.to_owned(), time());
    pairs::contract::check(&store, &clock).await;
    let key = Secret::try_from("k".repeat(32)).unwrap();
    let sealer = Arc::new(Sealer::from_key(&key).unwrap());
    let store = DynamoIntegrations::new(client(), Table::CONTACTS.to_owned(), sealer);
    integrations::contract::check(&store).await;
    assert_eq!(allowed(&template, "BotmaticRole", "ContactsTable"), recorder.permissions());
}

/// What the dispatcher does with sessions. The store can do more, for programs of one's own.
async fn answer_an_event(store: &DynamoSessions) {
    let key = SessionKey::new("rest", "user1").unwrap();
    for commits in [true, false] {
        let request = ClaimRequest {
            key: key.clone(),
            event: None,
            owner: format!("owner-{commits}"),
            until: store.clock().now() + Duration::from_secs(30),
            expires: None,
        };
        let claim = store.claim(request).await.unwrap();
        let Claim::Claimed(claimed) = claim else { panic!("{claim:?}") };
        if commits {
            let session = claimed.session;
            let commit = Commit { session, event: None, answer: None, expires_in: None };
            store.commit(&claimed.lease, &commit).await.unwrap();
        } else {
            store.release(&key, &claimed.lease).await.unwrap();
        }
    }
}

/// What a role may do with DynamoDB, all of it with one table.
fn allowed(template: &Value, role: &str, table: &str) -> BTreeSet<String> {
    let policies = template["Resources"][role]["Properties"]["Policies"].as_array().unwrap();
    let statements = policies.iter().flat_map(|policy| {
        policy["PolicyDocument"]["Statement"].as_array().unwrap().iter().map(|statement| {
            let actions = match &statement["Action"] {
                Value::Array(actions) => actions.clone(),
                one => vec![one.clone()],
            };
            let actions: Vec<_> =
                actions.iter().map(|action| action.as_str().unwrap().to_owned()).collect();
            (actions, &statement["Resource"])
        })
    });
    let statements = statements.filter(|(actions, _)| actions[0].starts_with("dynamodb:"));
    let mut allowed = BTreeSet::new();
    for (actions, resource) in statements {
        assert_eq!(*resource, format!("{table}.Arn"), "{role}");
        allowed.extend(actions);
    }
    allowed
}

#[test]
fn without_contacts_nothing_of_theirs_is_made() {
    let template = template();
    let conditional = ["HasContacts", "HasContactsMonitoring"];
    let is_conditional = |value: &Value| value.as_str().is_some_and(|it| conditional.contains(&it));
    for section in ["Resources", "Outputs"] {
        for (name, entry) in template[section].as_object().unwrap() {
            let text = entry.to_string();
            let is_theirs = ["BotmaticFunction", "BotmaticLogs", "BotmaticRole", "ContactsTable"]
                .iter()
                .any(|theirs| name == theirs || text.contains(theirs));
            // The dashboard is for both: its widgets are checked by another test.
            let is_common = name == "Dashboard";
            assert_eq!(is_theirs && !is_common, is_conditional(&entry["Condition"]), "{name}");
        }
    }
}

#[test]
fn the_dashboard_is_json_with_contacts_and_without() {
    let template = template();
    let body = &template["Resources"]["Dashboard"]["Properties"]["DashboardBody"];
    let [text, variables] = &body.as_array().unwrap()[..] else { panic!("{body}") };
    let widgets = variables["ContactsWidgets"].as_array().unwrap();
    assert_eq!(widgets[0], "HasContacts");
    for (widgets, count) in [(&widgets[1], 8), (&widgets[2], 4)] {
        let text = text.as_str().unwrap().replace("${ContactsWidgets}", widgets.as_str().unwrap());
        let dashboard: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(dashboard["widgets"].as_array().unwrap().len(), count);
        assert_eq!(text.contains("${BotmaticFunction}"), count == 8);
    }
}

#[test]
fn alarms_are_about_metrics_that_are_sent() {
    let template = template();
    let alarms = of_type(&template, "AWS::CloudWatch::Alarm");
    let ours = alarms.iter().map(|(_, alarm)| &alarm["Properties"]);
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
    ];
    assert_eq!(ours, BTreeSet::from(expected));
}
