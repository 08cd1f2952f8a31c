//! The function `botmatic`: changes of a contact, between the stand-ins for Botmatic and for a CRM.

pub(super) mod contact;
mod figures;
mod meters;
mod plan;
pub(super) mod services;

pub(super) use plan::measure;
