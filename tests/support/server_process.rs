//! A server of somebody else's in a process of its own, which tests hold ours against.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const LOOK: Duration = Duration::from_millis(100);
/// How often it is looked whether it listens: for 30 seconds.
const LOOKS: u32 = 300;

/// A running server on 127.0.0.1. It ends when dropped.
pub struct ServerProcess {
    process: Child,
    port: u16,
}

impl ServerProcess {
    /// Starts the command that `command` makes for a free port, and waits until it listens there.
    ///
    /// # Panics
    /// If it does not start, ends or does not listen.
    pub async fn start(name: &str, command: impl FnOnce(u16) -> Command) -> Self {
        let port = free_port();
        let mut command = command(port);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn();
        let process = process.unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let mut server = Self { process, port };
        server.wait_until_it_listens(name).await;
        server
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    async fn wait_until_it_listens(&mut self, name: &str) {
        for _ in 0..LOOKS {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return;
            }
            let ended = self.process.try_wait().expect("the state of a child");
            assert!(ended.is_none(), "{name} ended at once: {ended:?}");
            tokio::time::sleep(LOOK).await;
        }
        panic!("{name} does not listen after {:?}", LOOK * LOOKS);
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
