//! moto, the reference the local queue is held against (<https://docs.getmoto.org>).

use std::process::Command;

use patchcord_tests::binaries::root;
use patchcord_tests::server_process::ServerProcess;

/// A running moto. It ends when dropped.
pub struct Moto(ServerProcess);

impl Moto {
    /// Starts the one that `make test-tools` fetches.
    pub async fn start() -> Self {
        let program = root().join("target/tools/moto/bin/moto_server");
        let where_ = program.display();
        assert!(program.exists(), "moto is not at {where_}: run `make test-tools` first");
        let command = |port: u16| {
            let mut moto = Command::new(&program);
            moto.args(["--host", "127.0.0.1", "--port", &port.to_string()])
                // Without this, it lets queues be purged as often as one likes.
                .env("MOTO_SQS_STRICT_QUEUE_PURGE", "true");
            moto
        };
        Self(ServerProcess::start("moto", command).await)
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        self.0.endpoint()
    }
}
