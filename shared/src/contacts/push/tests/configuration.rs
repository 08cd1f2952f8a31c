//! Every mistake in the section is found at the start, and none is quoted.

use super::*;
use crate::ground::clock::Timestamp;

#[test]
fn mistakes_are_named() {
    for (config, expected) in [
        (json!("key"), "contacts.push: expected a mapping"),
        (json!({"key": ""}), "contacts.push.key: expected a non-empty text"),
        (json!({"key": 12345}), "contacts.push.key: expected a non-empty text"),
        (json!({"key": "{{ 12345 "}), "contacts.push.key: syntax error"),
        (json!({"key": "{{ setings.key }}"}), "contacts.push.key: expected a text, or a setting"),
        (
            json!({"key": "{{ settings.key ~ key }}"}),
            "contacts.push.key: expected a text, or a setting",
        ),
        (json!({"key": "{{ key }}-{{ key }}"}), "contacts.push.key: expected a text, or a setting"),
        (
            json!({"key": "acme-{{ settings['key'] }}"}),
            "contacts.push.key: expected a text, or a setting",
        ),
        (
            json!({"key": "{% set all = settings %}acme-{{ all.key }}"}),
            "contacts.push.key: expected a text, or a setting",
        ),
        (json!({"key": "{{ settings.key "}), "contacts.push.key: syntax error"),
        (json!({"key": "{{ settings.key | lowr }}"}), "contacts.push.key: unknown filter"),
        (
            json!({"signing_secret": "whsec_12345"}),
            "contacts.push.signing_secret: expected `whsec_`",
        ),
        (json!({"secret": "12345"}), "contacts.push.secret: unknown; expected one of: key, "),
        (
            json!({"type": "salesforce"}),
            "contacts.push.type: expected one of: hubspot, pipedrive, none",
        ),
        (json!({"type": 12345}), "contacts.push.type: expected one of: hubspot, pipedrive, none"),
        (json!({"type": "hubspot"}), "contacts.push: missing field `client_secret`"),
        (
            json!({"type": "hubspot", "client_secret": "12345", "user": "x"}),
            "contacts.push.user: unknown field `user`",
        ),
        (
            json!({"type": "hubspot", "client_secret": "12345", "portal_id": 1.5}),
            "contacts.push.portal_id: expected a non-empty text",
        ),
        (
            json!({"type": "pipedrive", "user": "patchcord"}),
            "contacts.push: missing field `password`",
        ),
        (
            json!({"type": "pipedrive", "user": "a:b", "password": "12345"}),
            "contacts.push.user: expected a name without a colon",
        ),
    ] {
        let errors = compile(config.clone()).err().unwrap().to_string();
        assert!(errors.starts_with(expected), "{config}: {errors}");
        assert!(!errors.contains("12345"), "{errors}");
    }
}

#[test]
fn several_mistakes_are_found_at_once() {
    let config = json!({"key": "", "signing_secret": "", "type": "pipedrive", "user": "u"});
    assert_eq!(compile(config).err().unwrap().0.len(), 3);
}

#[test]
fn without_a_key_nobody_may_push() {
    let mut errors = ConfigErrors::default();
    let absent = Pushes::compile(None, &Place::root(), &mut errors).unwrap();
    let now = Timestamp::default();
    let nothing = headers(&[("authorization", "Bearer ")]);
    let hooks = ("POST".parse().unwrap(), "https://hooks.example.com/contacts/hooks");
    let receive = |pushes: &Pushes| {
        let received = pushes.receive(
            &hooks.0,
            &hooks.1.parse().unwrap(),
            &nothing,
            b"[]",
            &Fields::new(),
            now,
        );
        received.err()
    };
    for pushes in [&absent, &pushes(json!({})), &pushes(json!({"type": "none"}))] {
        let verified = pushes.verify(&nothing, b"", &Fields::new(), now);
        assert_eq!(verified, Err(PushError::NotConfigured));
        assert_eq!(receive(pushes), Some(PushError::NotConfigured));
    }
    // Configured, but the integration has not entered it.
    let plain = pushes(json!({
        "key": "{{ settings.push_key }}",
        "signing_secret": "{{ settings.push_secret }}",
    }));
    for settings in [json!({}), json!({"push_key": "", "push_secret": null})] {
        let verified = plain.verify(&nothing, b"", &fields(settings), now);
        assert_eq!(verified, Err(PushError::NotConfigured));
    }
    // The rest of it can be guessed.
    for key in [
        "acme-{{ settings.push_key }}",
        "{{ 'acme-' ~ settings.push_key }}",
        "{% if settings.push_key is none %}acme-{% else %}acme-{{ settings.push_key }}{% endif %}",
        "{{ settings.push_key }}{{ settings.other }}",
    ] {
        let partly = pushes(json!({ "key": key }));
        for settings in
            [json!({}), json!({"push_key": null}), json!({"push_key": "", "other": "acme-"})]
        {
            let guessed = headers(&[("authorization", "Bearer acme-")]);
            let verified = partly.verify(&guessed, b"", &fields(settings.clone()), now);
            assert_eq!(verified, Err(PushError::NotConfigured), "{key}: {settings}");
        }
        let entered = fields(json!({"push_key": "acme-", "other": "x"}));
        let refused = partly.verify(&nothing, b"", &entered, now);
        assert_eq!(refused, Err(PushError::Unauthorized), "{key}");
    }
    for vendor in [
        json!({"type": "hubspot", "client_secret": "{{ settings.secret }}"}),
        json!({"type": "pipedrive", "user": "u", "password": "{{ settings.password }}"}),
    ] {
        assert_eq!(receive(&pushes(vendor)), Some(PushError::NotConfigured));
    }
}
