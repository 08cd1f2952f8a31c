//! A file that is another one when its import goes on.

use patchcord_tests::imports::TENANT;
use serde_json::json;

use super::super::{import, one_by_one, stopped};
use super::{Exported, PLACES};

const CHANGED: &str = "the file has changed since the import began";

#[tokio::test]
async fn the_import_ends_what_it_has_brought_over_stays_and_another_one_brings_the_rest() {
    for (format, is_here) in PLACES {
        let imports = one_by_one(200).await;
        let exported = Exported::new(&imports, format, is_here).await;
        let status = stopped(&imports, &exported.source).await;
        let there = status["counts"]["created"].as_u64().unwrap();
        imports.contacts.idle().await;

        // The same contacts, and a line more at its end.
        let changed = format!("{}\n", exported.text);
        std::fs::write(exported.file.path(), &changed).unwrap();
        exported.server.replace(changed);
        let function = imports.contacts.importer().await;
        let status = import(&function, json!({ "import": status["import"] })).await;
        let shown = (&status["state"], &status["reason"], &status["counts"]["created"]);
        assert_eq!(shown, (&json!("failed"), &json!(CHANGED), &json!(there)), "{status}");
        assert!(status["ended_at"].is_string(), "{status}");
        let count = |there: u64| usize::try_from(there).unwrap();
        assert_eq!(imports.contacts.botmatic.count(TENANT), count(there));

        let request = json!({ "integration": imports.integration, "source": exported.source });
        let status = import(&function, request).await;
        let expected = json!({
            "seen": 200, "created": 200 - there, "updated": 0, "unchanged": there, "failed": 0,
            "doubtful": 0,
        });
        assert_eq!(status["counts"], expected, "{status}");
        imports.contacts.idle().await;
        assert_eq!(imports.differences().await, Vec::<String>::new());
    }
}
