//! What a channel needs before it starts.

use super::*;

#[tokio::test]
async fn mistakes_are_named_with_their_place_and_show_no_secret() {
    let fine = "url: 'https://e.com/r', auth: {token: t}";
    for (stage, settings, expected) in [
        (Stage::Deployed, "auth: {token: t}", "channels.site: missing field `url`"),
        (
            Stage::Deployed,
            "url: 'https://e.com/r'",
            "channels.site: expected `auth` with a `token`",
        ),
        (
            Stage::Deployed,
            "url: 'http://e.com/r?key=s3cret', auth: {token: t}",
            "channels.site.url: expected an address with https",
        ),
        (
            Stage::Deployed,
            "url: 'https://me:s3cret@e.com/r', auth: {token: t}",
            "channels.site.url: expected an address with https",
        ),
        (Stage::Local, "url: 's3cret'", "channels.site.url: expected an address with https"),
        (
            Stage::Local,
            "url: '127.0.0.1:8080'",
            "channels.site.url: expected an address with https or, as on your own machine, http,",
        ),
        (Stage::Local, "url: 'https://s3cret@e.com'", "channels.site.url: expected an address"),
        (Stage::Local, "url: 'ftp://e.com'", "channels.site.url: expected an address with https"),
        (
            Stage::Local,
            "url: 'https://e.com', signing_key: whsec_s3cret",
            "channels.site.signing_key: expected `whsec_` and the base64",
        ),
        (
            Stage::Local,
            "url: 'https://e.com', token: \"s3cret\\n\"",
            "channels.site.token: expected a token of printable characters",
        ),
        (
            Stage::Local,
            "url: 'https://e.com', key: s3cret",
            "channels.site.key: unknown field `key`, expected one of `url`, `token`",
        ),
    ] {
        let yaml = format!("channels: {{site: {{type: callback, {settings}}}}}");
        let error = config(&yaml, stage).await.err().expect("a mistake").to_string();
        assert!(error.contains(expected), "{settings}: {error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
    for (stage, settings) in [
        (Stage::Deployed, fine),
        (Stage::Deployed, "url: 'https://e.com/r', public: true"),
        (Stage::Local, "url: 'http://127.0.0.1:5000/r'"),
    ] {
        let yaml = format!("channels: {{site: {{type: callback, {settings}}}}}");
        assert!(config(&yaml, stage).await.is_ok(), "{settings}");
    }
}
