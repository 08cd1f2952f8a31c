//! AWS's JSON services and S3's objects, called directly: one HTTP client, a signature with a key
//! that is kept for the day, three attempts. Credentials come from Lambda's own environment.
//!
//! The functions do without AWS's SDK: it takes two thirds of the instructions of a message, and a
//! tenth of a cold start. `local` and the tests use it, so that what is written here is read there.

mod client;
mod credentials;
pub mod dynamodb;
mod error;
pub mod s3;
mod service;
mod sign;
pub mod sqs;

pub use client::{Aws, InvalidEndpoint, LOCAL_ATTEMPT_TIME};
pub use credentials::Credentials;
pub use error::{CallError, Refusal};
pub use service::Service;
