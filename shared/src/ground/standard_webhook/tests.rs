//! The first vector is the one that the specification's libraries test with
//! (<https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/webhook.test.ts>).
//! The others were made with Python:
//! `base64.b64encode(hmac.new(base64.b64decode(key), b"id.timestamp.body", "sha256").digest())`

use super::*;

const KEY: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const MESSAGE: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const MADE: u64 = 1_614_265_330;
const RIGHT: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
/// The same, signed with the 24 bytes `0123456789abcdef01234567`.
const OTHER_KEY: &str = "v1,d5PJaLhU6hQf9TLleqdn97PBQffdITHtAOuMMHkRQ4U=";
/// `msg_1.1614265330.`
const EMPTY_BODY: &str = "v1,/n9JD+QvCBymh/dplZctdnJL3Jc/7vU4siQ5cz50QYY=";

fn key() -> WebhookKey {
    WebhookKey::parse(KEY).unwrap()
}

fn seconds(seconds: u64) -> Timestamp {
    Timestamp::from_millis(seconds * 1000)
}

fn headers(id: &str, timestamp: &str, signature: &str) -> HeaderMap {
    let all = [(ID, id), (TIMESTAMP, timestamp), (SIGNATURE, signature)];
    all.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

fn verify(headers: &HeaderMap, body: &[u8]) -> Result<(), WebhookError> {
    key().verify(headers, body, seconds(MADE))
}

#[test]
fn the_published_signature_is_made_and_accepted() {
    assert_eq!(key().sign(MESSAGE, seconds(MADE), BODY), RIGHT);
    assert_eq!(verify(&headers(MESSAGE, "1614265330", RIGHT), BODY), Ok(()));
    assert_eq!(verify(&headers("msg_1", "1614265330", EMPTY_BODY), b""), Ok(()));
    let bare = WebhookKey::parse(KEY.strip_prefix("whsec_").unwrap()).unwrap();
    assert_eq!(bare.sign(MESSAGE, seconds(MADE), BODY), RIGHT);
}

#[test]
fn one_right_signature_of_several_is_enough() {
    let wrong = "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=";
    for (name, signatures, expected) in [
        ("last", format!("{OTHER_KEY} {RIGHT}"), Ok(())),
        ("first", format!("{RIGHT} {wrong}"), Ok(())),
        ("among others", format!("v1a,AAAA {wrong} {RIGHT} {OTHER_KEY}"), Ok(())),
        ("none", format!("{OTHER_KEY} {wrong}"), Err(WebhookError::Unsigned)),
        ("other version", RIGHT.replace("v1", "v2"), Err(WebhookError::Unsigned)),
        ("other scheme", RIGHT.replace("v1", "v1a"), Err(WebhookError::Unsigned)),
        ("no version", RIGHT.replace("v1,", ""), Err(WebhookError::Unsigned)),
        ("empty", String::new(), Err(WebhookError::Unsigned)),
        ("no signature", "v1,".to_owned(), Err(WebhookError::Unsigned)),
        ("other separator", format!("{wrong},{RIGHT}"), Err(WebhookError::Unsigned)),
    ] {
        let headers = headers(MESSAGE, "1614265330", &signatures);
        assert_eq!(verify(&headers, BODY), expected, "{name}");
    }
}

#[test]
fn nothing_but_what_was_signed_is_accepted() {
    let right = headers(MESSAGE, "1614265330", RIGHT);
    for bit in 0..BODY.len() * 8 {
        let mut body = BODY.to_vec();
        body[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(verify(&right, &body), Err(WebhookError::Unsigned), "bit {bit}");
    }
    for length in 0..BODY.len() {
        assert!(verify(&right, &BODY[..length]).is_err(), "body of {length}");
    }
    for length in 0..RIGHT.len() {
        let headers = headers(MESSAGE, "1614265330", &RIGHT[..length]);
        assert_eq!(verify(&headers, BODY), Err(WebhookError::Unsigned), "{length}");
    }
    for (id, timestamp) in [
        ("msg_other", "1614265330"),
        ("", "1614265330"),
        (MESSAGE, "1614265331"),
        (MESSAGE, "01614265330"),
        (MESSAGE, "hello"),
        (MESSAGE, "-1"),
        (MESSAGE, ""),
        (MESSAGE, "99999999999999999999999"),
    ] {
        let headers = headers(id, timestamp, RIGHT);
        assert_eq!(verify(&headers, BODY), Err(WebhookError::Unsigned), "{id} {timestamp}");
    }
    for missing in [ID, TIMESTAMP, SIGNATURE] {
        let mut headers = right.clone();
        headers.remove(missing);
        assert_eq!(verify(&headers, BODY), Err(WebhookError::Unsigned), "{missing}");
    }
}

#[test]
fn five_minutes_either_way_are_tolerated() {
    let headers = headers(MESSAGE, "1614265330", RIGHT);
    for (now, expected) in [
        (MADE - 301, Err(WebhookError::Stale)),
        (MADE - 300, Ok(())),
        (MADE, Ok(())),
        (MADE + 300, Ok(())),
        (MADE + 301, Err(WebhookError::Stale)),
        (0, Err(WebhookError::Stale)),
    ] {
        assert_eq!(key().verify(&headers, BODY, seconds(now)), expected, "{now}");
        // Whoever has no key does not learn what our clock says.
        let forged = key().verify(&headers, b"forged", seconds(now));
        assert_eq!(forged, Err(WebhookError::Unsigned), "{now}");
    }
}

#[test]
fn a_key_is_the_base64_of_enough_bytes() {
    for (name, text, expected) in [
        ("24 bytes", KEY, true),
        ("32 bytes", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", true),
        ("23 bytes", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaQ=", false),
        ("empty", "", false),
        ("nothing but the prefix", "whsec_", false),
        ("no base64", "whsec_not base64 at all, but long enough", false),
        ("a public key of the other scheme", "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", false),
    ] {
        let parsed = WebhookKey::parse(text);
        assert_eq!(parsed.is_ok(), expected, "{name}");
        if let Err(error) = parsed {
            assert!(text.is_empty() || !error.to_string().contains(text) || text == PREFIX);
        }
    }
}
