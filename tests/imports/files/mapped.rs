//! What a file holds is brought over as what the service holds would be.

use std::sync::Arc;
use std::time::Duration;

use patchcord_local::runtime_api::Lambda;
use patchcord_local::standins::Requests;
use patchcord_tests::file_server::FileServer;
use patchcord_tests::imports::Imports;
use patchcord_tests::stack::TempFile;
use serde_json::{Value, json};

use super::super::invoke;
use super::super::kills::function;
use super::super::private::nothing_private;
use super::exported;

const TIME: Duration = Duration::from_secs(20);

/// Both sides hold the same, and nobody has asked the service for it.
async fn check(imports: &Imports, import: &Value, count: u64) {
    let status = imports.ended(import.as_str().unwrap()).await;
    let expected = json!({
        "seen": count, "created": count, "updated": 0, "unchanged": 0, "failed": 0, "doubtful": 0,
    });
    assert_eq!((&status["state"], &status["counts"]), (&json!("finished"), &expected), "{status}");
    // Nobody has counted the lines.
    assert_eq!((&status["parts"], &status["total"]), (&json!(1), &Value::Null), "{status}");
    imports.contacts.idle().await;
    assert_eq!(imports.differences().await, Vec::<String>::new());
    let asked: Requests = imports.contacts.crm.requests();
    assert_eq!(asked.count("GET", "/contacts"), 0, "{asked:?}");
}

#[tokio::test]
async fn a_file_of_this_machine_has_the_contacts_by_the_same_mappings() {
    for format in ["csv", "jsonl"] {
        let imports = Imports::start(250).await;
        let file = TempFile::new(&format!("contacts.{format}"), &exported(&imports, format));
        let mapping = imports.run(1, TIME).await;
        let instance = imports.instance().await;
        let request = json!({ "integration": imports.integration, "source": file.path() });
        let begun = invoke(&instance, request).await;
        check(&imports, &begun["import"], 250).await;

        // The service is told apart from the file by nothing: what it has is there already.
        let status = imports.ended(&imports.begin(json!({})).await).await;
        assert_eq!(status["counts"]["unchanged"], 250, "{format}: {status}");
        mapping.stop().await;
    }
}

/// The function as it is deployed, a queue, and a file that is elsewhere.
#[tokio::test]
async fn the_function_reads_a_server_and_s3() {
    for (format, is_s3) in [("csv", false), ("jsonl", false), ("csv", true), ("jsonl", true)] {
        let imports = Imports::start(120).await;
        let server = FileServer::start(exported(&imports, format)).await;
        let config = TempFile::new("patchcord.yaml", imports.contacts.config());
        let mut options = function(&imports, &config, 1, TIME);
        let s3 = [
            ("AWS_ENDPOINT_URL_S3", server.url()),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ACCESS_KEY_ID", "local"),
            ("AWS_SECRET_ACCESS_KEY", "a-secret-of-aws"),
        ];
        options.env.extend(s3.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let lambda = Arc::new(Lambda::start(options).await.unwrap());
        let mapping = imports.invoke(Arc::clone(&lambda), 1);
        let url = format!("{}/exports/contacts.{format}?key=a-secret-of-aws", server.url());
        let source = if is_s3 { format!("s3://exports/contacts.{format}") } else { url };
        let request = json!({ "integration": imports.integration, "source": source });
        let answer = lambda.invoke(request.to_string()).await.unwrap();
        let begun: Value = serde_json::from_slice(&answer.body).unwrap();
        check(&imports, &begun["import"], 120).await;
        let asked = server.requests();
        let path = format!("/exports/contacts.{format}");
        assert!(asked.iter().all(|it| it.path == path && it.is_signed == is_s3), "{asked:?}");
        assert!(!asked.is_empty());
        nothing_private(&lambda);
        assert!(lambda.logs().iter().all(|line| !line.text.contains("a-secret-of-aws")));
        mapping.stop().await;
    }
}
