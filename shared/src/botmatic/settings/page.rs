//! The page: the form as HTML, with the headers that say what it may do and who may show it.

mod view;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, InvalidHeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use ring::digest::{SHA256, digest};
use serde::Serialize;

use super::Settings;
use super::form::SettingsForm;
use view::View;

const HTML: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");
const NAME: &str = "page";

/// Something to show that nobody changes: an address to copy, for instance.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    /// What it is.
    pub label: String,
    /// The text itself.
    pub value: String,
}

/// The page, ready to be sent. Its address and its text hold the token: neither belongs in a log.
pub struct Page {
    /// Its headers.
    pub headers: HeaderMap,
    /// Its text.
    pub html: String,
}

/// The page could not be made, which is a mistake of this module. Shows no value.
#[derive(Debug, thiserror::Error)]
#[error("the settings page cannot be rendered: {0}")]
pub struct PageError(minijinja::ErrorKind);

impl SettingsForm {
    /// The page for the integration of `token`, with what it has stored and `notes` above.
    pub fn page(&self, token: &str, stored: &Settings, notes: &[Note]) -> Result<Page, PageError> {
        let view = View::new(self, token, stored, notes);
        let template = self.template.get_template(NAME);
        let html = template.and_then(|template| template.render(Serde(&view)));
        let html = html.map_err(|error| PageError(error.kind()))?;
        Ok(Page { headers: self.headers.clone(), html })
    }
}

/// The template, in which everything is escaped that it does not call safe: style and script.
pub(super) fn template() -> Result<Environment<'static>, PageError> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let added = environment.add_template(NAME, HTML);
    added.map_err(|error| PageError(error.kind()))?;
    Ok(environment)
}

/// The headers. Nothing is loaded from anywhere and nothing runs but our own style and script,
/// which are named by their hashes (<https://www.w3.org/TR/CSP3/#framework-directive-source-list>).
/// `frame-ancestors` stands in place of `X-Frame-Options`, which can name no other origin. The
/// address holds the token, so it is sent to nobody and kept in no cache.
pub(super) fn headers(frame_ancestors: &[String]) -> Result<HeaderMap, InvalidHeaderValue> {
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; connect-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors {}",
        source(STYLE),
        source(SCRIPT),
        frame_ancestors.join(" "),
    );
    Ok(HeaderMap::from_iter([
        (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (CONTENT_SECURITY_POLICY, HeaderValue::try_from(policy)?),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ]))
}

fn source(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}

#[cfg(test)]
mod tests;
