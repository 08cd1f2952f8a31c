//! Encryption at rest: a value that is stored sealed can be read and changed only with the key, and
//! only as the value of the owner it was sealed for.
//!
//! AES-256-GCM (NIST SP 800-38D, <https://doi.org/10.6028/NIST.SP.800-38D>) with a random nonce of
//! 96 bits, which that document allows for 2³² values of one key. The cipher's key is derived from
//! the configured text by HKDF-SHA256 (RFC 5869).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::error::Unspecified;
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::Value;

use super::config::{ConfigError, Place, read};
use super::secret::Secret;

/// What every sealed value starts with. Another cipher or derivation is another version.
const VERSION: &str = "v1.";
/// Keeps the derived key apart from those that other uses derive from the same text.
const DERIVATION: &[u8] = b"patchcord seal v1";
/// HKDF stretches nothing: what is configured has to be as hard to guess as the key.
const MIN_KEY_CHARS: usize = 32;

/// A value could not be sealed or opened. Shows neither values nor keys.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The key is one that could be guessed.
    #[error("expected keys of at least {MIN_KEY_CHARS} characters (`openssl rand -base64 32`)")]
    WeakKey,
    /// There is no key.
    #[error("expected at least one key")]
    NoKey,
    /// The operating system had no random bytes, or the value is too long for the cipher.
    #[error("the value cannot be encrypted")]
    Encrypt,
    /// This was not made here.
    #[error("expected a sealed value, which starts with `{VERSION}`")]
    NotSealed,
    /// The key was taken out of the list, the value belongs to somebody else, or it was changed.
    #[error("no key opens the sealed value: its key is missing, or it was changed or moved")]
    NotAuthentic,
}

/// Seals with its first key, and opens what any of its keys sealed.
pub struct Sealer {
    first: LessSafeKey,
    older: Vec<LessSafeKey>,
    random: SystemRandom,
}

impl Sealer {
    /// A sealer of a key, or of a list of keys with the newest first, as in the configuration.
    pub fn from_config(value: Value, place: &Place) -> Result<Self, ConfigError> {
        let keys = match value {
            Value::Array(_) => read::<Vec<Secret>>(value, place)?,
            _ => vec![read(value, place)?],
        };
        Self::from_keys(&keys).map_err(|error| place.error(error))
    }

    /// A sealer of one key.
    pub fn from_key(key: &Secret) -> Result<Self, SealError> {
        Self::from_keys(std::slice::from_ref(key))
    }

    /// A sealer of several keys, the newest first.
    pub fn from_keys(keys: &[Secret]) -> Result<Self, SealError> {
        let mut keys = keys.iter().map(derive).collect::<Result<Vec<_>, _>>()?.into_iter();
        let first = keys.next().ok_or(SealError::NoKey)?;
        Ok(Self { first, older: keys.collect(), random: SystemRandom::new() })
    }

    /// `value` sealed for `owner`, the id of an integration for instance.
    pub fn seal(&self, value: &[u8], owner: &str) -> Result<String, SealError> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| SealError::Encrypt)?;
        let mut sealed = nonce.to_vec();
        sealed.extend(encrypt(&self.first, nonce, owner, value).map_err(|_| SealError::Encrypt)?);
        Ok(format!("{VERSION}{}", URL_SAFE_NO_PAD.encode(sealed)))
    }

    /// The value that was sealed for `owner`.
    pub fn open(&self, sealed: &str, owner: &str) -> Result<Vec<u8>, SealError> {
        let text = sealed.strip_prefix(VERSION).ok_or(SealError::NotSealed)?;
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| SealError::NotSealed)?;
        let (nonce, encrypted) = bytes.split_first_chunk().ok_or(SealError::NotSealed)?;
        let mut keys = std::iter::once(&self.first).chain(&self.older);
        keys.find_map(|key| decrypt(key, *nonce, owner, encrypted).ok())
            .ok_or(SealError::NotAuthentic)
    }
}

/// The cipher's key. No salt: the configured text is random already (RFC 5869, section 3.1).
fn derive(key: &Secret) -> Result<LessSafeKey, SealError> {
    if key.expose().chars().count() < MIN_KEY_CHARS {
        return Err(SealError::WeakKey);
    }
    let extracted = Salt::new(HKDF_SHA256, &[]).extract(key.expose().as_bytes());
    let expanded = extracted.expand(&[DERIVATION], &AES_256_GCM);
    Ok(LessSafeKey::new(UnboundKey::from(expanded.map_err(|_| SealError::Encrypt)?)))
}

/// The encrypted `value` and the tag that shows whether it, or `owner`, was changed.
fn encrypt(
    key: &LessSafeKey,
    nonce: [u8; NONCE_LEN],
    owner: impl AsRef<[u8]>,
    value: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    let mut bytes = value.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    key.seal_in_place_append_tag(nonce, Aad::from(owner), &mut bytes)?;
    Ok(bytes)
}

fn decrypt(
    key: &LessSafeKey,
    nonce: [u8; NONCE_LEN],
    owner: &str,
    encrypted: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    // A copy, because a key that does not fit leaves nothing of what it tried.
    let mut bytes = encrypted.to_vec();
    let nonce = Nonce::assume_unique_for_key(nonce);
    let length = key.open_in_place(nonce, Aad::from(owner), &mut bytes)?.len();
    bytes.truncate(length);
    Ok(bytes)
}

#[cfg(test)]
mod tests;
