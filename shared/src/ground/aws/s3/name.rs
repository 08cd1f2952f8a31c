//! What objects are called: `s3://bucket/key`.

/// The bucket and the key of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectName {
    bucket: String,
    key: String,
}

/// A name that is none, or that cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected s3://bucket/key: a bucket of 3 to 63 lowercase letters, digits, dots and hyphens, \
     and a key of at most 1024 bytes without a segment `.` or `..`"
)]
pub struct InvalidObjectName;

impl ObjectName {
    /// The object that `url` names, in which nothing is encoded.
    ///
    /// Buckets: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>,
    /// keys: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>. HTTP clients
    /// take dots that are a whole segment for a way through the path, so those cannot be sent.
    pub fn parse(url: &str) -> Result<Self, InvalidObjectName> {
        let name = url.strip_prefix("s3://").and_then(|name| name.split_once('/'));
        let (bucket, key) = name.ok_or(InvalidObjectName)?;
        let is_alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let mut bytes = bucket.bytes();
        let is_bucket = (3..=63).contains(&bucket.len())
            && bytes.clone().all(|byte| is_alphanumeric(byte) || matches!(byte, b'.' | b'-'))
            && bytes.next().is_some_and(is_alphanumeric)
            && bytes.next_back().is_some_and(is_alphanumeric)
            && !bucket.contains("..");
        let is_key = (1..=1024).contains(&key.len())
            && !key.split('/').any(|segment| matches!(segment, "." | ".."));
        if !is_bucket || !is_key {
            return Err(InvalidObjectName);
        }
        Ok(Self { bucket: bucket.to_owned(), key: key.to_owned() })
    }

    /// Where the object is.
    pub fn bucket(&self) -> &str {
        &self.bucket
    }

    /// What it is called there.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl std::fmt::Display for ObjectName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.key)
    }
}
