//! Why a function can be neither run nor answered for.

use std::{io, path::PathBuf};

use patchcord::ground::http::HttpClientError;

/// Why a function is not attended.
#[derive(Debug, thiserror::Error)]
pub enum AttendError {
    /// This is not below `cargo lambda watch`.
    #[error("expected AWS_LAMBDA_RUNTIME_API to say where the Runtime API is")]
    NoRuntimeApi,
    /// The program is none.
    #[error("cannot run {}", program.display())]
    Program {
        /// What was tried.
        program: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// There is nothing to ask with.
    #[error(transparent)]
    Client(#[from] HttpClientError),
    /// `cargo lambda watch` has ended.
    #[error("the Runtime API does not answer")]
    RuntimeApi(#[from] reqwest::Error),
    /// `cargo lambda watch` gave something that is no invocation.
    #[error("expected an invocation from the Runtime API")]
    NoInvocation,
}
