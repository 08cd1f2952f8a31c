//! What Botmatic sends to an integration: events and actions, who may send them, who handles them,
//! and how they are answered.

mod answer;
mod auth;
mod auth_cache;
mod forward;
mod handlers;
mod request;

pub use answer::Answer;
pub use auth::{Auth, AuthError, Authenticate};
pub use auth_cache::AuthCache;
pub use forward::{Forward, ForwardConfig};
pub use handlers::{Call, Handler, HandlerError, Handlers, InvalidPattern, Kind, Pattern};
pub use request::{Request, RequestError};
