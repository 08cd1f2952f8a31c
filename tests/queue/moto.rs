//! moto, the reference the local queue is held against (<https://docs.getmoto.org>).

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use patchcord_tests::binaries::root;

/// A running moto. It ends when dropped.
pub struct Moto {
    process: Child,
    port: u16,
}

impl Moto {
    /// Starts the one that `make test-tools` fetches.
    pub async fn start() -> Self {
        let program = root().join("target/tools/moto/bin/moto_server");
        let where_ = program.display();
        assert!(program.exists(), "moto is not at {where_}: run `make test-tools` first");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let process = Command::new(&program)
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            // Without this, it lets queues be purged as often as one likes.
            .env("MOTO_SQS_STRICT_QUEUE_PURGE", "true")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{where_} does not start: {error}"));
        let mut moto = Self { process, port };
        moto.wait_until_it_listens().await;
        moto
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
            let ended = self.process.try_wait().unwrap();
            assert!(ended.is_none(), "moto ended at once: {ended:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("moto does not listen after 30 s");
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
