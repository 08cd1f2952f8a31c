use super::*;

/// 2015-08-30T12:36:00Z
const NOW: Timestamp = Timestamp::from_millis(1_440_938_160_000);
const HOST: (&str, &str) = ("host", "example.amazonaws.com");

fn signer(session_token: Option<&str>) -> Signer {
    let credentials = Credentials::new(
        "AKIDEXAMPLE".to_owned(),
        "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
        session_token.map(str::to_owned),
    );
    Signer::new(credentials.unwrap(), "us-east-1".to_owned(), "service")
}

#[test]
fn signatures_are_those_of_awss_own_test_suite() {
    // <https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4>
    let token = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwA\
        eMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsbur\
        EDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lI\
        ZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    let form = [
        ("content-length", "13"),
        ("content-type", "application/x-www-form-urlencoded"),
        HOST,
        (
            "x-amz-content-sha256",
            "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
        ),
    ];
    let form_names = "content-length;content-type;host;x-amz-content-sha256;x-amz-date";
    let cases = [
        // post-vanilla
        (
            (None, &[HOST][..], "", "host;x-amz-date"),
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        ),
        // post-sts-header-before
        (
            (Some(token), &[HOST], "", "host;x-amz-date;x-amz-security-token"),
            "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
        ),
        // post-x-www-form-urlencoded
        (
            (None, &form, "Param1=value1", form_names),
            "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
        ),
    ];
    for ((token, headers, body, names), signature) in cases {
        let body = body.as_bytes();
        let request = ToSign { method: "POST", path: "/", headers, body };
        let signed = signer(token).sign(request, NOW);
        let expected = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
             SignedHeaders={names}, Signature={signature}"
        );
        assert_eq!(signed.authorization, expected);
        assert_eq!(signed.date, "20150830T123600Z");
    }
}

#[test]
fn a_request_is_signed_with_its_method_and_its_path() {
    let unreserved = "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    for (name, path, signature) in [
        ("get-vanilla", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        (
            "get-utf8",
            "/%E1%88%B4",
            "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
        ),
        (
            "get-unreserved",
            unreserved,
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
        ),
        (
            "get-space-unnormalized",
            "/example%20space/",
            "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
        ),
    ] {
        let request = ToSign { method: "GET", path, headers: &[HOST], body: b"" };
        let signed = signer(None).sign(request, NOW).authorization;
        assert!(signed.ends_with(&format!("Signature={signature}")), "{name}: {signed}");
    }
}

#[test]
fn another_day_has_another_key() {
    let kept = signer(None);
    let request = ToSign { method: "POST", path: "/", headers: &[HOST], body: b"" };
    let first = kept.sign(request, NOW);
    let tomorrow = NOW + std::time::Duration::from_hours(24);
    assert_eq!(kept.sign(request, tomorrow), signer(None).sign(request, tomorrow));
    assert_eq!(kept.sign(request, NOW), first);
}
