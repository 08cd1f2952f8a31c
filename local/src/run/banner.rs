//! What is printed.

use super::contacts::TOKEN;
use super::environment::admin_key;

/// One line about what happens, on standard error like what cargo and the functions print.
pub(super) fn say(line: impl std::fmt::Display) {
    eprintln!("patchcord: {line}");
}

/// What is said last.
const END: &str = "\
The functions are compiled again when a file changes. Ctrl-C ends everything.
";

/// Lines to paste, with those about contacts if there are any.
pub(super) fn ready(port: u16, contacts: &str) -> String {
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
{contacts}
{END}"
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
pub(super) fn imports(port: u16, crm: &str, integration: &str) -> String {
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

  cargo run -q -p patchcord-local --bin patchcord -- import --watch --integration {integration}
  cargo lambda invoke contact-import --invoke-address 127.0.0.1 --invoke-port {port} --data-ascii '{{\"integration\": \"{integration}\"}}'
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
