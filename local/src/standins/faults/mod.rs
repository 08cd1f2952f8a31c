//! What goes wrong on purpose: at random by a seed, or one request after another by a script.

mod layer;
mod plan;
mod script;
mod settings;

pub(super) use layer::layer;
pub(super) use plan::{FaultPlan, draw};
pub use script::{Fault, Rule};
pub use settings::{BadFaults, Faults};
