//! HubSpot's signature. The first two vectors are those of HubSpot's own clients
//! (<https://github.com/HubSpot/hubspot-api-python/blob/master/tests/spec/utils/test_signature.py>,
//! in two versions). The others were made with Python: `base64.b64encode(hmac.new(secret,
//! b"POST" + uri + body + timestamp, "sha256").digest())`.

use http::{Method, Uri};

use super::*;
use crate::ground::clock::Timestamp;

const SECRET: &str = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";
const HOOKS: &str = "https://hooks.example.com/contacts/hooks";
const BODY: &str = r#"[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]"#;
const MADE: &str = "1700000000000";
const NOW: u64 = 1_700_000_000_000;
const RIGHT: &str = "C2Ds/vHOsXLBxwUkVtGod/+NloREgQp49etoq9pNw4A=";
/// Of `…/hooks?to=a/b:c@d!$'()*,;?%20%26+%C3%A9`.
const WITH_QUERY: &str = "yZhAj9SeoLKVhNwYhOcVSb291sFS5dh0LzVMd7ce0bk=";
const UTF8_BODY: &str = r#"[{"subscriptionType":"contact.propertyChange","objectId":7,"propertyName":"firstname","propertyValue":"Zoë"}]"#;
const UTF8: &str = "mJ7McnZ8fkV+AF6HotY8NQ/dxMsJdASeLBAZQwocEzg=";

/// Whether the signature is accepted, whatever the body then says.
fn receive(
    config: &Value,
    (method, uri): (&str, &str),
    given: &[(&str, &str)],
    body: &[u8],
    now: u64,
) -> Result<(), PushError> {
    let settings = fields(json!({"secret": SECRET, "url": HOOKS}));
    let received = pushes(config.clone()).receive(
        &method.parse::<Method>().unwrap(),
        &uri.parse::<Uri>().unwrap(),
        &headers(given),
        body,
        &settings,
        Timestamp::from_millis(now),
    );
    match received {
        Ok(_) | Err(PushError::Malformed { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

fn config() -> Value {
    json!({"type": "hubspot", "client_secret": "{{ settings.secret }}"})
}

fn signed<'a>(signature: &'a str, made: &'a str) -> [(&'a str, &'a str); 2] {
    [("X-HubSpot-Signature-v3", signature), ("X-HubSpot-Request-Timestamp", made)]
}

#[test]
fn what_hubspot_signed_is_accepted() {
    let published = ("POST", "https://www.example.com/webhook_uri");
    let body = "{'example_field':'example_value'}";
    let query = "?to=a%2Fb%3Ac%40d%21%24%27%28%29%2a%2C%3b%3F%20%26+%C3%A9";
    let query = format!("{HOOKS}{query}");
    for (name, request, signature, made, body) in [
        (
            "published",
            published,
            "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
            "1693657560000",
            body,
        ),
        (
            "published before",
            published,
            "HPW73RUtKmcYoEDADG0s6MmGFWUzWJKAW07r8RDgcQw=",
            "15000000",
            body,
        ),
        ("an event", ("POST", HOOKS), RIGHT, MADE, BODY),
        ("not ASCII", ("POST", HOOKS), UTF8, MADE, UTF8_BODY),
        ("encoded characters", ("POST", &query), WITH_QUERY, MADE, BODY),
    ] {
        let now = made.parse().unwrap();
        let given = signed(signature, made);
        assert_eq!(receive(&config(), request, &given, body.as_bytes(), now), Ok(()), "{name}");
    }
}

#[test]
fn nothing_else_is() {
    let no = Err(PushError::Unauthorized);
    for (name, request) in [
        ("other method", ("PUT", HOOKS)),
        ("other scheme", ("POST", "http://hooks.example.com/contacts/hooks")),
        ("other host", ("POST", "https://hooks.example.org/contacts/hooks")),
        ("other path", ("POST", "https://hooks.example.com/contacts/hooks/")),
        ("other query", ("POST", "https://hooks.example.com/contacts/hooks?a=1")),
        ("no host", ("POST", "/contacts/hooks")),
    ] {
        let received = receive(&config(), request, &signed(RIGHT, MADE), BODY.as_bytes(), NOW);
        assert_eq!(received, no, "{name}");
    }
    let old = [("X-HubSpot-Signature", RIGHT), ("X-HubSpot-Request-Timestamp", MADE)];
    for (name, given) in [
        ("none", &[][..]),
        ("no signature", &signed(RIGHT, MADE)[1..]),
        ("no timestamp", &signed(RIGHT, MADE)[..1]),
        ("an older version's header", &old),
        ("empty", &signed("", MADE)),
        ("other signature", &signed(UTF8, MADE)),
        ("not base64", &signed("s3cret", MADE)),
        ("other timestamp", &signed(RIGHT, "1700000000001")),
        ("no number", &signed(RIGHT, "abc")),
        ("a negative one", &signed(RIGHT, "-1")),
    ] {
        let received = receive(&config(), ("POST", HOOKS), given, BODY.as_bytes(), NOW);
        assert_eq!(received, no, "{name}");
    }
    for length in 0..RIGHT.len() {
        let given = signed(&RIGHT[..length], MADE);
        let received = receive(&config(), ("POST", HOOKS), &given, BODY.as_bytes(), NOW);
        assert_eq!(received, no, "signature of {length}");
    }
    for byte in 0..BODY.len() {
        let mut flipped = BODY.as_bytes().to_vec();
        flipped[byte] ^= 1 << (byte % 8);
        let given = signed(RIGHT, MADE);
        let received = receive(&config(), ("POST", HOOKS), &given, &flipped, NOW);
        assert_eq!(received, no, "byte {byte}");
        let received = receive(&config(), ("POST", HOOKS), &given, &flipped[..byte], NOW);
        assert_eq!(received, no, "body of {byte}");
    }
    let other = json!({"type": "hubspot", "client_secret": "another"});
    let received = receive(&other, ("POST", HOOKS), &signed(RIGHT, MADE), BODY.as_bytes(), NOW);
    assert_eq!(received, no, "other secret");
}

#[test]
fn five_minutes_either_way_are_tolerated() {
    let stale = Err(PushError::Stale);
    for (now, expected) in [
        (NOW - 300_001, stale.clone()),
        (NOW - 300_000, Ok(())),
        (NOW + 300_000, Ok(())),
        (NOW + 300_001, stale),
    ] {
        let given = signed(RIGHT, MADE);
        let received = receive(&config(), ("POST", HOOKS), &given, BODY.as_bytes(), now);
        assert_eq!(received, expected, "{now}");
        let forged = receive(&config(), ("POST", HOOKS), &given, b"[]", now);
        assert_eq!(forged, Err(PushError::Unauthorized), "{now}");
    }
}

#[test]
fn a_configured_address_is_the_one_that_counts() {
    let config = json!({
        "type": "hubspot",
        "client_secret": SECRET,
        "url": "{{ settings.url }}",
    });
    let query = "?to=a%2Fb%3Ac%40d%21%24%27%28%29%2A%2C%3B%3F%20%26+%C3%A9";
    let behind = "http://10.0.0.7:8080/prod/contacts/hooks";
    let with_query = format!("{behind}{query}");
    for (uri, signature) in [(behind, RIGHT), ("/contacts/hooks", RIGHT), (&with_query, WITH_QUERY)]
    {
        let given = signed(signature, MADE);
        let received = receive(&config, ("POST", uri), &given, BODY.as_bytes(), NOW);
        assert_eq!(received, Ok(()), "{uri}");
    }
}
