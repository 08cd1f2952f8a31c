//! What is wrong with a configuration is said at the start, with its place.

use patchcord::contacts::consumer::registry::Consumers;

use crate::support::harness::make;

fn mistakes(yaml: &str) -> String {
    match make(&Consumers::built_in(), yaml, "https://crm.example.com") {
        Ok(_) => panic!("expected mistakes in {yaml}"),
        Err(errors) => errors.to_string(),
    }
}

/// A service with one operation, whose keys come after its method and path.
fn operation(name: &str, keys: &str) -> String {
    format!(
        "{{type: http, base_url: URL, operations: {{{name}: {{method: GET, path: /c{keys}}}}}}}"
    )
}

#[test]
fn every_mistake_has_its_place() {
    for (yaml, expected) in [
        ("[]", "consumer: expected a mapping"),
        (
            "{}",
            "consumer.type: expected one of: http, hubspot, pipedrive, rest; there is no `type`",
        ),
        (
            "{type: salesforce}",
            "consumer.type: expected one of: http, hubspot, pipedrive, rest; found `salesforce`",
        ),
        ("{type: 5}", "consumer.type: expected one of: http, hubspot, pipedrive, rest; found no"),
        ("{type: http, base_url: URL}", "consumer: missing field `operations`"),
        ("{type: http, base_url: x, operations: {}}", "consumer.base_url: expected an address"),
        (
            "{type: http, base_url: 'URL?a=1', operations: {}}",
            "consumer.base_url: expected an address",
        ),
        (
            "{type: http, base_url: '{{ setings.url }}', operations: {}}",
            "consumer.base_url: unknown variable `setings`; there are: settings",
        ),
        (
            "{type: http, base_url: URL, timeout_seconds: 0, operations: {}}",
            "consumer.timeout_seconds: expected a number of seconds above 0",
        ),
        (
            "{type: http, base_url: URL, requests_per_second: 0, operations: {}}",
            "consumer.requests_per_second: expected a number from 0.01 to 1000",
        ),
        (
            "{type: http, base_url: URL, retry_after: ['a b'], operations: {}}",
            "consumer.retry_after: expected the name of a header",
        ),
        (
            "{type: http, base_url: URL, headers: {X-A: '{{ id }}'}, operations: {get_contact: {method: GET, path: /c}}}",
            "consumer.headers.X-A: unknown variable `id`; there are: settings",
        ),
        (
            "{type: http, base_url: URL, not_found: [{}], operations: {}}",
            "consumer.not_found.0: expected `status`, `path` or both",
        ),
        (
            "{type: http, base_url: URL, conflict: [{status: 1, equals: 2}], operations: {}}",
            "consumer.conflict.0: expected `path` beside `equals`",
        ),
        (
            "{type: http, base_url: URL, error_code: a..b, operations: {}}",
            "consumer.error_code: expected at most 32 names separated by dots",
        ),
        (
            "{type: http, base_url: URL, existing_id: '{{ body | nope }}', operations: {}}",
            "consumer.existing_id: unknown filter",
        ),
        (
            "{type: http, base_url: URL, auth: {type: header}, operations: {}}",
            "consumer.auth: missing field `value`",
        ),
        (
            "{type: http, base_url: URL, auth: {type: basic, username: a, password: b}, headers: {authorization: c}, operations: {get_contact: {method: GET, path: /c}}}",
            "consumer.headers.authorization: expected another header: `auth` sets this one",
        ),
        (
            "{type: http, base_url: URL, auth: {type: header, name: X-Key, value: a}, operations: {get_contact: {method: GET, path: /c, headers: {x-key: b}}}}",
            "consumer.operations.get_contact.headers.x-key: expected another header: `auth`",
        ),
        (
            "{type: http, base_url: URL, auth: {type: login, url: /l, json: {a: b}}, operations: {get_contact: {method: GET, path: /c, headers: {Authorization: b}}}}",
            "consumer.operations.get_contact.headers.Authorization: expected another header",
        ),
        (
            "{type: http, base_url: URL, auth: {type: login, url: /l}, operations: {}}",
            "consumer.auth: expected `json` or `form`",
        ),
        (
            "{type: http, base_url: URL, auth: {type: header, value: '{{ contact.x }}'}, operations: {}}",
            "consumer.auth.value: unknown variable `contact`",
        ),
        (
            "{type: http, base_url: URL, retires: 3, operations: {}}",
            "consumer.retires: unknown field",
        ),
        (
            "{type: http, base_url: URL, operations: {get: {}}}",
            "consumer.operations.get: unknown field",
        ),
        ("{type: rest, base_url: URL}", "consumer.token: expected a value; it is required"),
        ("{type: rest, base_url: URL, token: [x]}", "consumer.token: expected a text"),
        ("{type: rest, token: x}", "consumer.base_url: expected an address"),
        ("{type: hubspot, token: x, properties: email}", "consumer.properties: expected a list"),
        ("{type: hubspot, token: x, nope: 1}", "consumer.nope: unknown field"),
    ] {
        let found = mistakes(yaml);
        assert!(found.starts_with(&format!("contacts.{expected}")), "{yaml}\n{found}");
    }
}

#[test]
fn every_mistake_in_an_operation_has_its_place() {
    for (name, keys, expected) in [
        ("get_contact", ", path: c", "path: expected a path"),
        ("get_contact", ", method: FETCH", "method: expected GET, POST, PUT, PATCH or DELETE"),
        (
            "get_contact",
            ", path: '/c/{{ contact.id }}'",
            "path: unknown variable `contact`; there are: settings, id",
        ),
        ("get_contact", ", query: {a: ['{{ x }}']}", "query.a.0: unknown variable `x`"),
        ("get_contact", ", headers: {'a b': x}", "headers.a b: expected the name of a header"),
        ("create_contact", ", json: {a: {b: '{{ contact. }}'}}", "json.a.b: syntax error"),
        ("create_contact", ", json: 1, form: {}", "expected either `json` or `form`"),
        ("create_contact", ", result: ''", "result: expected at most 32 names separated by dots"),
        (
            "create_contact",
            ", contact: {set: {a: '{{ contact }}'}}",
            "contact.set.a: unknown variable",
        ),
        (
            "create_contact",
            ", then_get: true",
            "then_get: expected it in `get_contact_by_email` only",
        ),
        ("get_contact", ", idempotent: true", "idempotent: expected it in `create_contact` only"),
        ("list_contacts", "", "paging: expected `type: page`, `offset` or `cursor`"),
        (
            "list_contacts",
            ", paging: {type: cursor}",
            "paging.next: expected it with `type: cursor`",
        ),
        (
            "list_contacts",
            ", paging: {type: page, next: a}",
            "paging.next: expected it with `type: cursor`",
        ),
    ] {
        let yaml = operation(name, keys);
        let yaml = if keys.starts_with(", path") { yaml.replace("path: /c, ", "") } else { yaml };
        let yaml =
            if keys.starts_with(", method") { yaml.replace("method: GET, ", "") } else { yaml };
        let found = mistakes(&yaml);
        let dot = if expected.starts_with("expected") { ": " } else { "." };
        let expected = format!("contacts.consumer.operations.{name}{dot}{expected}");
        assert!(found.starts_with(&expected), "{yaml}\n{found}");
    }
    let found = mistakes(&operation("get_contact_by_email", ", then_get: true"));
    assert!(found.contains("operations.get_contact: expected a request, as another one needs it"));
}

#[test]
fn all_mistakes_are_reported_together_and_without_secrets() {
    let found = mistakes(
        "{type: http, base_url: '{{ a }}', auth: {type: header, value: 'sesame{{ b }}'},
          operations: {get_contact: {method: GET, path: '/{{ c }}'},
                       delete_contact: {method: GET, path: '/{{ d }}'}}}",
    );
    assert_eq!(found.lines().count(), 4, "{found}");
    assert!(!found.contains("sesame"), "{found}");
}

#[test]
fn a_preset_is_changed_by_what_is_laid_over_it() {
    for yaml in [
        "{type: hubspot, token: x, timeout_seconds: 5, requests_per_second: 19}",
        // Another way to prove whose a request is needs no `token`.
        "{type: hubspot, auth: {type: login, url: /oauth/v1/token, token: access_token,
            form: {grant_type: refresh_token, refresh_token: '{{ settings.refresh_token }}'}}}",
        "{type: pipedrive, token: x, operations: {list_contacts: {query: {owner_id: 7}}}}",
        "{type: rest, token: x, base_url: '{{ settings.url }}'}",
    ] {
        let made = make(&Consumers::built_in(), yaml, "https://crm.example.com");
        assert!(made.is_ok(), "{yaml}\n{}", made.err().unwrap());
    }
}
