//! AWS's DynamoDB Local, the reference the embedded one is held against.

use std::path::PathBuf;
use std::process::Command;

use crate::binaries::root;
use crate::server_process::ServerProcess;
use crate::stack::create_tables;

/// A running DynamoDB Local, in memory. It ends when dropped.
pub struct DynamoDbLocal(ServerProcess);

impl DynamoDbLocal {
    /// Starts the one that `make test-tools` fetches, which needs Java.
    ///
    /// # Panics
    /// If it is not there, or Java is not.
    pub async fn start() -> Self {
        let home = home();
        assert!(
            home.join("DynamoDBLocal.jar").exists() || home.join("lib").exists(),
            "DynamoDB Local is not in {}: run `make test-tools` first",
            home.display()
        );
        let command = |port: u16| {
            let mut java = Command::new("java");
            java.arg(format!("-Djava.library.path={}", home.join("native").display()))
                .args(["-Xmx256m", "-cp", &format!("{}/*", home.join("lib").display())])
                .args(["com.amazonaws.services.dynamodbv2.local.main.ServerRunner", "-inMemory"])
                .args(["-disableTelemetry", "-port", &port.to_string()]);
            java
        };
        Self(ServerProcess::start("DynamoDB Local", command).await)
    }

    /// The same with the stack's tables.
    ///
    /// # Panics
    /// If they cannot be created.
    pub async fn with_tables() -> Self {
        let dynamo = Self::start().await;
        create_tables(&dynamo.endpoint()).await;
        dynamo
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        self.0.endpoint()
    }
}

fn home() -> PathBuf {
    root().join("target/tools/dynamodb-local")
}
