//! Tokens made by `PyJWT` 2 (`jwt.encode(claims, key, algorithm=…)`), not by the library that checks
//! them; 4102444800 is the year 2100.

use base64::Engine as _;
use http::Request;
use http::header::AUTHORIZATION;

use super::Auth;
use crate::ground::clock::Timestamp;
use crate::ground::config::{ConfigError, Place};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const PUBLIC_KEY: &str = include_str!("testdata/rs256.pem");

/// `{"sub": "u"}`
const PLAIN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1In0.1WoTIWLgTv0EKM-4XvCy3Ug53VAwZIMDW_uKNki3twI";
/// `{"sub": "u", "exp": 4102444800}`
const VALID: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1IiwiZXhwIjo0MTAyNDQ0ODAwfQ.5Sr9jyXSR1_n8eA7EnfBon4LKzm_dxaHjyBz6-80KfM";
/// `{"sub": "u", "exp": 1300819380}`
const EXPIRED: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1IiwiZXhwIjoxMzAwODE5MzgwfQ.iDRGpbFbtseStc_ZC0YUQ7kD8UmNb79oTQjba4QcpXg";
/// `{"sub": "u", "nbf": 4102444800}`
const NOT_YET: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1IiwibmJmIjo0MTAyNDQ0ODAwfQ.i9vTnyYGE1kXm94beLfpFCqsrv9Sxg6FhGGQ54kX-Jw";
/// `{"sub": "u", "exp": 1300819380.5}`
const FRACTION: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1IiwiZXhwIjoxMzAwODE5MzgwLjV9.unsGtZ7Knrnl3FqkDAJcAnzEhWNMUw4a8_dOvnRtRyU";
/// `{"sub": "u", "exp": "4102444800"}`
const TEXT: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1IiwiZXhwIjoiNDEwMjQ0NDgwMCJ9.LQKXXVuKYfzQTu8LzLQS6tqDgU_vYtCB72qFhIjwQ98";
/// `{"sub": "u", "exp": null}`
const NULL: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1IiwiZXhwIjpudWxsfQ.r9r2U7hpcCobC7jZFYwEZx9d_nysMtMaOAK8qIwevAA";
/// `{"sub": "u", "aud": "patchcord", "iss": "me"}`
const ADDRESSED: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1IiwiYXVkIjoicGF0Y2hjb3JkIiwiaXNzIjoibWUifQ._TX56g4kjhCdgwYfe9GNDMpTo5k4mSbqrpfPTlqF0xU";
/// `{"sub": "u"}`, signed with another key
const OTHER_KEY: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1In0.k-Sog0kIEvAV2izRVZNRNzKWjaKZnZraiVh2heOhh9o";
/// `{"sub": "u"}`, HS384
const OTHER_METHOD: &str = "eyJhbGciOiJIUzM4NCIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1In0.obMFfnIjrVi068IEilQjSBE7siFvvcNXyS1Xn98ECb_eTCC-hxeq4PhvK2LtTajj";
/// `{"sub": "u"}`, unsigned, `alg: none`
const UNSIGNED: &str = "eyJhbGciOiAibm9uZSIsICJ0eXAiOiAiSldUIn0.eyJzdWIiOiAidSJ9.";
/// `{"sub": "u", "exp": 4102444800}`, RS256
const RSA: &str = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1IiwiZXhwIjo0MTAyNDQ0ODAwfQ.G4B4dkX_hLWzl0mOSMHLHEPC-aKp8VoWjLjct0lbIcCHC0YHhXzqOMmoAxx0fAhYUPZ8903ZRUxa_385I6kwDQsxi5aKqvC_akigap9OXXeLF2WJmBRltTExnUIPM5u2FGSnYgc2e3uNIAy4QfhmXfcvTDnqOgsBBsxD9IvoMAZT_qpJA5LNCVwOwy7UmPNk4SPDb4ZjprvP51gdckVvNN0pBsvUl39Kl6KXZu5UeBogkRiPUzmkI17rw9zs8-4GvJAajEEw6ouvQU2xM15yIshW3RcR5ScL1ZYF-SJwk4DBCGLZgj9Xwf7SUdaw1qahnnYA-SWoijFnJ3hC2hhmtg";
/// `{"sub": "u"}`, HS256 with the RSA public key's PEM for a key: the classic confusion
const CONFUSED: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1In0.cnixtLHGsjMnjM86rfcmxDS3CuLH81boL-1hyFvB2Fw";

fn auth(config: serde_json::Value) -> Result<Auth, ConfigError> {
    Auth::new(serde_json::from_value(config).unwrap(), &Place::root().key("auth"))
}

/// 2026-01-01T00:00:00Z
const NOW: u64 = 1_767_225_600;

fn passes(auth: &Auth, authorization: Option<&str>) -> bool {
    passes_at(auth, authorization, NOW)
}

fn passes_at(auth: &Auth, authorization: Option<&str>, seconds: u64) -> bool {
    let mut request = Request::new(bytes::Bytes::new());
    if let Some(value) = authorization {
        request.headers_mut().insert(AUTHORIZATION, value.parse().unwrap());
    }
    auth.check(&request, Timestamp::from_millis(seconds * 1000)).is_ok()
}

#[test]
fn only_the_right_token_passes() {
    let auth = auth(serde_json::json!({ "token": "s3cret" })).unwrap();
    for (authorization, expected) in [
        (Some("Bearer s3cret"), true),
        (Some("bearer s3cret"), true),
        (Some("Bearer s3cre"), false),
        (Some("Bearer s3crets"), false),
        (Some("Bearer "), false),
        (Some("Basic s3cret"), false),
        (Some("s3cret"), false),
        (None, false),
    ] {
        assert_eq!(passes(&auth, authorization), expected, "{authorization:?}");
    }
}

#[test]
fn only_valid_jwts_of_the_key_and_method_pass() {
    let hs256 = auth(serde_json::json!({ "jwt_key": KEY })).unwrap();
    let addressed =
        serde_json::json!({ "jwt_key": KEY, "jwt_audience": "patchcord", "jwt_issuer": "me" });
    let addressed = auth(addressed).unwrap();
    let elsewhere = auth(serde_json::json!({ "jwt_key": KEY, "jwt_audience": "other" })).unwrap();
    let rs256 = auth(serde_json::json!({ "jwt_key": PUBLIC_KEY, "jwt_method": "RS256" })).unwrap();
    let flipped = format!("{}B", VALID.strip_suffix('M').unwrap());
    let cases = [
        ("plain", &hs256, PLAIN, true),
        ("valid", &hs256, VALID, true),
        ("audience not asked for", &hs256, ADDRESSED, true),
        ("expired", &hs256, EXPIRED, false),
        ("not yet", &hs256, NOT_YET, false),
        ("other key", &hs256, OTHER_KEY, false),
        ("other method", &hs256, OTHER_METHOD, false),
        ("unsigned", &hs256, UNSIGNED, false),
        ("flipped", &hs256, &flipped, false),
        ("truncated", &hs256, &VALID[..VALID.len() - 4], false),
        ("no jwt", &hs256, "s3cret", false),
        ("addressed to us", &addressed, ADDRESSED, true),
        ("addressed to nobody", &addressed, PLAIN, false),
        ("addressed to others", &elsewhere, ADDRESSED, false),
        ("rsa", &rs256, RSA, true),
        ("hmac for rsa", &rs256, VALID, false),
        ("confused", &rs256, CONFUSED, false),
    ];
    for (name, auth, token, expected) in cases {
        assert_eq!(passes(auth, Some(&format!("Bearer {token}"))), expected, "{name}");
    }
}

#[test]
fn a_jwt_is_valid_by_the_clock_that_is_given() {
    let auth = auth(serde_json::json!({ "jwt_key": KEY })).unwrap();
    let cases = [
        ("before its end", EXPIRED, 1_300_819_379, true),
        ("within the leeway", EXPIRED, 1_300_819_440, true),
        ("after the leeway", EXPIRED, 1_300_819_441, false),
        ("before the leeway", NOT_YET, 4_102_444_739, false),
        ("within the leeway of its start", NOT_YET, 4_102_444_740, true),
        ("after its start", NOT_YET, 4_102_444_801, true),
        ("in 2100", VALID, 4_102_444_861, false),
        ("always", PLAIN, 4_102_444_861, true),
        ("a fraction, before", FRACTION, 1_300_819_440, true),
        ("a fraction, after", FRACTION, 1_300_819_441, false),
        ("an end that is no number", TEXT, 0, false),
        ("an end that is null", NULL, 0, false),
    ];
    for (name, token, now, expected) in cases {
        assert_eq!(passes_at(&auth, Some(&format!("Bearer {token}")), now), expected, "{name}");
    }
}

#[test]
fn with_both_either_is_enough() {
    let auth = auth(serde_json::json!({ "token": "s3cret", "jwt_key": KEY })).unwrap();
    assert!(passes(&auth, Some("Bearer s3cret")));
    assert!(passes(&auth, Some(&format!("Bearer {VALID}"))));
    assert!(!passes(&auth, Some(&format!("Bearer {EXPIRED}"))));
}

#[test]
fn keys_that_cannot_be_used_are_refused_at_the_start() {
    let short = auth(serde_json::json!({ "jwt_key": "short" })).unwrap_err().to_string();
    assert!(short.starts_with("auth.jwt_key: expected a key of at least 32 bytes"), "{short}");
    let no_pem = serde_json::json!({ "jwt_key": KEY, "jwt_method": "RS256" });
    let no_pem = auth(no_pem).unwrap_err().to_string();
    assert!(no_pem.starts_with("auth.jwt_key: expected an RSA public key"), "{no_pem}");
    assert!(!no_pem.contains(KEY), "{no_pem}");
    for (name, integers, is_usable) in [
        ("2048 bits", &[(256, 0xab), (3, 1)][..], true),
        ("8192 bits", &[(1024, 0xab), (3, 1)], true),
        ("1024 bits", &[(128, 0xab), (3, 1)], false),
        ("8200 bits", &[(1025, 0xab), (3, 1)], false),
        // The private key's first integer is its version, 0 (RFC 8017, appendix A.1.2).
        ("a private key", &[(1, 0), (256, 0xab), (3, 1), (256, 0x7b)], false),
    ] {
        let kind = if integers.len() > 2 { "PRIVATE" } else { "PUBLIC" };
        let key = serde_json::json!({ "jwt_key": pem(kind, integers), "jwt_method": "RS256" });
        let result = auth(key).map(drop).map_err(|error| error.to_string());
        let expected = "auth.jwt_key: expected an RSA public key of 2048 to 8192 bits in PEM";
        let is_refused = result.is_err_and(|error| error.starts_with(expected));
        assert_eq!(is_refused, !is_usable, "{name}");
    }
    let no_key = auth(serde_json::json!({ "jwt_audience": "x" })).unwrap_err().to_string();
    assert!(no_key.starts_with("auth.jwt_key: expected a key, because"), "{no_key}");
}

/// A key of PKCS #1 (RFC 8017, appendix A.1) of so many integers, each of so many of one byte.
fn pem(kind: &str, integers: &[(usize, u8)]) -> String {
    let sized = |tag, content: Vec<u8>| {
        let size = u16::try_from(content.len()).unwrap().to_be_bytes();
        [vec![tag, 0x82], size.to_vec(), content].concat()
    };
    // An integer whose first bit is set would be a negative one.
    let integer = |(length, byte): &(usize, u8)| {
        let sign = if *byte > 0x7f { vec![0] } else { vec![] };
        sized(2, [sign, vec![*byte; *length]].concat())
    };
    let der = sized(0x30, integers.iter().flat_map(integer).collect());
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<_> =
        text.as_bytes().chunks(64).map(|it| std::str::from_utf8(it).unwrap()).collect();
    format!("-----BEGIN RSA {kind} KEY-----\n{}\n-----END RSA {kind} KEY-----\n", lines.join("\n"))
}
