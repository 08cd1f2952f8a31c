//! By what a token is found: a key of a table ends in logs and in metrics.

use ring::digest::{SHA256, digest};

use crate::ground::hex::hex;

/// The SHA-256 of a token, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenDigest(String);

impl TokenDigest {
    /// The digest of `token`.
    pub fn of(token: &str) -> Self {
        Self(hex(digest(&SHA256, token.as_bytes())))
    }

    /// Its 64 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_sha_256() {
        // The example of FIPS 180-4, <https://doi.org/10.6028/NIST.FIPS.180-4>.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(TokenDigest::of("abc").as_str(), expected);
    }
}
