//! The embedded DynamoDB and the stack's tables.

use std::net::SocketAddr;

use aws_sdk_dynamodb::types::{AttributeValue, TimeToLiveStatus};
use patchcord_local::{
    dynamodb::{Dynamo, DynamoError},
    tables::{Table, TableError, client, create_tables},
};

const ANY_PORT: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

#[tokio::test]
async fn creates_the_tables_once() {
    let dynamo = Dynamo::start(ANY_PORT, None).unwrap();
    let client = client(&dynamo.endpoint());
    let tables = [Table::conversations("sessions")];
    for _ in 0..3 {
        create_tables(&client, &tables).await.unwrap();
    }
    let ttl = client.describe_time_to_live().table_name("sessions").send().await.unwrap();
    let ttl = ttl.time_to_live_description().unwrap();
    assert_eq!(ttl.time_to_live_status(), Some(&TimeToLiveStatus::Enabled));
    assert_eq!(ttl.attribute_name(), Some("expires_at"));

    let other = Table { partition_key: "id", ..Table::conversations("sessions") };
    let error = create_tables(&client, &[other]).await.unwrap_err();
    assert!(matches!(error, TableError::OtherKey { .. }), "{error}");

    let taken = Dynamo::start(dynamo.addr(), None).unwrap_err();
    assert!(matches!(taken, DynamoError::Listen { .. }), "{taken}");
}

#[tokio::test]
async fn gives_its_port_back() {
    // Another test may get one at once; not each.
    for _ in 0..100 {
        let dynamo = Dynamo::start(ANY_PORT, None).unwrap();
        let addr = dynamo.addr();
        dynamo.stop().await;
        if Dynamo::start(addr, None).is_ok() {
            return;
        }
    }
    panic!("none of 100 ports is free");
}

#[tokio::test]
async fn keeps_what_is_in_a_directory() {
    let directory = std::env::temp_dir().join(format!("patchcord-{:x}", fastrand::u64(..)));
    let tables = [Table::conversations("sessions")];
    let key = || AttributeValue::S("rest:user1".to_owned());

    let dynamo = Dynamo::start(ANY_PORT, Some(&directory)).unwrap();
    let client1 = client(&dynamo.endpoint());
    create_tables(&client1, &tables).await.unwrap();
    client1.put_item().table_name("sessions").item("session", key()).send().await.unwrap();
    dynamo.stop().await;

    let dynamo = Dynamo::start(ANY_PORT, Some(&directory)).unwrap();
    let client2 = client(&dynamo.endpoint());
    create_tables(&client2, &tables).await.unwrap();
    let found = client2.get_item().table_name("sessions").key("session", key()).send().await;
    assert_eq!(found.unwrap().item().unwrap()["session"], key());
    dynamo.stop().await;
    std::fs::remove_dir_all(directory).unwrap();
}
