//! What can be chosen, on the command line or in the environment.

use std::path::PathBuf;

use clap::Args;

pub(super) const DYNAMODB_PORT: u16 = 8000;
pub(super) const BOTMATIC_PORT: u16 = 9001;
pub(super) const CRM_PORT: u16 = 9002;
const SQS_PORT: u16 = 9003;

/// How the stack is run.
#[derive(Debug, Clone, Args)]
pub struct RunOptions {
    /// Where the functions listen, on 127.0.0.1.
    #[arg(long, env = "PATCHCORD_PORT", default_value_t = 9000, value_parser = port("PATCHCORD_PORT"))]
    pub port: u16,

    /// Where the embedded `DynamoDB` listens, on 127.0.0.1.
    #[arg(long, env = "PATCHCORD_DYNAMODB_PORT", default_value_t = DYNAMODB_PORT, value_parser = port("PATCHCORD_DYNAMODB_PORT"))]
    pub dynamodb_port: u16,

    /// Use this `DynamoDB` instead of the embedded one, such as `http://localhost:8001`.
    #[arg(long, env = "DYNAMODB_ENDPOINT")]
    pub dynamodb_endpoint: Option<String>,

    /// Keep the embedded `DynamoDB`'s data in this directory. It is in memory otherwise.
    #[arg(long, env = "PATCHCORD_DATA")]
    pub data: Option<PathBuf>,

    /// Where the stand-in for Botmatic listens, on 127.0.0.1.
    #[arg(long, env = "PATCHCORD_BOTMATIC_PORT", default_value_t = BOTMATIC_PORT, value_parser = port("PATCHCORD_BOTMATIC_PORT"))]
    pub botmatic_port: u16,

    /// Use this Botmatic instead of the stand-in.
    #[arg(long, env = "BOTMATIC_BASE_URL")]
    pub botmatic_base_url: Option<String>,

    /// Where the stand-in for a CRM listens, on 127.0.0.1.
    #[arg(long, env = "PATCHCORD_CRM_PORT", default_value_t = CRM_PORT, value_parser = port("PATCHCORD_CRM_PORT"))]
    pub crm_port: u16,

    /// Use this CRM instead of the stand-in.
    #[arg(long, env = "CRM_BASE_URL")]
    pub crm_base_url: Option<String>,

    /// Where the queues listen, on 127.0.0.1.
    #[arg(long, env = "PATCHCORD_SQS_PORT", default_value_t = SQS_PORT, value_parser = port("PATCHCORD_SQS_PORT"))]
    pub sqs_port: u16,

    /// How many instances of a function may run at once.
    #[arg(long, default_value_t = 1)]
    pub concurrency: u16,

    /// The program cargo-lambda.
    #[arg(long, env = "CARGO_LAMBDA", default_value = "cargo-lambda")]
    pub cargo_lambda: PathBuf,
}

impl RunOptions {
    /// An empty variable is as good as none.
    pub(super) fn without_empty(mut self) -> Self {
        self.dynamodb_endpoint = self.dynamodb_endpoint.filter(|endpoint| !endpoint.is_empty());
        self.botmatic_base_url = self.botmatic_base_url.filter(|url| !url.is_empty());
        self.crm_base_url = self.crm_base_url.filter(|url| !url.is_empty());
        self.data = self.data.filter(|data| !data.as_os_str().is_empty());
        if self.cargo_lambda.as_os_str().is_empty() {
            self.cargo_lambda = "cargo-lambda".into();
        }
        self
    }
}

/// Understands a port; what is wrong may stand in the variable.
fn port(variable: &'static str) -> impl Fn(&str) -> Result<u16, String> + Clone {
    move |text| {
        text.parse().map_err(|_| format!("expected a port, 0 to 65535 (it may be in {variable})"))
    }
}
