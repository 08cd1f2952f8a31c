//! The settings page of an integration: a form of fields declared in `patchcord.yaml`, which
//! Botmatic shows in an iframe, and whose values the integration's templates use.
//!
//! What goes over the wire is `docs/settings-page.md`. This knows the form and its values; who may
//! see the page, and where the values are kept, is decided by the callers.

mod check;
mod field;
mod form;
mod page;
mod pattern;
mod submission;
#[cfg(test)]
mod testing;
mod upload;
mod validate;

pub use check::{CheckSettings, Entered};
pub use form::SettingsForm;
pub use page::{Note, Page, PageError};
pub use submission::{FormError, MAX_BODY_BYTES, Submission};
pub use upload::Upload;
pub use validate::{FieldErrors, MAX_SETTINGS_BYTES, Outcome};

/// The values of an integration by field, as they are stored (sealed, see
/// [`Sealer`](crate::ground::seal::Sealer)). Each field of the form is there, null where it is empty.
pub type Settings = serde_json::Map<String, serde_json::Value>;
