//! Plain requests. The signature was made with Python: `base64.b64encode(hmac.new(
//! base64.b64decode(key), b"id.timestamp.body", "sha256").digest())`, and is a published vector
//! (see `ground::standard_webhook`).

use super::*;
use crate::ground::clock::Timestamp;

const BODY: &[u8] = br#"{"test": 2432232314}"#;
const MADE: u64 = 1_614_265_330_000;
const SIGNED: [(&str, &str); 3] = [
    ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
    ("webhook-timestamp", "1614265330"),
    ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
];

#[test]
fn the_key_or_the_signature_is_proof() {
    let key = ("authorization", "Bearer s3cret");
    let wrong = ("authorization", "Bearer s3creT");
    let signed_and = |more| [&SIGNED[..], &[more]].concat();
    let no = Err(PushError::Unauthorized);
    let cases: [(&str, &str, Vec<_>, _); 16] = [
        ("key", "key", vec![key], Ok(())),
        ("key, scheme in lower case", "key", vec![("authorization", "bearer s3cret")], Ok(())),
        ("wrong key", "key", vec![wrong], no.clone()),
        ("truncated key", "key", vec![("authorization", "Bearer s3cre")], no.clone()),
        ("longer key", "key", vec![("authorization", "Bearer s3crets")], no.clone()),
        ("empty key", "key", vec![("authorization", "Bearer ")], no.clone()),
        ("other scheme", "key", vec![("authorization", "Basic s3cret")], no.clone()),
        ("no scheme", "key", vec![("authorization", "s3cret")], no.clone()),
        ("no key", "key", vec![], no.clone()),
        ("signature for a key", "key", SIGNED.to_vec(), no.clone()),
        ("signature", "signature", SIGNED.to_vec(), Ok(())),
        ("key for a signature", "signature", vec![key], no.clone()),
        ("either: key", "both", vec![key], Ok(())),
        ("either: signature", "both", signed_and(wrong), Ok(())),
        ("either: none", "both", SIGNED[..2].to_vec(), no.clone()),
        ("either: wrong key", "both", vec![wrong], no),
    ];
    for (name, configured, given, expected) in cases {
        let mut config = fields(json!({
            "key": "{{ settings.key }}",
            "signing_secret": "{{ settings.secret }}",
        }));
        match configured {
            "key" => config.remove("signing_secret"),
            "signature" => config.remove("key"),
            _ => None,
        };
        let settings =
            fields(json!({"key": "s3cret", "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}));
        let now = Timestamp::from_millis(MADE);
        let verified = pushes(config.into()).verify(&headers(&given), BODY, &settings, now);
        assert_eq!(verified, expected, "{name}");
    }
}

#[test]
fn a_signature_is_of_its_time_and_of_its_body() {
    let pushes = pushes(json!({"signing_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}));
    for (name, body, now, expected) in [
        ("right", BODY, MADE, Ok(())),
        ("stale", BODY, MADE + 301_000, Err(PushError::Stale)),
        ("in the future", BODY, MADE - 301_000, Err(PushError::Stale)),
        ("other body", b"{}", MADE, Err(PushError::Unauthorized)),
    ] {
        let now = Timestamp::from_millis(now);
        let verified = pushes.verify(&headers(&SIGNED), body, &Fields::new(), now);
        assert_eq!(verified, expected, "{name}");
    }
}

#[test]
fn one_integrations_key_is_not_another_ones() {
    let pushes = pushes(json!({"key": "{{ settings.key }}"}));
    let given = headers(&[("authorization", "Bearer of-a")]);
    for (key, expected) in [("of-a", Ok(())), ("of-b", Err(PushError::Unauthorized))] {
        let settings = fields(json!({"key": key}));
        let verified = pushes.verify(&given, b"", &settings, Timestamp::default());
        assert_eq!(verified, expected, "{key}");
    }
}

#[test]
fn a_secret_that_cannot_be_used_is_named_and_not_shown() {
    let pushes = pushes(json!({"signing_secret": "{{ settings.secret }}"}));
    let settings = fields(json!({"secret": "hunter2"}));
    let error = pushes.verify(&headers(&SIGNED), BODY, &settings, Timestamp::from_millis(MADE));
    let error = error.unwrap_err();
    assert!(matches!(error, PushError::Unsendable { .. }));
    assert!(error.to_string().starts_with("contacts.push.signing_secret: expected `whsec_`"));
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}
