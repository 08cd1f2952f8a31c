//! The function `botmatic`, request by request: what Botmatic sends, what the external service
//! pushes, the settings page, and where the reference implementation goes wrong.

#![cfg(test)] // clippy lets the helpers of tests unwrap, too

mod bad_input;
mod calls;
mod changed_in_doubt;
mod claims;
mod crm_pushes;
mod from_botmatic;
mod handlers;
mod helpers;
mod in_doubt;
mod installing;
mod lambda;
mod late;
mod loops;
mod noted;
mod recognised;
mod reference;
mod reference_answers;
mod settings;
mod settings_used;
mod tokens;
mod uninstalled;
mod vendor_hooks;
mod wire;
