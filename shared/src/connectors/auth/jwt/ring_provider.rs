//! Checks the signatures of JWTs with ring, which is here for TLS already; the providers that come
//! with `jsonwebtoken` would bring a second cryptographic library.

use jsonwebtoken::crypto::{CryptoProvider, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::signature::{Error as Refused, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey};
use ring::{hmac, signature};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(unsupported()),
    verifier_factory: |algorithm, key| match algorithm {
        Algorithm::HS256 => {
            Ok(Box::new(Hs256(hmac::Key::new(hmac::HMAC_SHA256, key.try_get_as_bytes()?))))
        }
        Algorithm::RS256 => Ok(Box::new(Rs256(key.clone()))),
        _ => Err(unsupported()),
    },
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes ring the provider of this process, if none is yet.
pub(super) fn install() {
    // An error means that one is installed, which can only be ours.
    let _ = PROVIDER.install_default();
}

fn unsupported() -> Error {
    ErrorKind::InvalidAlgorithm.into()
}

struct Hs256(hmac::Key);

impl Verifier<Vec<u8>> for Hs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Refused> {
        hmac::verify(&self.0, message, signature).map_err(|_| Refused::new())
    }
}

impl JwtVerifier for Hs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::HS256
    }
}

struct Rs256(DecodingKey);

impl Verifier<Vec<u8>> for Rs256 {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Refused> {
        let der = self.0.try_get_as_bytes().map_err(|_| Refused::new())?;
        let key = signature::UnparsedPublicKey::new(&signature::RSA_PKCS1_2048_8192_SHA256, der);
        key.verify(message, signature).map_err(|_| Refused::new())
    }
}

impl JwtVerifier for Rs256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::RS256
    }
}
