use crate::ground::aws::{Aws, Credentials};
use crate::ground::clock::{ManualClock, Timestamp};

use super::*;

/// The keys of AWS's examples, in a region, with an endpoint.
fn s3(region: &str, endpoint: Option<&str>, token: Option<&str>) -> S3 {
    let credentials = Credentials::new(
        "AKIAIOSFODNN7EXAMPLE".to_owned(),
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_owned(),
        token.map(str::to_owned),
    );
    // 2013-05-24T00:00:00Z
    let clock = Arc::new(ManualClock::at(Timestamp::from_millis(1_369_353_600_000)));
    let client = crate::ground::http::client().unwrap();
    Aws::new(client, region.to_owned(), credentials, clock).s3(endpoint).unwrap()
}

fn object(s3: &S3, name: &str) -> Object {
    s3.object(&ObjectName::parse(name).unwrap()).unwrap()
}

#[test]
fn an_object_is_where_its_bucket_is() {
    let local = Some("http://127.0.0.1:5000");
    for (region, endpoint, name, expected) in [
        (
            "eu-west-1",
            None,
            "s3://bucket/a/b.csv",
            "https://bucket.s3.eu-west-1.amazonaws.com/a/b.csv",
        ),
        ("cn-north-1", None, "s3://bucket/b", "https://bucket.s3.cn-north-1.amazonaws.com.cn/b"),
        ("eu-west-1", None, "s3://my.bucket/b", "https://s3.eu-west-1.amazonaws.com/my.bucket/b"),
        ("eu-west-1", local, "s3://bucket/b.csv", "http://127.0.0.1:5000/bucket/b.csv"),
        (
            "us-east-1",
            None,
            "s3://bucket//ä b+c%20?#&=@:'(1)*/~.",
            "https://bucket.s3.us-east-1.amazonaws.com//%C3%A4%20b%2Bc%2520%3F%23%26%3D%40%3A%27%281%29%2A/~.",
        ),
    ] {
        assert_eq!(
            object(&s3(region, endpoint, None), name).url.unwrap().as_str(),
            expected,
            "{name}"
        );
    }
}

#[test]
fn a_request_is_signed() {
    let request = object(&s3("us-east-1", None, Some("token")), "s3://examplebucket/test.txt");
    let request = request.get().unwrap();
    let header = |name: &str| request.headers()[name].to_str().unwrap();
    assert_eq!(request.method(), http::Method::GET);
    assert_eq!(header("x-amz-content-sha256"), NO_BODY);
    assert_eq!(header("x-amz-date"), "20130524T000000Z");
    assert_eq!(header("x-amz-security-token"), "token");
    let scope = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, \
         SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=";
    assert!(header("authorization").starts_with(scope), "{}", header("authorization"));
}

#[test]
fn a_signature_is_that_of_awss_example() {
    // “GET Object”, <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>
    let s3 = s3("us-east-1", None, None);
    let (mut headers, signer) = (http::HeaderMap::new(), s3.0.signer.as_ref().unwrap());
    let plain = [
        ("host", "examplebucket.s3.amazonaws.com"),
        ("range", "bytes=0-9"),
        (CONTENT_HASH, NO_BODY),
    ];
    let request = ToSign { method: "GET", path: "/test.txt", headers: &plain, body: b"" };
    signer.authorize(&mut headers, request, s3.0.clock.now()).unwrap();
    let authorization = headers["authorization"].to_str().unwrap();
    let expected = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    assert!(authorization.ends_with(&format!("Signature={expected}")), "{authorization}");
}

#[test]
fn a_signature_is_that_of_awss_python_client() {
    let object =
        object(&s3("us-east-1", None, Some("token")), "s3://bucket//ä b+c%20?#&=@:'(1)*/~.");
    let request = object.get().unwrap();
    let authorization = request.headers()["authorization"].to_str().unwrap();
    // `S3SigV4Auth` of botocore 1.44.5.
    let expected = "e0a664b8fbc83b14b9e45d861b73fe8eda36f0dcc7144a8e00ef08a0e9727d08";
    assert!(authorization.ends_with(&format!("Signature={expected}")), "{authorization}");
}

#[test]
fn without_credentials_there_is_no_request() {
    let clock = Arc::new(ManualClock::at(Timestamp::default()));
    let client = crate::ground::http::client().unwrap();
    let s3 = Aws::new(client, "eu-west-1".to_owned(), None, clock).s3(None).unwrap();
    let error = object(&s3, "s3://bucket/key").get().unwrap_err();
    assert!(matches!(error, CallError::NoCredentials));
    assert!(error.to_string().contains("aws configure export-credentials --format env"), "{error}");
}

#[test]
fn what_is_no_name_is_refused() {
    let long = format!("s3://bucket/{}", "k".repeat(1025));
    for wrong in [
        "bucket/key",
        "s3://bucket",
        "s3://bucket/",
        "s3://bu/key",
        "s3://Bucket/key",
        "s3://evil.example#/key",
        "s3://user@host/key",
        "s3://bucket:80/key",
        "s3://-bucket/key",
        "s3://bucket./key",
        "s3://buc..ket/key",
        "s3://bucket/a/../key",
        "s3://bucket/./key",
        &long,
    ] {
        assert_eq!(ObjectName::parse(wrong), Err(InvalidObjectName), "{wrong}");
    }
    let name = ObjectName::parse("s3://my.bucket-1/a/../b").map(|name| name.to_string());
    assert_eq!(name, Err(InvalidObjectName));
    let name = ObjectName::parse("s3://my.bucket-1/a//b...c").unwrap();
    assert_eq!((name.bucket(), name.key()), ("my.bucket-1", "a//b...c"));
    assert_eq!(name.to_string(), "s3://my.bucket-1/a//b...c");
}
