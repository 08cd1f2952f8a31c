//! Whether a key is one that ring can check signatures with. It would say so at every signature only.

use std::ops::RangeInclusive;

/// How many bytes the modulus may have
/// (<https://docs.rs/ring/0.17/ring/signature/static.RSA_PKCS1_2048_8192_SHA256.html>).
const MODULUS_BYTES: RangeInclusive<usize> = 2048 / 8..=8192 / 8;

/// Whether `der` is an RSA public key of such a size: a sequence whose first integer is the modulus
/// (<https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1>). That of a private key is its version, 0.
pub(super) fn is_public_key(der: &[u8]) -> bool {
    let modulus = content(0x30, der).and_then(|sequence| content(0x02, sequence));
    modulus.is_some_and(|modulus| {
        let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
        MODULUS_BYTES.contains(&(modulus.len() - zeros))
    })
}

/// The content of the value of this tag with which `der` begins.
fn content(tag: u8, der: &[u8]) -> Option<&[u8]> {
    let (first, rest) = der.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = if *length < 0x80 {
        (usize::from(*length), rest)
    } else {
        // So many bytes have the length, the highest first.
        let (length, rest) = rest.split_at_checked(usize::from(length & 0x7f))?;
        let add = |sum: usize, byte: &u8| sum.checked_mul(256)?.checked_add(usize::from(*byte));
        (length.iter().try_fold(0, add)?, rest)
    };
    rest.get(..length).filter(|_| *first == tag)
}
