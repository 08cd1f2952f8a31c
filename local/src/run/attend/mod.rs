//! `patchcord attend`: runs a function below `cargo lambda watch`, and answers in its place when it
//! does not run.
//!
//! cargo lambda keeps a request until the function asks for it, so those to a function that has
//! ended wait for ever. The function is started again, and this with it, when a file changes.

mod error;
mod function;
mod news;
mod options;
mod refusal;
mod runtime;

pub use error::AttendError;
pub use function::attend;
pub use options::AttendOptions;
pub(super) use refusal::NOT_RUNNING;
