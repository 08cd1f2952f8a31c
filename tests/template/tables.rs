//! The tables that `make run` and the tests create are those of the template.

use patchcord_local::tables::{self, Table};
use patchcord_tests::stack::database;
use serde_json::{Value, json};

use super::{of_type, template};

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
    let conversations = ["WebhookFunction", "WorkerFunction"].as_slice();
    let contacts = ["BotmaticFunction", "ImportFunction"].as_slice();
    for (resource, functions, table) in [
        ("ConversationsTable", conversations, Table::conversations(Table::CONVERSATIONS)),
        ("ContactsTable", contacts, Table::contacts(Table::CONTACTS)),
    ] {
        let properties = &template["Resources"][resource]["Properties"];
        same_table(&client, &table, properties).await;
        for function in functions {
            let function = &template["Resources"][function]["Properties"];
            let variables = &function["Environment"]["Variables"];
            assert_eq!(variables[table.variable], resource, "{function}");
        }
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
    assert_eq!(policies("ContactsTable"), [json!("RetainExceptOnCreate"), json!("Retain")]);
    let recovery = &template["Resources"]["ContactsTable"]["Properties"];
    let recovery = &recovery["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"];
    assert_eq!(*recovery, true);
}
