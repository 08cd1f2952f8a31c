//! A server of somebody else's in a process of its own, which tests hold ours against.

use std::collections::BTreeSet;
use std::iter;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const LOOK: Duration = Duration::from_millis(100);
/// How often it is looked whether it listens: for two minutes.
const LOOKS: u32 = 1_200;
/// How often it is started.
const ATTEMPTS: usize = 5;

/// A running server on 127.0.0.1. It ends when dropped.
pub struct ServerProcess {
    process: Child,
    port: u16,
}

impl ServerProcess {
    /// Starts the command that `command` makes for a free port, and waits until it listens there.
    /// Somebody else may have taken the port meanwhile; then there is another one.
    ///
    /// # Panics
    /// If it does not start, ends or does not listen.
    pub async fn start(name: &str, command: impl Fn(u16) -> Command) -> Self {
        let mut ended = None;
        for _ in 0..ATTEMPTS {
            let port = free_port();
            let mut command = command(port);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            let process = command.spawn();
            let process = process.unwrap_or_else(|error| panic!("{name} does not start: {error}"));
            let mut server = Self { process, port };
            ended = server.wait_until_it_listens(name).await;
            if ended.is_none() {
                return server;
            }
        }
        panic!("{name} has ended {ATTEMPTS} times: {ended:?}")
    }

    /// Where it listens.
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How it has ended, if it has.
    async fn wait_until_it_listens(&mut self, name: &str) -> Option<ExitStatus> {
        for _ in 0..LOOKS {
            let listens = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok();
            let ended = self.process.try_wait().expect("the state of a child");
            if listens || ended.is_some() {
                return ended;
            }
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

/// Below the ports that systems hand out by themselves, one of which somebody else may get before a
/// process listens there; and each once, as nobody may listen there yet.
pub(crate) fn free_port() -> u16 {
    static TAKEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    let is_free = |port: &u16| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok();
    let ports = iter::repeat_with(|| fastrand::u16(20_000..32_000));
    let port = ports.filter(|port| !taken.contains(port)).find(is_free).expect("a free port");
    taken.insert(port);
    port
}
