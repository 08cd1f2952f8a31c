//! The function `contact-import`: all contacts of the CRM's stand-in brought to Botmatic's, several
//! pages at a time, and page after page for comparison.

mod answered;
mod figures;
mod make;
mod plan;
mod store;

pub(super) use plan::measure;
