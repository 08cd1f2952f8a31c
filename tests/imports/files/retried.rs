//! What of a file has failed, once more.

use patchcord_local::standins::Reject;
use patchcord_tests::contacts::Contacts;
use patchcord_tests::stack::TempFile;
use serde_json::json;

use super::super::import;
use super::failures;

const CSV: &str = "\
id,email,score
x1,x1@example.com,1
x2,x2@example.com
x3,x3@example.com,3
x4,x4@example.com,4
";

#[tokio::test]
async fn a_retry_reads_those_contacts_of_the_file_alone_that_were_refused() {
    let contacts = Contacts::start().await;
    let integration = contacts.install().await;
    let function = contacts.importer().await;
    contacts.botmatic.change_settings(|settings| {
        let reject =
            |value: &str| Reject { field: "email".to_owned(), value: json!(value), whole: true };
        settings.reject = vec![reject("x3@example.com"), reject("x4@example.com")];
    });
    let file = TempFile::new("contacts.csv", CSV);
    let source = json!({ "integration": integration, "source": file.path() });
    let first = import(&function, source.clone()).await;
    let refused = |id: &'static str| [id, "rejected", "contacts: one of them is not accepted"];
    let unreadable = ["line 3", "unreadable", "expected 3 fields, as many as the header row has"];
    assert_eq!(failures(&function, &first).await, [unreadable, refused("x3"), refused("x4")]);
    contacts.idle().await;
    assert_eq!(contacts.botmatic.count("local"), 1);

    // Botmatic takes one of them now, and the other one is mended; so is the line, and there is a
    // contact more. The file is another one, and may be.
    contacts.botmatic.change_settings(|settings| {
        settings.reject.pop();
    });
    let mended = CSV
        .replace("x2@example.com\n", "x2@example.com,2\n")
        .replace("x3@example.com", "mended@example.com");
    std::fs::write(file.path(), format!("{mended}x5,x5@example.com,5\n")).unwrap();
    let imports = function.importer().imports();
    let retry = imports.retry(&super::id_of(&first), false).await.unwrap();
    let status = import(&function, json!({ "import": retry.import })).await;
    let counts = json!({
        "seen": 2, "created": 2, "updated": 0, "unchanged": 0, "failed": 0, "doubtful": 0,
    });
    assert_eq!((&status["counts"], &status["retry_of"]), (&counts, &first["import"]), "{status}");
    contacts.idle().await;
    let there = contacts.botmatic.contacts("local").into_iter();
    let emails: Vec<_> = there.map(|it| it.fields["email"].clone()).collect();
    assert_eq!(emails, ["x1@example.com", "mended@example.com", "x4@example.com"]);
    assert_eq!(contacts.crm.requests().total(), 0, "the service has nothing to do with it");

    // Lines that were unreadable come with the file, not with a retry.
    let status = import(&function, source).await;
    let counts = json!({
        "seen": 5, "created": 2, "updated": 0, "unchanged": 3, "failed": 0, "doubtful": 0,
    });
    assert_eq!(status["counts"], counts, "{status}");
}
