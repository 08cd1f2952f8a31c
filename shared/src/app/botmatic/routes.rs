//! Paths of the function `botmatic`.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// What a path asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// Is the function there? `/`
    Health,
    /// Botmatic's events and actions: `/botmatic`
    Events,
    /// The settings page: `/botmatic/settings`
    Settings,
    /// Contacts of the external service: `/contacts`
    Contacts,
    /// What a vendor sends in its own shape: `/contacts/hooks`
    Hooks,
    /// One contact of the external service: `/contacts/{external_id}`
    Contact { id: Cow<'a, str> },
    /// The token of an integration: `/integrations/{id}/token`
    Token { integration: &'a str },
    /// Imports: `/imports`
    Imports,
    /// One import: `/imports/{id}`
    Import { id: &'a str },
    /// Ends it: `/imports/{id}/cancel`
    CancelImport { id: &'a str },
    /// Tries again what it has not brought over: `/imports/{id}/retry`
    RetryImport { id: &'a str },
}

/// The paths there are, for whoever asks for another one.
pub(super) const PATHS: &str = "expected /botmatic, /botmatic/settings, /contacts, \
     /contacts/{external_id}, /contacts/hooks, /imports, /imports/{id}, /imports/{id}/cancel, \
     /imports/{id}/retry or /integrations/{id}/token";

/// The route of `path`, with or without a last slash.
pub(super) fn route(path: &str) -> Option<Route<'_>> {
    let path = path.strip_suffix('/').unwrap_or(path);
    let mut segments = path.split('/').skip(1);
    let found = match (segments.next(), segments.next(), segments.next()) {
        (None, ..) => Route::Health,
        (Some("botmatic"), None, None) => Route::Events,
        (Some("botmatic"), Some("settings"), None) => Route::Settings,
        (Some("contacts"), None, None) => Route::Contacts,
        (Some("contacts"), Some("hooks"), None) => Route::Hooks,
        (Some("contacts"), Some(id), None) if !id.is_empty() => {
            Route::Contact { id: percent_decode_str(id).decode_utf8().ok()? }
        }
        (Some("integrations"), Some(integration), Some("token")) => Route::Token { integration },
        (Some("imports"), None, None) => Route::Imports,
        (Some("imports"), Some(id), None) => Route::Import { id },
        (Some("imports"), Some(id), Some("cancel")) => Route::CancelImport { id },
        (Some("imports"), Some(id), Some("retry")) => Route::RetryImport { id },
        _ => return None,
    };
    segments.next().is_none().then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_what_they_name() {
        let contact = |id: &'static str| Some(Route::Contact { id: Cow::Borrowed(id) });
        for (path, expected) in [
            ("", Some(Route::Health)),
            ("/", Some(Route::Health)),
            ("/botmatic", Some(Route::Events)),
            ("/botmatic/", Some(Route::Events)),
            ("/botmatic/settings", Some(Route::Settings)),
            ("/contacts", Some(Route::Contacts)),
            ("/contacts/hooks", Some(Route::Hooks)),
            ("/contacts/42", contact("42")),
            ("/contacts/a%2Fb%20c", contact("a/b c")),
            ("/contacts/%FF", None),
            ("/contacts/42/more", None),
            ("/integrations/abc/token", Some(Route::Token { integration: "abc" })),
            ("/imports/", Some(Route::Imports)),
            ("/imports/a.b", Some(Route::Import { id: "a.b" })),
            ("/imports/a.b/cancel", Some(Route::CancelImport { id: "a.b" })),
            ("/imports/a.b/retry", Some(Route::RetryImport { id: "a.b" })),
            ("/imports/a.b/retry/more", None),
            ("/integrations/abc", None),
            ("/integrations/abc/token/more", None),
            ("/webhooks/rest", None),
        ] {
            assert_eq!(route(path), expected, "{path}");
        }
    }
}
