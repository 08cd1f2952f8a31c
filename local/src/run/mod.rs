//! `make run`: the whole stack on this machine, until Ctrl-C.
//!
//! Ports are checked, DynamoDB, stand-ins for Botmatic and for a CRM (or others are used) and the
//! queues are started, tables are created, and `cargo lambda watch` compiles and runs the functions,
//! again after every change. Once they answer, the integration is installed between the stand-ins,
//! and there are lines to paste. In the end, nothing that was started here is left.

mod announcement;
mod attend;
mod banner;
mod contacts;
mod environment;
mod error;
mod health;
mod options;
mod ports;
mod processes;
mod queues;
mod stack;
mod standins;
mod watch;

pub use attend::{AttendError, AttendOptions, attend};
pub(crate) use environment::local_value;
pub use error::RunError;
pub use options::RunOptions;
pub use stack::run;
