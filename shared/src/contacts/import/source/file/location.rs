//! Where a file is, and whether it may be read from there.

use std::borrow::Cow;
use std::net::IpAddr;

use reqwest::Url;

use crate::ground::aws::s3::ObjectName;

/// What a caller lets be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Only what is elsewhere. A deployed function must not read its own disk, nor ask a server
    /// beside it, because a request says so.
    Elsewhere,
    /// Besides, files of this machine and its own servers, with or without TLS.
    ThisMachine,
}

/// A description of a file is none, or of one that is not to be read. It shows no part of a URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFile {
    /// It is not understood.
    #[error("expected {0}")]
    Malformed(Cow<'static, str>),
    /// The file is on this machine, which [`Access`] does not include.
    #[error("expected https:// or s3://: files and servers of the function's machine are not read")]
    ThisMachine,
}

/// Where a file is.
#[derive(Clone, PartialEq)]
pub(super) enum Location {
    Path(String),
    Web(Url),
    S3(ObjectName),
}

impl InvalidFile {
    pub(super) fn expected(what: impl Into<Cow<'static, str>>) -> Self {
        Self::Malformed(what.into())
    }
}

impl Location {
    /// What `text` names: a URL if it looks like one, or a path.
    pub fn parse(text: String) -> Result<Self, InvalidFile> {
        if text.contains("://") { Self::url(&text) } else { Self::path(text) }
    }

    /// The path `text`, whatever it looks like.
    pub fn path(text: String) -> Result<Self, InvalidFile> {
        let is_path = !text.is_empty() && !text.contains('\0');
        is_path.then_some(Self::Path(text)).ok_or(InvalidFile::expected("a path"))
    }

    /// The URL `text`. Without TLS it is one of this machine.
    pub fn url(text: &str) -> Result<Self, InvalidFile> {
        if text.starts_with("s3://") {
            let name = ObjectName::parse(text);
            return name.map(Self::S3).map_err(|_| {
                InvalidFile::expected("s3://bucket/key, as S3 names buckets and objects")
            });
        }
        let url = Url::parse(text).ok().filter(Url::has_host);
        let is_safe = |url: &Url| match url.scheme() {
            "https" => true,
            "http" => is_loopback(url),
            _ => false,
        };
        let url = url.filter(is_safe).map(Self::Web);
        url.ok_or(InvalidFile::expected(
            "https://, s3://, a path, or http:// to a server of this machine",
        ))
    }

    /// Whether `access` includes it.
    pub fn check(&self, access: Access) -> Result<(), InvalidFile> {
        let is_here = match self {
            Self::Path(_) => true,
            Self::Web(url) => is_loopback(url),
            Self::S3(_) => false,
        };
        let is_refused = is_here && access == Access::Elsewhere;
        if is_refused { Err(InvalidFile::ThisMachine) } else { Ok(()) }
    }

    /// The part of it whose end says what format it has.
    pub fn name(&self) -> &str {
        match self {
            Self::Path(path) => path,
            Self::Web(url) => url.path(),
            Self::S3(name) => name.key(),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}
