//! The tables that `make run` and the tests create are those of the template.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

use patchcord::chat::sessions::{KEY_ATTRIBUTE, TTL_ATTRIBUTE};
use patchcord_local::tables::{self, Table};
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

#[tokio::test]
async fn the_local_tables_are_those_of_the_template() {
    let template = template();
    let resources = template["Resources"].as_object().unwrap();
    let tables: Vec<_> = resources
        .iter()
        .filter(|(_, resource)| resource["Type"] == "AWS::DynamoDB::Table")
        .map(|(name, resource)| (name.as_str(), &resource["Properties"]))
        .collect();
    let [("ConversationsTable", properties)] = tables[..] else {
        panic!("expected ConversationsTable alone, found {tables:?}");
    };

    let dynamo = database().await;
    let client = tables::client(&dynamo.endpoint());
    let names = client.list_tables().send().await.unwrap().table_names.unwrap();
    assert_eq!(names, [Table::CONVERSATIONS]);
    let table = client.describe_table().table_name(Table::CONVERSATIONS).send().await.unwrap();
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

    let ttl = client.describe_time_to_live().table_name(Table::CONVERSATIONS).send().await.unwrap();
    let ttl = ttl.time_to_live_description.unwrap();
    assert_eq!(
        ttl.time_to_live_status.map(|it| it.as_str().to_owned()).as_deref(),
        Some("ENABLED")
    );
    let specified = &properties["TimeToLiveSpecification"];
    assert_eq!(specified["Enabled"], json!(true));
    assert_eq!(specified["AttributeName"].as_str(), ttl.attribute_name.as_deref());

    // And both are what the code reads and writes.
    assert_eq!(properties["KeySchema"][0]["AttributeName"], KEY_ATTRIBUTE);
    assert_eq!(specified["AttributeName"], TTL_ATTRIBUTE);
}
