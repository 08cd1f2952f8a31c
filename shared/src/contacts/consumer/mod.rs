//! The external service whose contacts are kept in step with Botmatic's.
//!
//! [`ExternalConsumer`] is what the sync needs of one. [`HttpConsumer`] is one that
//! `patchcord.yaml` describes; the presets are such descriptions of well-known services. A `type`
//! of one's own is added to [`registry::Consumers`].

mod error;
mod external;
pub mod http;
mod presets;
pub mod registry;

pub use crate::ground::http::Outage;
pub use error::ConsumerError;
pub use external::{
    Cursor, EachPage, ExternalConsumer, ExternalContact, Operation, Page, Tenant, Unreadable,
};
pub use http::HttpConsumer;
