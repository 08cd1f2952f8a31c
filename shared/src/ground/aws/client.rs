//! What every AWS client of the process shares, and the services there are.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use super::credentials::Credentials;
use super::dynamodb::DynamoDb;
use super::s3::S3;
use super::service::{Protocol, Service};
use super::sign::Signer;
use super::sqs::{InvalidQueue, Queue};
use crate::ground::clock::Clock;
use crate::ground::random::Random;

const DYNAMODB: Protocol = Protocol {
    service: "dynamodb",
    target: "DynamoDB_20120810",
    content_type: "application/x-amz-json-1.0",
};
const SQS: Protocol =
    Protocol { service: "sqs", target: "AmazonSQS", content_type: "application/x-amz-json-1.0" };
const SSM: Protocol =
    Protocol { service: "ssm", target: "AmazonSSM", content_type: "application/x-amz-json-1.1" };

/// The region in signatures for a server that is not AWS's, where none is set.
const ELSEWHERE: &str = "us-east-1";

/// One attempt at a call; a lost packet must not cost the whole invocation.
const ATTEMPT_TIME: Duration = Duration::from_secs(1);

/// What an attempt may take on one's own machine, where no packet is lost but much may go on
/// beside: a call that is given up too early is carried out twice.
pub const LOCAL_ATTEMPT_TIME: Duration = Duration::from_mins(1);

/// An endpoint that is none.
#[derive(Debug, thiserror::Error)]
#[error("{endpoint}: expected the address of a server, such as http://127.0.0.1:8000")]
pub struct InvalidEndpoint {
    endpoint: String,
}

/// Region, credentials, HTTP client, clock and randomness of every call to AWS.
#[derive(Clone)]
pub struct Aws {
    pub(super) http: reqwest::Client,
    region: Option<String>,
    credentials: Option<Credentials>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<Random>,
    pub(super) attempt_time: Duration,
}

impl Aws {
    /// Reads `AWS_REGION` (or `AWS_DEFAULT_REGION`) and the credentials variables, all of which
    /// Lambda sets. If they are missing, calls fail: not everybody makes one. A service that is not
    /// AWS's needs no region.
    pub fn from_env(http: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        let var = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let region = var("AWS_REGION").or_else(|| var("AWS_DEFAULT_REGION"));
        Self::of(http, region, Credentials::from_env(), clock)
    }

    /// A region and credentials of one's own, as for a DynamoDB that is not AWS's.
    pub fn new(
        http: reqwest::Client,
        region: String,
        credentials: Option<Credentials>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self::of(http, Some(region), credentials, clock)
    }

    fn of(
        http: reqwest::Client,
        region: Option<String>,
        credentials: Option<Credentials>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let random = Arc::new(Random::from_entropy());
        Self { http, region, credentials, clock, random, attempt_time: ATTEMPT_TIME }
    }

    /// Gives each attempt at a call to DynamoDB, SQS or Systems Manager `time` instead of a second.
    #[must_use]
    pub fn attempt_time(mut self, time: Duration) -> Self {
        self.attempt_time = time;
        self
    }

    /// DynamoDB; `endpoint` is for one that is not AWS's.
    pub fn dynamodb(&self, endpoint: Option<&str>) -> Result<DynamoDb, InvalidEndpoint> {
        self.service(DYNAMODB, endpoint).map(DynamoDb::new)
    }

    /// The SQS queue with this URL; `endpoint` is for an SQS that is not AWS's.
    pub fn queue(&self, url: &str, endpoint: Option<&str>) -> Result<Queue, InvalidQueue> {
        let is_queue = |url: &Url| url.has_host() && url.path().len() > 1;
        if !Url::parse(url).is_ok_and(|url| is_queue(&url)) {
            return Err(InvalidQueue::Url { url: url.to_owned() });
        }
        let service = self.service(SQS, endpoint)?;
        Ok(Queue::new(service, url.to_owned(), Arc::clone(&self.random)))
    }

    /// Systems Manager, for its Parameter Store; `endpoint` is for one that is not AWS's.
    pub fn ssm(&self, endpoint: Option<&str>) -> Result<Service, InvalidEndpoint> {
        self.service(SSM, endpoint)
    }

    /// S3; `endpoint` is for one that is not AWS's, and is addressed with the bucket in the path.
    pub fn s3(&self, endpoint: Option<&str>) -> Result<S3, InvalidEndpoint> {
        let endpoint = endpoint.map(|endpoint| parse(endpoint.to_owned())).transpose()?;
        let domain = self.domain();
        Ok(S3::new(endpoint, domain, self.signer("s3"), Arc::clone(&self.clock)))
    }

    fn service(
        &self,
        protocol: Protocol,
        endpoint: Option<&str>,
    ) -> Result<Service, InvalidEndpoint> {
        let own = || Some(format!("https://{}.{}/", protocol.service, self.domain()?));
        let endpoint = endpoint.map(str::to_owned).or_else(own).map(parse).transpose()?;
        let signer = self.signer(protocol.service);
        Ok(Service::new(self.clone(), protocol, endpoint, signer))
    }

    fn signer(&self, service: &'static str) -> Option<Signer> {
        let credentials = self.credentials.clone()?;
        let region = self.region.clone().unwrap_or_else(|| ELSEWHERE.to_owned());
        Some(Signer::new(credentials, region, service))
    }

    /// The region's part of AWS's addresses
    /// (<https://docs.aws.amazon.com/general/latest/gr/rande.html>); none without a region.
    fn domain(&self) -> Option<String> {
        let region = self.region.as_ref()?;
        let aws = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        Some(format!("{region}.{aws}"))
    }
}

/// A server without a path or a query: what is signed begins with the path.
fn parse(endpoint: String) -> Result<Url, InvalidEndpoint> {
    let url = Url::parse(&endpoint).ok().filter(Url::has_host);
    let is_plain = |url: &Url| url.path() == "/" && url.query().is_none();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && is_plain(url));
    url.ok_or(InvalidEndpoint { endpoint })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::aws::CallError;
    use crate::ground::aws::dynamodb::Query;
    use crate::ground::aws::s3::ObjectName;
    use crate::ground::clock::{ManualClock, Timestamp};

    #[tokio::test]
    async fn without_a_region_only_what_is_not_awss_is_called() {
        let credentials = Credentials::new("AKIDEXAMPLE".to_owned(), "secret".to_owned(), None);
        let clock = Arc::new(ManualClock::at(Timestamp::default()));
        let aws = Aws::of(crate::ground::http::client().unwrap(), None, credentials, clock);
        let query = Query::of("table");
        let error = aws.dynamodb(None).unwrap().get(&query).await.unwrap_err();
        assert!(matches!(error, CallError::NoRegion), "{error}");
        assert!(error.to_string().contains("expected AWS_REGION"), "{error}");

        let name = ObjectName::parse("s3://bucket/key").unwrap();
        let request = |endpoint| aws.s3(endpoint).unwrap().object(&name).unwrap().get();
        assert!(matches!(request(None), Err(CallError::NoRegion)));
        let request = request(Some("http://127.0.0.1:8000")).unwrap();
        let authorization = request.headers()["authorization"].to_str().unwrap();
        assert!(authorization.contains("/us-east-1/s3/"), "{authorization}");
    }
}
