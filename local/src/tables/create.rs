//! Creates tables, as often as one likes.

use std::{error::Error, time::Duration};

use aws_sdk_dynamodb::{
    Client,
    error::SdkError,
    types::{
        AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
        TableDescription, TableStatus, TimeToLiveSpecification, TimeToLiveStatus,
    },
};

use patchcord::ground::{aws::InvalidEndpoint, http::HttpClientError};

use super::Table;

/// Between two looks at a table that is being created.
const POLL: Duration = Duration::from_millis(200);
/// A real DynamoDB takes 5 to 20 seconds.
const PATIENCE: Duration = Duration::from_mins(1);

type BoxError = Box<dyn Error + Send + Sync>;

/// A table is not there, or not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// There is no client to reach DynamoDB with.
    #[error(transparent)]
    Client(#[from] HttpClientError),
    /// Where DynamoDB is said to be is no address.
    #[error(transparent)]
    Endpoint(#[from] InvalidEndpoint),
    /// DynamoDB refused or did not answer.
    #[error("cannot {action} the table {table}")]
    DynamoDb {
        /// What was tried.
        action: &'static str,
        /// On which table.
        table: String,
        /// Why not.
        #[source]
        source: BoxError,
    },
    /// The table was there before, made for something else.
    #[error("the table {table} exists with the key {found}, expected {expected}")]
    OtherKey {
        /// Its name.
        table: String,
        /// The key it has.
        found: String,
        /// The key it should have.
        expected: String,
    },
    /// It was created and is still not usable.
    #[error("the table {table} is not active after {} s", PATIENCE.as_secs())]
    NotActive {
        /// Its name.
        table: String,
    },
}

/// Creates the tables that are not there yet, and switches TTL on where it is off.
pub async fn create_tables(client: &Client, tables: &[Table]) -> Result<(), TableError> {
    for table in tables {
        create(client, table).await?;
        wait_until_active(client, table).await?;
        enable_ttl(client, table).await?;
    }
    Ok(())
}

/// One table; that it exists is fine.
async fn create(client: &Client, table: &Table) -> Result<(), TableError> {
    let mut request = client.create_table().table_name(&table.name);
    for (name, kind) in table.keys() {
        let attribute = AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(ScalarAttributeType::S)
            .build()
            .map_err(|error| failure("create", table, error))?;
        let key = KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(kind)
            .build()
            .map_err(|error| failure("create", table, error))?;
        request = request.attribute_definitions(attribute).key_schema(key);
    }
    let created = request.billing_mode(BillingMode::PayPerRequest).send().await;
    match created {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(error)) if error.err().is_resource_in_use_exception() => Ok(()),
        Err(error) => Err(failure("create", table, error)),
    }
}

/// Also checks the key, in case the table was there before.
async fn wait_until_active(client: &Client, table: &Table) -> Result<(), TableError> {
    let wait = async {
        loop {
            let described = client.describe_table().table_name(&table.name).send().await;
            let described = described.map_err(|error| failure("describe", table, error))?;
            if let Some(description) = described.table() {
                check_key(table, description)?;
                if description.table_status() == Some(&TableStatus::Active) {
                    return Ok(());
                }
            }
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait)
        .await
        .map_err(|_| TableError::NotActive { table: table.name.clone() })?
}

fn check_key(table: &Table, description: &TableDescription) -> Result<(), TableError> {
    let found: Vec<&str> =
        description.key_schema().iter().map(KeySchemaElement::attribute_name).collect();
    let expected: Vec<&str> = table.keys().map(|(name, _)| name).collect();
    if found == expected {
        return Ok(());
    }
    let (found, expected) = (found.join(", "), expected.join(", "));
    Err(TableError::OtherKey { table: table.name.clone(), found, expected })
}

impl Table {
    /// The keys, the partition key first.
    fn keys(&self) -> impl Iterator<Item = (&'static str, KeyType)> {
        let sort_key = self.sort_key.map(|name| (name, KeyType::Range));
        std::iter::once((self.partition_key, KeyType::Hash)).chain(sort_key)
    }
}

/// DynamoDB refuses to switch on what is on, hence the look first.
async fn enable_ttl(client: &Client, table: &Table) -> Result<(), TableError> {
    const ACTION: &str = "switch on TTL for";
    let described = client.describe_time_to_live().table_name(&table.name).send().await;
    let described = described.map_err(|error| failure(ACTION, table, error))?;
    let status =
        described.time_to_live_description().and_then(|ttl| ttl.time_to_live_status()).cloned();
    if matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)) {
        return Ok(());
    }
    let ttl = TimeToLiveSpecification::builder()
        .attribute_name(table.ttl_attribute)
        .enabled(true)
        .build()
        .map_err(|error| failure(ACTION, table, error))?;
    let request = client.update_time_to_live().table_name(&table.name);
    let switched = request.time_to_live_specification(ttl).send().await;
    switched.map(|_| ()).map_err(|error| failure(ACTION, table, error))
}

fn failure(action: &'static str, table: &Table, source: impl Into<BoxError>) -> TableError {
    TableError::DynamoDb { action, table: table.name.clone(), source: source.into() }
}
