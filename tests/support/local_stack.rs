//! The stack of `make run`, as a process: `patchcord run` on ports of its own.

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{sleep, timeout};

use crate::binaries::{cargo_lambda, patchcord, root};
use crate::server_process::free_port;
use crate::wait::in_time;

/// Compiling the function may be part of it.
const START: Duration = Duration::from_mins(15);
const STOP: Duration = Duration::from_secs(20);
/// For what is to be seen on the other side.
const SEEN: Duration = Duration::from_mins(2);
/// For one answer.
const ATTEMPT: Duration = Duration::from_secs(5);
/// Between two of them.
const PAUSE: Duration = Duration::from_millis(200);
/// What whoever runs the tests may have set for themselves.
const OURS: [&str; 10] = [
    "PATCHCORD_CONFIG",
    "PATCHCORD_DATA",
    "DYNAMODB_ENDPOINT",
    "BOTMATIC_BASE_URL",
    "CRM_BASE_URL",
    "CONVERSATIONS_TABLE",
    "CONTACTS_TABLE",
    "PATCHCORD_ADMIN_KEY",
    "PATCHCORD_ENCRYPTION_KEY",
    "PATCHCORD_PUSH_KEY",
];

/// A running stack. Stop it with [`LocalStack::stop`].
pub struct LocalStack {
    process: Child,
    port: u16,
    dynamodb_port: u16,
    banner: String,
    _stdout: Lines<BufReader<ChildStdout>>,
}

impl LocalStack {
    /// Starts it with its data in `data`, and waits until it says that it is running.
    pub async fn start(data: &Path) -> Self {
        Self::with(&[("PATCHCORD_DATA", &data.display().to_string())]).await
    }

    /// The same with these variables, and nothing else set that `make run` looks at.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn with(env: &[(&str, &str)]) -> Self {
        let [port, dynamodb_port] = [free_port(), free_port()];
        let mut command = Command::new(patchcord());
        for variable in OURS {
            command.env_remove(variable);
        }
        let mut process = command
            .args(["run", "--port", &port.to_string()])
            .args(["--dynamodb-port", &dynamodb_port.to_string()])
            .args(["--botmatic-port", "0", "--crm-port", "0", "--sqs-port", "0"])
            .env("CARGO_LAMBDA", cargo_lambda())
            .envs(env.iter().copied())
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
        Self { process, port, dynamodb_port, banner, _stdout: stdout }
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
        in_time(async {
            let answer = client.post(url).json(&message).send().await;
            answer.expect("an answer").json().await.expect("JSON")
        })
        .await
    }

    /// Gets a path: the status, and the body as JSON.
    pub async fn get(&self, path: &str) -> (u16, Value) {
        let client = patchcord::ground::http::client().expect("a client");
        in_time(async {
            let answer = client.get(self.url(path)).send().await.expect("an answer");
            (answer.status().as_u16(), answer.json().await.expect("JSON"))
        })
        .await
    }

    /// Gets a path until the answer has this status, and this text in it. An attempt may meet a
    /// function that is being started anew, and is given up then.
    ///
    /// # Panics
    /// If it never does.
    pub async fn get_until(&self, path: &str, status: u16, text: &str) {
        let client = patchcord::ground::http::client().expect("a client");
        let mut last = String::new();
        let see = async {
            loop {
                let answer = client.get(self.url(path)).timeout(ATTEMPT).send().await;
                if let Ok(answer) = answer {
                    let got = answer.status().as_u16();
                    let body = answer.text().await.unwrap_or_default();
                    if got == status && body.contains(text) {
                        return;
                    }
                    last = format!("{got} {body}");
                }
                sleep(PAUSE).await;
            }
        };
        // A function may have to be compiled first.
        let seen = timeout(START, see).await;
        assert!(seen.is_ok(), "expected {status} {text} from {path}, got {last}");
    }

    /// The lines of the banner that are to be pasted and have `part` in them.
    pub fn lines(&self, part: &str) -> Vec<&str> {
        let lines = self.banner.lines().filter_map(|line| line.strip_prefix("  "));
        lines.filter(|line| line.contains(part)).collect()
    }

    /// What `patchcord` prints that is called with these arguments, beside the stack.
    ///
    /// # Panics
    /// If it fails, or the stack has no stand-ins.
    pub async fn command(&self, arguments: &str) -> String {
        let port_of = |marker: &str| {
            let at = self.banner.split_once(marker).map(|(before, _)| before);
            let port = at.and_then(|before| before.rsplit(':').next());
            port.expect("a stand-in's port").to_owned()
        };
        let mut command = Command::new(patchcord());
        for variable in OURS {
            command.env_remove(variable);
        }
        command
            .args(arguments.split(' '))
            .env("PATCHCORD_DYNAMODB_PORT", self.dynamodb_port.to_string())
            .env("PATCHCORD_BOTMATIC_PORT", port_of("/_control/contacts -d"))
            .env("PATCHCORD_CRM_PORT", port_of("/contacts -H"))
            .current_dir(root())
            .kill_on_drop(true);
        let output = in_time(command.output()).await.expect("patchcord");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "patchcord {arguments}: {said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Kills it as `kill -9` does. What it leaves behind is ended, too.
    ///
    /// # Panics
    /// If it has ended by itself.
    pub async fn kill(mut self) {
        let pid = self.process.id().expect("it has ended by itself");
        let children = descendants(pid);
        self.process.kill().await.expect("SIGKILL");
        for child in children {
            signal("-KILL", child);
        }
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
        self.process.id().is_some_and(|pid| signal("-INT", pid))
    }
}

/// Pastes a line into a shell: what it prints.
///
/// # Panics
/// If it fails.
pub async fn paste(line: &str) -> String {
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).kill_on_drop(true);
    let output = in_time(shell.output()).await.expect("a shell");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{line}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Pastes a line until it prints `text`.
///
/// # Panics
/// If it never does.
pub async fn paste_until(line: &str, text: &str) {
    let mut printed = String::new();
    let see = async {
        loop {
            printed = paste(line).await;
            if printed.contains(text) {
                return;
            }
            sleep(PAUSE).await;
        }
    };
    let seen = timeout(SEEN, see).await;
    assert!(seen.is_ok(), "expected {text} from {line}, got {printed}");
}

/// Sends a signal to a process; false if there is none.
fn signal(signal: &str, pid: u32) -> bool {
    let sent = std::process::Command::new("kill").args([signal, &pid.to_string()]).status();
    sent.is_ok_and(|status| status.success())
}

/// Every process that comes from this one.
fn descendants(of: u32) -> Vec<u32> {
    let output = std::process::Command::new("ps").args(["-e", "-o", "pid=,ppid="]).output();
    let table = String::from_utf8(output.expect("ps").stdout).expect("numbers");
    let processes: Vec<(u32, u32)> = table
        .lines()
        .filter_map(|line| {
            let mut numbers = line.split_whitespace().filter_map(|it| it.parse().ok());
            numbers.next().zip(numbers.next())
        })
        .collect();
    let mut found = vec![of];
    let mut next = 0;
    while let Some(parent) = found.get(next).copied() {
        found.extend(processes.iter().filter(|(_, of)| *of == parent).map(|(pid, _)| pid));
        next += 1;
    }
    found.split_off(1)
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
