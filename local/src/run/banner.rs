//! What is printed.

/// One line about what happens, on standard error like what cargo and the functions print.
pub(super) fn say(line: impl std::fmt::Display) {
    eprintln!("patchcord: {line}");
}

/// Lines to paste.
pub(super) fn ready(port: u16) -> String {
    let url = format!("http://localhost:{port}/webhooks/rest");
    let message =
        r#"-d '{"sender": "user1", "message": "hello"}' -H "Content-type: application/json""#;
    format!(
        "
patchcord is running. Paste one of these, twice to see that it remembers:

  curl -XPOST {url}/webhook {message}

The same, each reply as soon as it is said:

  curl -N -XPOST '{url}/webhook?stream=true' {message}

Its health:

  curl {url}/

The functions are compiled again when a file changes. Ctrl-C ends everything.
"
    )
}
