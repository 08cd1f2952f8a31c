//! What is printed.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;

use super::contacts::{ChannelLine, TOKEN};
use super::environment::admin_key;

/// One line about what happens, on standard error like what cargo and the functions print. If
/// nobody reads it any more, as after the terminal was closed, everything else goes on.
pub(super) fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "patchcord: {line}");
}

/// Lines to paste, on standard output. The same holds for them.
pub(super) fn show(lines: impl Display) {
    let _ = writeln!(io::stdout(), "{lines}");
}

/// What is said last.
const END: &str = "\
The functions are compiled again when a file changes. Ctrl-C ends everything.
";

/// Lines to paste, with those about contacts if there are any.
pub(super) fn ready(port: u16, channels: &[ChannelLine], contacts: &str) -> String {
    let url = format!("http://localhost:{port}/webhooks");
    let rest = channels.iter().find(|channel| channel.kind == "rest");
    let others: Vec<_> = channels.iter().filter(|channel| Some(*channel) != rest).collect();
    let which = if rest.is_some() { "\nThe other channels" } else { " Its channels" };
    let others = if others.is_empty() { String::new() } else { addresses(which, &url, &others) };
    let rest = rest.map(|ChannelLine { name, .. }| rest_lines(&format!("{url}/{name}")));
    let (rest, newline) = (rest.unwrap_or_default(), if channels.is_empty() { "\n" } else { "" });
    format!("\npatchcord is running.{rest}{others}{newline}{contacts}\n{END}")
}

/// Where the platforms of these channels send what they have to say.
fn addresses(which: &str, url: &str, channels: &[&ChannelLine]) -> String {
    let line = |it: &&ChannelLine| format!("  {url}/{}/webhook  ({})\n", it.name, it.kind);
    let addresses: String = channels.iter().map(line).collect();
    let name = channels.first().map_or("", |channel| &channel.name);
    format!(
        "{which}, where their platforms send to:

{addresses}
The health of one of them:

  curl {url}/{name}/
"
    )
}

/// Lines that send messages to a channel of the type `rest`.
fn rest_lines(url: &str) -> String {
    let message =
        r#"-d '{"sender": "user1", "message": "hello"}' -H "Content-type: application/json""#;
    format!(
        " Paste one of these, twice to see that it remembers:

  curl -XPOST {url}/webhook {message}

The same, each reply as soon as it is said:

  curl -N -XPOST '{url}/webhook?stream=true' {message}

Its health:

  curl {url}/
"
    )
}

/// Lines that show a contact on both stand-ins, whose addresses these are.
pub(super) fn contacts(botmatic: &str, crm: &str) -> String {
    format!(
        "
Contacts are kept in step. Create one on Botmatic, and a moment later see it in the CRM:

  curl -XPOST {botmatic}/_control/contacts -d '{{\"email\": \"ada@example.com\", \"firstname\": \"Ada\"}}'
  curl {crm}/contacts -H \"Authorization: Bearer local-crm-key\"

Change it in the CRM, and a moment later see it on Botmatic:

  curl -XPATCH {crm}/_control/contacts/c-1 -d '{{\"first_name\": \"Augusta\"}}'
  curl {botmatic}/_control/contacts
"
    )
}

/// Lines that import contacts of the CRM, for the installed integration.
pub(super) fn imports(port: u16, crm: &str, integration: &str, cargo_lambda: &Path) -> String {
    let cargo_lambda = command(cargo_lambda);
    let url = format!("http://localhost:{port}/imports");
    let key = format!("-H \"Authorization: Bearer {}\"", admin_key());
    format!(
        "
Give the CRM ten thousand contacts in place of those it has, import them, and list the imports
(/imports/ID says how far one of them is):

  curl -XPUT {crm}/_control/generate -d '{{\"count\": 10000, \"seed\": 1}}'
  curl -XPOST {url} {key} -d '{{\"integration\": \"{integration}\"}}'
  curl '{url}?integration={integration}' {key}

The same in a terminal, with its progress, or as the function is invoked on AWS:

  cargo run -q --bin patchcord -- import --watch --integration {integration}
  {cargo_lambda} invoke contact-import --invoke-address 127.0.0.1 --invoke-port {port} --data-ascii '{{\"integration\": \"{integration}\"}}'
"
    )
}

/// Where the settings page is.
pub(super) fn settings(port: u16) -> String {
    format!(
        "
The settings page, which Botmatic shows to whoever installs the integration:

  http://localhost:{port}/botmatic/settings?token={TOKEN}
"
    )
}

/// How a shell calls cargo-lambda: as cargo does where that finds it, or else by its path.
fn command(program: &Path) -> String {
    if program == Path::new("cargo-lambda") {
        return "cargo lambda".to_owned();
    }
    let program = program.to_string_lossy();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if program.chars().all(is_plain) {
        return format!("{program} lambda");
    }
    format!("'{}' lambda", program.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel(name: &str, kind: &str) -> ChannelLine {
        ChannelLine { name: name.to_owned(), kind: kind.to_owned() }
    }

    #[test]
    fn only_configured_channels_are_shown() {
        let (rest, site) = (channel("chat", "rest"), channel("site", "callback"));
        let site_line = "  http://localhost:1/webhooks/site/webhook  (callback)\n";
        let both = ready(1, &[rest.clone(), site.clone()], "");
        assert!(both.contains("curl -XPOST http://localhost:1/webhooks/chat/webhook -d"), "{both}");
        assert!(both.contains("\n  curl http://localhost:1/webhooks/chat/\n"), "{both}");
        assert!(both.contains("\n\nThe other channels, where"), "{both}");
        assert!(both.contains(site_line), "{both}");

        let alone = ready(1, &[rest], "");
        assert!(!alone.contains("channels"), "{alone}");

        let without = ready(1, &[site], "");
        assert!(without.starts_with("\npatchcord is running. Its channels, where"), "{without}");
        assert!(without.contains(site_line) && !without.contains("-XPOST"), "{without}");
        assert!(without.contains("\n  curl http://localhost:1/webhooks/site/\n"), "{without}");
        assert!(!without.contains("rest"), "{without}");

        let none = ready(1, &[], "");
        assert_eq!(none, format!("\npatchcord is running.\n\n{END}"));
    }

    #[test]
    fn cargo_lambda_is_called_so_that_a_shell_finds_it() {
        for (program, expected) in [
            ("cargo-lambda", "cargo lambda"),
            ("/a/target/tools/bin/cargo-lambda", "/a/target/tools/bin/cargo-lambda lambda"),
            ("/a b/it's", r"'/a b/it'\''s' lambda"),
        ] {
            assert_eq!(command(Path::new(program)), expected);
        }
    }
}
