//! The stack of `make run`, as a process: `patchcord run` on ports of its own.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use crate::binaries::{cargo_lambda, patchcord, root};

/// Compiling the function may be part of it.
const START: Duration = Duration::from_mins(15);
const STOP: Duration = Duration::from_secs(20);

/// A running stack. Stop it with [`LocalStack::stop`].
pub struct LocalStack {
    process: Child,
    port: u16,
    banner: String,
    _stdout: Lines<BufReader<ChildStdout>>,
}

impl LocalStack {
    /// Starts it with its data in `data`, and waits until it says that it is running.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn start(data: &Path) -> Self {
        let [port, dynamodb_port] = free_ports();
        let mut process = Command::new(patchcord())
            .args(["run", "--port", &port.to_string()])
            .args(["--dynamodb-port", &dynamodb_port.to_string(), "--data"])
            .arg(data)
            .args(["--botmatic-port", "0", "--crm-port", "0"])
            .env("CARGO_LAMBDA", cargo_lambda())
            .env_remove("DYNAMODB_ENDPOINT")
            .env_remove("BOTMATIC_BASE_URL")
            .env_remove("CRM_BASE_URL")
            .current_dir(root())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("patchcord run");
        let stdout = process.stdout.take().expect("its output");
        let mut stdout = BufReader::new(stdout).lines();
        let mut banner = String::new();
        let read = async {
            while !banner.contains("Ctrl-C ends everything") {
                let line = stdout.next_line().await.expect("its output");
                banner.push_str(&line.expect("`patchcord run` ended"));
                banner.push('\n');
            }
        };
        timeout(START, read).await.expect("the stack does not get ready");
        Self { process, port, banner, _stdout: stdout }
    }

    /// What it has printed for people.
    pub fn banner(&self) -> &str {
        &self.banner
    }

    /// Where the functions listen.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Sends a message of `user1` to the channel `rest`, and reads the answer.
    pub async fn say(&self, text: &str) -> Value {
        let message = json!({ "sender": "user1", "message": text });
        let url = self.url("/webhooks/rest/webhook");
        let client = patchcord::ground::http::client().expect("a client");
        let answer = client.post(url).json(&message).send().await;
        answer.expect("an answer").json().await.expect("JSON")
    }

    /// Gets a path: the status, and the body as JSON.
    pub async fn get(&self, path: &str) -> (u16, Value) {
        let client = patchcord::ground::http::client().expect("a client");
        let answer = client.get(self.url(path)).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    /// Presses Ctrl-C, and makes sure that nothing listens any more.
    ///
    /// # Panics
    /// If it does not end well.
    pub async fn stop(mut self) {
        assert!(self.interrupt(), "it has ended by itself");
        let ended = timeout(STOP, self.process.wait()).await.expect("it does not end");
        assert!(ended.expect("its end").success());
        let free = TcpListener::bind(("127.0.0.1", self.port));
        assert!(free.is_ok(), "something still listens on port {}", self.port);
    }
}

impl LocalStack {
    /// Presses Ctrl-C; false if it has ended.
    fn interrupt(&self) -> bool {
        let Some(pid) = self.process.id() else { return false };
        let sent = std::process::Command::new("kill").args(["-INT", &pid.to_string()]).status();
        sent.is_ok_and(|status| status.success())
    }
}

impl Drop for LocalStack {
    /// A test that fails leaves nothing running either.
    fn drop(&mut self) {
        let mut patience = 200;
        if self.interrupt() {
            while patience > 0 && self.process.try_wait().is_ok_and(|ended| ended.is_none()) {
                std::thread::sleep(Duration::from_millis(100));
                patience -= 1;
            }
        }
    }
}

fn free_ports() -> [u16; 2] {
    [(); 2]
        .map(|()| TcpListener::bind(("127.0.0.1", 0)).expect("a free port"))
        .map(|listener| listener.local_addr().expect("its address").port())
}
