//! The function `contact-import`: starts imports when it is invoked with a request, and works on
//! their slices when its queue says so.

mod event;
mod function;
mod setup;

pub use function::ContactImport;
pub use setup::ImportSetup;
