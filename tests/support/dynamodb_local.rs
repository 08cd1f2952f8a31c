//! AWS's DynamoDB Local, the reference the embedded one is held against.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::binaries::root;

/// A running DynamoDB Local, in memory. It ends when dropped.
pub struct DynamoDbLocal {
    process: Child,
    port: u16,
}

impl DynamoDbLocal {
    /// Starts the one that `make test-tools` fetches.
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
        let port = free_port();
        let process = Command::new("java")
            .arg(format!("-Djava.library.path={}", home.join("native").display()))
            .args(["-Xmx256m", "-cp", &format!("{}/*", home.join("lib").display())])
            .args(["com.amazonaws.services.dynamodbv2.local.main.ServerRunner", "-inMemory"])
            .args(["-disableTelemetry", "-port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("java, which DynamoDB Local needs");
        let mut local = Self { process, port };
        local.wait_until_it_listens().await;
        local
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    async fn wait_until_it_listens(&mut self) {
        for _ in 0..300 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return;
            }
            let ended = self.process.try_wait().expect("the state of DynamoDB Local");
            assert!(ended.is_none(), "DynamoDB Local ended at once: {ended:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("DynamoDB Local does not listen after 30 s");
    }
}

impl Drop for DynamoDbLocal {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn home() -> PathBuf {
    root().join("target/tools/dynamodb-local")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
