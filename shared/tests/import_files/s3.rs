//! Objects of a stand-in for S3 that checks every signature.

use patchcord::contacts::consumer::Cursor;
use patchcord::ground::hex::hex;
use ring::digest::{SHA256, digest};
use ring::hmac::{HMAC_SHA256, Key, sign};

use crate::support::remote::Remote;
use crate::support::server::{Recorded, Server, answer};
use crate::support::source::stored_at;

const NAME: &str = "s3://exports/2026/ä b+c%20/contacts.csv";
const PATH: &str = "/exports/2026/%C3%A4%20b%2Bc%2520/contacts.csv";

/// The signature of what has arrived, written after
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>.
fn signature(request: &Recorded) -> (String, String) {
    let header = |name: &str| request.headers[name].to_str().unwrap().trim();
    let authorization = header("authorization");
    let part = |name: &str| {
        let (_, rest) = authorization.split_once(name).unwrap();
        rest.split(", ").next().unwrap().to_owned()
    };
    let (credential, names) = (part("Credential="), part("SignedHeaders="));
    let headers: Vec<_> =
        names.split(';').map(|name| [name, ":", header(name), "\n"].concat()).collect();
    let headers = headers.concat();
    let body = header("x-amz-content-sha256");
    let canonical = format!("{}\n{}\n\n{headers}\n{names}\n{body}", request.method, request.uri);
    let (key_id, scope) = credential.split_once('/').unwrap();
    assert_eq!(key_id, "AKIDEXAMPLE");
    let hashed = hex(digest(&SHA256, canonical.as_bytes()));
    let text = format!("AWS4-HMAC-SHA256\n{}\n{scope}\n{hashed}", header("x-amz-date"));
    let hmac = |key: &[u8], text: &str| {
        sign(&Key::new(HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
    };
    let key = scope.split('/').fold(b"AWS4sesame".to_vec(), |key, part| hmac(&key, part));
    (part("Signature="), hex(hmac(&key, &text)))
}

async fn s3(remote: Remote) -> Server {
    Server::start(move |request| {
        let (given, right) = signature(&request);
        assert_eq!(given, right);
        let is_it = request.uri == PATH;
        let answer = if is_it { remote.answer(&request) } else { answer(403, "AccessDenied") };
        async move { answer }
    })
    .await
}

#[tokio::test]
async fn an_object_is_read_and_gone_on_with() {
    let text = "id,name\n1,Ada\n2,B\n3,C\n";
    let server = s3(Remote::new(text).breaking(&[10])).await;
    let open = || stored_at(NAME, Some(&server.url));
    let (content, cursors) = open().pages(&Cursor::Start, 1).await.unwrap();
    assert_eq!((content.contacts.len(), cursors.len()), (3, 3));
    let (rest, _) = open().pages(&cursors[1], 9).await.unwrap();
    assert_eq!(rest.contacts, content.contacts[1..]);
    for request in server.requests() {
        let header = |name: &str| request.headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("x-amz-security-token"), "session-token");
        let names = "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,";
        assert!(header("authorization").contains(names), "{}", header("authorization"));
        assert!(header("authorization").contains("/eu-west-1/s3/aws4_request"));
    }
    assert_eq!(server.requests().len(), 4, "a broken one, its rest, the header row, the rest");
}

#[tokio::test]
async fn an_object_that_may_not_be_read_is_refused() {
    let server = s3(Remote::new("")).await;
    let file = stored_at("s3://exports/other.csv", Some(&server.url));
    assert_eq!(file.error().await, "the file was refused with status 403");
}
