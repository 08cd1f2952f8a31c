//! Instances of the webhook function on an embedded DynamoDB.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use patchcord_local::dynamodb::Dynamo;
use patchcord_local::runtime_api::{Lambda, LambdaError, LambdaOptions};
use patchcord_local::tables::{self, Table};

use crate::binaries;

/// REST with the echo bot, as `patchcord.yaml` is shipped.
pub const ECHO: &str = "channels: {rest: {type: rest}}\nbot: {type: echo}\n";

/// An embedded DynamoDB with the stack's tables, and a function that uses it.
pub struct Stack {
    /// The function.
    pub lambda: Lambda,
    /// The database.
    pub dynamo: Dynamo,
    config: TempFile,
}

/// What to start.
pub struct StackOptions<'a> {
    /// The function's binary.
    pub binary: fn() -> PathBuf,
    /// The text of `patchcord.yaml`.
    pub config: &'a str,
    /// How many instances may run at once.
    pub instances: usize,
    /// The function's timeout.
    pub timeout: Duration,
    /// Variables besides those of the stack.
    pub env: Vec<(&'a str, String)>,
}

impl Default for StackOptions<'_> {
    fn default() -> Self {
        Self {
            binary: binaries::webhook,
            config: ECHO,
            instances: 1,
            timeout: Duration::from_secs(30),
            env: Vec::new(),
        }
    }
}

impl StackOptions<'_> {
    fn lambda(self, dynamo: &Dynamo, config: &TempFile) -> LambdaOptions {
        let mut env = vec![
            ("DYNAMODB_ENDPOINT".to_owned(), dynamo.endpoint()),
            ("CONVERSATIONS_TABLE".to_owned(), Table::CONVERSATIONS.to_owned()),
            ("CONTACTS_TABLE".to_owned(), Table::CONTACTS.to_owned()),
            ("PATCHCORD_CONFIG".to_owned(), config.path().display().to_string()),
            ("PATCHCORD_LOCAL".to_owned(), "1".to_owned()),
            ("AWS_REGION".to_owned(), "eu-west-1".to_owned()),
            ("AWS_ACCESS_KEY_ID".to_owned(), "local".to_owned()),
            ("AWS_SECRET_ACCESS_KEY".to_owned(), "local".to_owned()),
        ];
        env.extend(self.env.into_iter().map(|(name, value)| (name.to_owned(), value)));
        LambdaOptions {
            binary: (self.binary)(),
            instances: self.instances,
            timeout: self.timeout,
            env,
        }
    }
}

impl Stack {
    /// One instance with the echo bot.
    pub async fn echo() -> Self {
        Self::start(StackOptions::default()).await
    }

    /// What the options say.
    pub async fn start(options: StackOptions<'_>) -> Self {
        Self::try_start(options).await.expect("the function starts")
    }

    /// The same for a function that may not start.
    pub async fn try_start(options: StackOptions<'_>) -> Result<Self, LambdaError> {
        let dynamo = database().await;
        let config = TempFile::new("patchcord.yaml", options.config);
        let lambda = Lambda::start(options.lambda(&dynamo, &config)).await?;
        Ok(Self { lambda, dynamo, config })
    }

    /// Another function with the same configuration and database.
    ///
    /// # Panics
    /// If it does not start.
    pub async fn beside(&self, options: StackOptions<'_>) -> Lambda {
        let started = Lambda::start(options.lambda(&self.dynamo, &self.config)).await;
        started.expect("the function starts")
    }

    /// The configuration file of the function.
    pub fn config(&self) -> &Path {
        self.config.path()
    }

    /// Everything the function has printed, once `text` is in it: what a process prints arrives a
    /// moment after its answer.
    pub async fn log_with(&self, text: &str) -> String {
        let wait = async {
            while !self.log().contains(text) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let found = tokio::time::timeout(Duration::from_mins(2), wait).await;
        assert!(found.is_ok(), "expected {text} in the log:\n{}", self.log());
        self.log()
    }

    /// Everything the function has printed, a line each.
    pub fn log(&self) -> String {
        self.lambda.logs().into_iter().map(|line| line.text + "\n").collect()
    }
}

/// An embedded DynamoDB with the stack's tables.
pub async fn database() -> Dynamo {
    let anywhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let dynamo = Dynamo::start(anywhere, None).expect("an embedded DynamoDB");
    create_tables(&dynamo.endpoint()).await;
    dynamo
}

/// The stack's tables in the DynamoDB at `endpoint`.
pub(crate) async fn create_tables(endpoint: &str) {
    let client = tables::client(endpoint);
    tables::create_tables(&client, &tables::stack_from_env()).await.expect("tables");
}

/// A file that is deleted when it is dropped.
pub struct TempFile(PathBuf);

impl TempFile {
    /// A file with this text, in a directory of its own.
    pub fn new(name: &str, text: &str) -> Self {
        let unique = format!("patchcord-{}-{:016x}", std::process::id(), fastrand::u64(..));
        let directory = std::env::temp_dir().join(unique);
        std::fs::create_dir(&directory).expect("a directory for a test's file");
        let path = directory.join(name);
        std::fs::write(&path, text).expect("a test's file");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        if let Some(directory) = self.0.parent() {
            let _ = std::fs::remove_dir_all(directory);
        }
    }
}
