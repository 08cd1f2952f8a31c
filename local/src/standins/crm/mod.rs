//! A CRM with a plain REST API for contacts, three ways of paging through them, and pushes to the
//! integration when one of them changes.

mod contacts;
mod list;
mod part;
mod standin;

pub use part::Crm;
pub use standin::CrmStandin;
