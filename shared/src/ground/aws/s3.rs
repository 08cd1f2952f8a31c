//! S3, for reading objects: signed requests for them, which whoever streams the answer sends.
//!
//! <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html>

mod name;

use std::sync::Arc;

use http::{HeaderName, HeaderValue};
use reqwest::{Request, Url};

use super::error::CallError;
use super::sign::{Signer, ToSign, host};
use crate::ground::clock::Clock;
use crate::ground::http::percent_encode;

pub use name::{InvalidObjectName, ObjectName};

const CONTENT_HASH: &str = "x-amz-content-sha256";
/// The SHA-256 of a body that is not there.
const NO_BODY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// The objects of one region; clones share everything.
#[derive(Clone)]
pub struct S3(Arc<Inner>);

struct Inner {
    /// One that is not AWS's.
    endpoint: Option<Url>,
    /// The region's part of AWS's addresses; none without a region.
    domain: Option<String>,
    signer: Option<Signer>,
    clock: Arc<dyn Clock>,
}

/// One object, and where it is.
#[derive(Clone)]
pub struct Object {
    s3: S3,
    /// None without a region.
    url: Option<Url>,
}

impl S3 {
    pub(super) fn new(
        endpoint: Option<Url>,
        domain: Option<String>,
        signer: Option<Signer>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self(Arc::new(Inner { endpoint, domain, signer, clock }))
    }

    /// The object `name`; none if its name makes no address.
    ///
    /// The bucket is the first part of the host. It is the first part of the path at an endpoint
    /// that is not AWS's, and if its name has a dot: AWS's certificate covers one label
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>).
    pub fn object(&self, name: &ObjectName) -> Option<Object> {
        let bucket = name.bucket();
        let key: Vec<_> = name.key().split('/').map(percent_encode).collect();
        let key = key.join("/");
        let address = match (&self.0.endpoint, &self.0.domain) {
            (Some(endpoint), _) => format!("{endpoint}{bucket}/{key}"),
            (None, Some(domain)) if bucket.contains('.') => {
                format!("https://s3.{domain}/{bucket}/{key}")
            }
            (None, Some(domain)) => format!("https://{bucket}.s3.{domain}/{key}"),
            (None, None) => return Some(Object { s3: self.clone(), url: None }),
        };
        Some(Object { s3: self.clone(), url: Some(Url::parse(&address).ok()?) })
    }
}

impl Object {
    /// A request for all of it. It has to be sent within minutes; headers that do not begin with
    /// `x-amz-` may be added.
    pub fn get(&self) -> Result<Request, CallError> {
        let Inner { signer, clock, .. } = &*self.s3.0;
        let url = self.url.as_ref().ok_or(CallError::NoRegion)?;
        let signer = signer.as_ref().ok_or(CallError::NoCredentials)?;
        let host = host(url);
        let headers = [("host", host.as_str()), (CONTENT_HASH, NO_BODY)];
        let path = url.path();
        let to_sign = ToSign { method: "GET", path, headers: &headers, body: b"" };
        let mut request = Request::new(http::Method::GET, url.clone());
        request
            .headers_mut()
            .insert(HeaderName::from_static(CONTENT_HASH), HeaderValue::from_static(NO_BODY));
        signer.authorize(request.headers_mut(), to_sign, clock.now())?;
        Ok(request)
    }
}

#[cfg(test)]
mod tests;
