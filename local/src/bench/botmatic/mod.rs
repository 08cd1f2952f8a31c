//! The function `botmatic`: changes of a contact, between the stand-ins for Botmatic and for a CRM.

mod contact;
mod figures;
mod meters;
mod plan;
mod services;

pub(super) use plan::measure;
