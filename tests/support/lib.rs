//! What the tests share: the function's binary, an embedded DynamoDB with its tables, running
//! instances, and requests.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test stops at the first surprise"
)]

pub mod at_once;
pub mod binaries;
pub mod browser;
pub mod clock;
pub mod command;
pub mod contacts;
mod differences;
pub mod dynamodb_local;
pub mod faults;
pub mod file_server;
pub mod framed;
pub mod imports;
pub mod instances;
pub mod local_stack;
pub mod private;
pub mod proofs;
pub mod recorder;
pub mod request;
pub mod seed;
pub mod server;
pub mod server_process;
pub mod settings_page;
pub mod sqs;
pub mod stack;
pub mod wait;
pub mod webhooks;

pub use stack::Stack;
