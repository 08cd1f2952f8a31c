//! Ready-made bots, by the name that `type` gives them in the section `bot`.

mod echo;
pub mod http;
pub mod registry;

pub use echo::Echo;
