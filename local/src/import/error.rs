//! Why nothing is imported.

use std::path::PathBuf;

use patchcord::app::StartError;
use patchcord::botmatic::integrations::IntegrationError;
use patchcord::contacts::import::StartError as BeginError;
use patchcord::contacts::import::store::JobError;
use patchcord::ground::aws::InvalidEndpoint;
use patchcord::ground::config::LoadError;
use patchcord::ground::http::HttpClientError;

use super::setup::Place;

/// Why nothing is imported, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// There is no configuration.
    #[error("no configuration at {}; --config (or PATCHCORD_CONFIG) names another file", path.display())]
    NoConfig {
        /// Where it was expected.
        path: PathBuf,
    },
    /// The configuration is wrong.
    #[error(transparent)]
    Config(LoadError),
    /// The parts of an import cannot be made.
    #[error(transparent)]
    Setup(#[from] StartError),
    /// There is no HTTP client.
    #[error(transparent)]
    Client(#[from] HttpClientError),
    /// A variable names no server.
    #[error(transparent)]
    Endpoint(#[from] InvalidEndpoint),
    /// Nothing is installed.
    #[error(
        "no integration is installed in the table {table}; `make run` installs one, and so does \
         Botmatic"
    )]
    NotInstalled {
        /// Where was looked.
        table: String,
    },
    /// It is not clear whose contacts.
    #[error("--integration: expected one of those that are installed: {}", ids.join(", "))]
    SeveralIntegrations {
        /// Their ids.
        ids: Vec<String>,
    },
    /// The table is too large, or not ours, to be searched.
    #[error(
        "--integration: expected the id of an integration, as the answer to `install` and the \
         settings page have it; {why}"
    )]
    NotSearched {
        /// Why it was not looked up.
        why: &'static str,
    },
    /// There is no such integration.
    #[error("--integration: expected the id of one that is installed")]
    NoIntegration,
    /// There is no such import.
    #[error("expected the id of an import in the table {table}, and there is none of this one")]
    NoImport {
        /// Where was looked.
        table: String,
    },
    /// The import does not begin.
    #[error(transparent)]
    Begin(BeginError),
    /// Imports could not be read or written.
    #[error(transparent)]
    Jobs(JobError),
    /// DynamoDB does not answer, or has no such table.
    #[error(
        "DynamoDB at {endpoint} does not answer, or has no table {table}; is `make run` running? \
         DYNAMODB_ENDPOINT names another one, and --aws means AWS's"
    )]
    Unreachable {
        /// Where it was expected.
        endpoint: String,
        /// The table.
        table: String,
        /// What happened.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The same for AWS's.
    #[error("AWS's DynamoDB does not answer, or has no table {table} (CONTACTS_TABLE, AWS_REGION)")]
    UnreachableAws {
        /// The table.
        table: String,
        /// What happened.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An import that runs would have to end first.
    #[error(
        "the integration has an import that is not finished: {import}\n  go on with it:  {resume}\n  \
         end it:         {cancel}"
    )]
    Running {
        /// Which one.
        import: String,
        /// How to go on with it.
        resume: String,
        /// How to end it.
        cancel: String,
    },
    /// It failed again and again.
    #[error("the import stops, and can be gone on with: {resume}")]
    Stopped {
        /// How to go on.
        resume: String,
        /// Why.
        #[source]
        source: Box<patchcord::contacts::import::ImportError>,
    },
    /// Signals cannot be received, or nothing can be printed.
    #[error("cannot {action}")]
    Io {
        /// What was tried.
        action: &'static str,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

impl ImportError {
    /// Whether another command line would help.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::NoConfig { .. }
                | Self::SeveralIntegrations { .. }
                | Self::NotSearched { .. }
                | Self::NoIntegration
                | Self::NoImport { .. }
                | Self::Begin(BeginError::File(_) | BeginError::Running)
        )
    }

    /// For `map_err`.
    pub(super) fn io(action: &'static str) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Io { action, source }
    }
}

/// Errors of imports that need to know where the imports are.
pub(super) trait At<T> {
    /// Says where.
    fn at(self, place: &Place) -> Result<T, ImportError>;
}

impl<T> At<T> for Result<T, JobError> {
    fn at(self, place: &Place) -> Result<T, ImportError> {
        self.map_err(|error| match error {
            JobError::NotFound => ImportError::NoImport { table: place.table.clone() },
            JobError::Unavailable(source) => place.unreachable(source),
            error => ImportError::Jobs(error),
        })
    }
}

impl<T> At<T> for Result<T, BeginError> {
    fn at(self, place: &Place) -> Result<T, ImportError> {
        self.or_else(|error| match error {
            BeginError::NotInstalled => Err(ImportError::NoIntegration),
            BeginError::NotFound => Err(JobError::NotFound).at(place),
            BeginError::Jobs(error) => Err(error).at(place),
            BeginError::Integration(IntegrationError::Unavailable(source)) => {
                Err(place.unreachable(source))
            }
            error => Err(ImportError::Begin(error)),
        })
    }
}

impl From<LoadError> for ImportError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Missing { path, .. } => Self::NoConfig { path },
            error => Self::Config(error),
        }
    }
}
