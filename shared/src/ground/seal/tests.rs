use serde_json::json;

use super::*;

const NEW: &str = "correct-horse-battery-staple-0002";
const OLD: &str = "correct-horse-battery-staple-0001";

fn sealer(keys: &[&str]) -> Sealer {
    let keys: Vec<_> =
        keys.iter().map(|key| Secret::try_from((*key).to_owned()).unwrap()).collect();
    Sealer::from_keys(&keys).unwrap()
}

fn bytes(hexadecimal: &str) -> Vec<u8> {
    let pairs = hexadecimal.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[test]
fn what_was_sealed_is_opened_and_no_two_are_the_same() {
    let one = sealer(&[NEW]);
    for value in [&b""[..], b"x", b"{\"api_key\":\"sesame\"}", &[0xff; 10_000]] {
        let sealed = one.seal(value, "integration-1").unwrap();
        assert!(sealed.starts_with(VERSION) && sealed.is_ascii());
        assert_ne!(sealed, one.seal(value, "integration-1").unwrap());
        assert_eq!(one.open(&sealed, "integration-1").unwrap(), value);
    }
}

#[test]
fn the_cipher_is_aes_256_gcm() {
    // “The Galois/Counter Mode of Operation (GCM)”, McGrew and Viega, submission to NIST, appendix B,
    // test case 16.
    let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    let nonce = bytes("cafebabefacedbaddecaf888").try_into().unwrap();
    let owner = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    let value = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
                 1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
    let expected = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                    8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662\
                    76fc6ece0f4e1768cddf8853bb2d551b";
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &bytes(key)).unwrap());
    assert_eq!(encrypt(&key, nonce, owner, &bytes(value)).unwrap(), bytes(expected));
}

#[test]
fn what_another_implementation_sealed_is_opened() {
    // Made once by Python's `cryptography`: HKDF(SHA256, 32, salt=None, info=b"patchcord seal v1")
    // of the key OLD, AESGCM with the nonce 00 01 … 0b. As long as this opens, so does what is stored.
    let sealed = "v1.AAECAwQFBgcICQoLoa14iWc1_tgXMWe9U4cG3agD-fmAOldumghKfojxfmyb4uQH";
    assert_eq!(sealer(&[OLD]).open(sealed, "integration-1").unwrap(), b"{\"api_key\":\"sesame\"}");
}

#[test]
fn every_key_opens_and_the_first_seals() {
    let old = sealer(&[OLD]).seal(b"sesame", "1").unwrap();
    let both = sealer(&[NEW, OLD]);
    assert_eq!(both.open(&old, "1").unwrap(), b"sesame");
    let new = both.seal(b"sesame", "1").unwrap();
    assert_eq!(sealer(&[NEW]).open(&new, "1").unwrap(), b"sesame");
    assert_eq!(sealer(&[OLD]).open(&new, "1"), Err(SealError::NotAuthentic));
    assert_eq!(sealer(&[NEW]).open(&old, "1"), Err(SealError::NotAuthentic));
}

#[test]
fn it_opens_for_its_owner_alone() {
    let one = sealer(&[NEW]);
    let sealed = one.seal(b"sesame", "integration-1").unwrap();
    for other in ["integration-2", "integration-", "integration-1 ", ""] {
        assert_eq!(one.open(&sealed, other), Err(SealError::NotAuthentic), "{other}");
    }
}

#[test]
fn a_change_of_any_bit_is_noticed() {
    let one = sealer(&[NEW]);
    let sealed = one.seal(b"sesame", "1").unwrap();
    let original = URL_SAFE_NO_PAD.decode(sealed.strip_prefix(VERSION).unwrap()).unwrap();
    for bit in 0..original.len() * 8 {
        let mut changed = original.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let changed = format!("{VERSION}{}", URL_SAFE_NO_PAD.encode(changed));
        assert_eq!(one.open(&changed, "1"), Err(SealError::NotAuthentic), "bit {bit}");
    }
}

#[test]
fn what_is_not_sealed_is_said_to_be_so() {
    let one = sealer(&[NEW]);
    let sealed = one.seal(b"sesame", "1").unwrap();
    for (text, expected) in [
        (String::new(), SealError::NotSealed),
        ("sesame".to_owned(), SealError::NotSealed),
        (sealed.replacen("v1.", "v2.", 1), SealError::NotSealed),
        (format!("{sealed}="), SealError::NotSealed),
        (format!("{sealed}\n"), SealError::NotSealed),
        ("v1.".to_owned(), SealError::NotSealed),
        ("v1.AAAA".to_owned(), SealError::NotSealed),
        (sealed[..VERSION.len() + 28].to_owned(), SealError::NotAuthentic),
    ] {
        let error = one.open(&text, "1").unwrap_err();
        assert_eq!(error, expected, "{text}");
        assert!(!error.to_string().contains("sesame"));
    }
}

#[test]
fn keys_come_from_the_configuration_and_are_not_shown() {
    let place = Place::root().key("keys");
    for good in [json!(NEW), json!([NEW, OLD])] {
        assert!(Sealer::from_config(good.clone(), &place).is_ok(), "{good}");
    }
    for (wrong, expected) in [
        (json!("sesame"), "keys: expected keys of at least 32 characters"),
        (json!([NEW, "sesame"]), "keys: expected keys of at least 32 characters"),
        (json!([]), "keys: expected at least one key"),
        (json!(""), "keys: expected a non-empty text"),
        (json!(12_345), "keys: expected a non-empty text"),
        (json!({"sesame": 1}), "keys: expected a non-empty text"),
    ] {
        let error = Sealer::from_config(wrong.clone(), &place).err().unwrap().to_string();
        assert!(error.starts_with(expected), "{wrong}: {error}");
        assert!(!error.contains("sesame"), "{error}");
    }
}
