//! Proof that a caller may speak on a channel: a bearer token or a JWT in `Authorization`.

mod check;
mod config;
mod jwt;
#[cfg(test)]
mod tests;

pub use check::Auth;
pub use config::AuthConfig;
pub use jwt::JwtMethod;
