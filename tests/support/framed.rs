//! The settings page in the frame of another origin's page, as Botmatic shows it.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::contacts::{CONFIG, Contacts, SETTINGS, TOKEN};
use crate::settings_page::start_parent;

/// A script that returns the form's values, field by field.
pub const VALUES: &str = "const value = (name) => document.getElementById(`field-${name}`).value;
    return [value('company'), value('api_key'), value('page_size'), value('region'),
        document.getElementById('field-active').checked, value('proxy_key'), value('certificate')]";
/// A script that returns what is set of what the page does not show.
pub const STATE: &str =
    "return [...document.querySelectorAll('[data-state]')].map((it) => it.dataset.state)";

/// The function with a page that has every kind of field, shown by the parents in
/// `frame_ancestors`.
async fn settings(frame_ancestors: &[&str]) -> Contacts {
    let section = json!({
        "title": "Connect Acme CRM",
        "intro": "Contacts are kept in step with this account.",
        "frame_ancestors": frame_ancestors,
        "fields": [
            {"name": "company", "type": "text", "label": "Company", "help": "As on your invoices."},
            {"name": "api_key", "type": "secret", "label": "API key", "required": true,
             "pattern": "[a-z0-9]{6}", "pattern_message": "Six letters and digits",
             "help": "In Acme: Profile, Integrations, New key."},
            {"name": "page_size", "type": "number", "label": "Contacts per page", "min": 1,
             "max": 100, "default": 30},
            {"name": "region", "type": "select", "label": "Region", "required": true,
             "options": [{"value": "eu", "label": "Europe"}, {"value": "us", "label": "USA"}]},
            {"name": "active", "type": "checkbox", "label": "Keep contacts in step"},
            {"name": "proxy_key", "type": "secret", "label": "Key of your proxy"},
            {"name": "certificate", "type": "file", "label": "Certificate", "max_bytes": 1_000},
        ],
    });
    let config = CONFIG.replace(SETTINGS, &format!("settings: {section}"));
    let contacts = Contacts::with(&config, |setup| setup).await;
    contacts.install().await;
    contacts
}

/// A parent that shows the page, for as long as this is there.
pub struct Framed {
    /// The parent's address.
    pub address: String,
    _contacts: Contacts,
}

/// A parent that shows the page, open in the browser.
pub async fn framed(browser: &Browser) -> Framed {
    let parent = start_parent().await;
    let contacts = settings(&["https://app.botmatic.ai", &parent]).await;
    let address = format!("{parent}/#{}/botmatic/settings?token={TOKEN}", contacts.url);
    browser.open(&address).await;
    Framed { address, _contacts: contacts }
}

/// What the parent's next message of this name says.
pub async fn next(browser: &Browser, name: &str) -> Value {
    browser.leave_frame().await;
    browser.run(&format!("return next('{name}')")).await
}

/// Lets the parent ask for a save, and returns what it is told.
pub async fn save(browser: &Browser) -> Value {
    browser.leave_frame().await;
    browser.run("post(); return next('iframe_saved')").await
}

/// How the page shows what is wrong with a field: whether it says so to screen readers, the message,
/// the elements in that, and whether it describes the field.
pub async fn error_of(browser: &Browser, field: &str) -> Value {
    let script = "const it = document.getElementById('field-NAME');
        const error = document.getElementById('field-NAME-error');
        return [it.getAttribute('aria-invalid'), error.textContent, error.childElementCount,
            it.getAttribute('aria-describedby').split(' ').includes(error.id)];";
    browser.run(&script.replace("NAME", field)).await
}
