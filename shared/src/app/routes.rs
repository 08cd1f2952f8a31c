//! Paths: `/webhooks/{channel}/` for health, `/webhooks/{channel}/webhook` to receive,
//! `/webhooks/{channel}/send` to say something.

/// What a path asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// Is the channel there?
    Health { channel: &'a str },
    /// Here is a message.
    Receive { channel: &'a str },
    /// Say this.
    Send { channel: &'a str },
}

/// The route of `path`, with or without a last slash. What stands before `/webhooks/`, such as the
/// stage of an API Gateway, is ignored.
pub(super) fn route(path: &str) -> Option<Route<'_>> {
    let (_, rest) = path.split_once("/webhooks/")?;
    let mut segments = rest.strip_suffix('/').unwrap_or(rest).split('/');
    let channel = segments.next().filter(|channel| !channel.is_empty())?;
    match (segments.next(), segments.next()) {
        (None, None) => Some(Route::Health { channel }),
        (Some("webhook"), None) => Some(Route::Receive { channel }),
        (Some("send"), None) => Some(Route::Send { channel }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_a_channel() {
        let (health, receive) =
            (Route::Health { channel: "rest" }, Route::Receive { channel: "rest" });
        for (path, expected) in [
            ("/webhooks/rest", Some(health)),
            ("/webhooks/rest/", Some(health)),
            ("/webhooks/rest/webhook", Some(receive)),
            ("/webhooks/rest/webhook/", Some(receive)),
            ("/prod/webhooks/rest/webhook", Some(receive)),
            ("/webhooks/rest/send", Some(Route::Send { channel: "rest" })),
            ("/webhooks/rest/other", None),
            ("/webhooks/rest/webhook/more", None),
            ("/webhooks/", None),
            ("/webhooks//", None),
            ("/webhooks//webhook", None),
            ("/", None),
            ("", None),
        ] {
            assert_eq!(route(path), expected, "{path}");
        }
    }
}
