//! The command `patchcord`, between the stand-ins.

use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::binaries::patchcord;
use crate::contacts::Contacts;
use crate::stack::TempFile;

/// No command of these tests takes longer.
const ENDED: Duration = Duration::from_mins(2);

/// Calls it with the configuration and the stand-ins of a test.
pub struct Patchcord {
    config: TempFile,
    env: Vec<(String, String)>,
}

/// What became of a command.
#[derive(Debug)]
pub struct Ended {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it has printed.
    pub out: String,
    /// What it has said besides.
    pub said: String,
}

impl Patchcord {
    /// For these contacts.
    pub fn of(contacts: &Contacts) -> Self {
        let config = TempFile::new("patchcord.yaml", contacts.config());
        let env = [
            ("DYNAMODB_ENDPOINT", contacts.dynamo.endpoint()),
            ("BOTMATIC_BASE_URL", contacts.botmatic.endpoint()),
            ("PATCHCORD_CONFIG", config.path().display().to_string()),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value)).to_vec();
        Self { config, env }
    }

    /// The same with a variable more.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What a command begins with, and ends with, that it prints for whoever goes on.
    pub fn printed(&self, arguments: &str) -> String {
        let (program, config) = (patchcord(), self.config.path());
        format!("{} {arguments} --config {}", program.display(), config.display())
    }

    /// Starts it with these arguments.
    ///
    /// # Panics
    /// If there is no such program.
    pub fn start(&self, arguments: &[&str]) -> Running {
        let mut command = Command::new(patchcord());
        command.env_remove("CONTACTS_TABLE").envs(self.env.iter().cloned()).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Running(command.kill_on_drop(true).spawn().expect("patchcord"))
    }

    /// Calls it, and waits for its end.
    pub async fn run(&self, arguments: &[&str]) -> Ended {
        self.start(arguments).ended().await
    }
}

/// A command that runs.
pub struct Running(Child);

impl Running {
    /// Presses Ctrl-C.
    ///
    /// # Panics
    /// If it has ended.
    pub async fn interrupt(&self) {
        let pid = self.0.id().expect("it has ended").to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().await;
        assert!(sent.expect("kill").success());
    }

    /// Waits for a line of what it says that has `part` in it.
    ///
    /// # Panics
    /// If there is none.
    pub async fn says(&mut self, part: &str) -> String {
        let mut lines = BufReader::new(self.0.stderr.take().expect("what it says")).lines();
        let mut said = String::new();
        let found = async {
            while let Some(line) = lines.next_line().await.expect("what it says") {
                if line.contains(part) {
                    return Some(line);
                }
                said.push_str(&(line + "\n"));
            }
            None
        };
        let found = timeout(ENDED, found).await.ok().flatten();
        // It may go on speaking.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        found.unwrap_or_else(|| panic!("expected {part} from it:\n{said}"))
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// If it does not end.
    pub async fn ended(self) -> Ended {
        let output = timeout(ENDED, self.0.wait_with_output()).await.expect("it does not end");
        let Output { status, stdout, stderr } = output.expect("its end");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ended { code: status.code(), out: text(stdout), said: text(stderr) }
    }
}
