//! Going on in the middle of a file.

use patchcord_tests::file_server::Asked;
use serde_json::json;

use super::super::{import, one_by_one, stopped};
use super::{Exported, PLACES, place};

#[tokio::test]
async fn the_next_slice_goes_on_where_this_one_has_stopped() {
    for (format, is_here) in PLACES {
        let imports = one_by_one(300).await;
        let exported = Exported::new(&imports, format, is_here).await;
        let status = stopped(&imports, &exported.source).await;
        let at = place(&imports, &status).await;
        let seen = status["counts"]["seen"].as_u64().unwrap();
        assert!((20..300).contains(&seen), "{status}");
        // Behind a line, after so many contacts.
        let before = exported.text.get(..usize::try_from(at).unwrap()).unwrap();
        let lines = u64::try_from(before.lines().count()).unwrap();
        let header = u64::from(format == "csv");
        assert!(before.ends_with('\n') && lines == header + seen, "{at}: {status}");

        // A function that knows nothing but what is stored.
        let asked = exported.server.requests().len();
        let function = imports.contacts.importer().await;
        let status = import(&function, json!({ "import": status["import"] })).await;
        let expected = json!({
            "seen": 300, "created": 300, "updated": 0, "unchanged": 0, "failed": 0, "doubtful": 0,
        });
        assert_eq!(status["counts"], expected, "none twice, and none left out: {status}");
        assert_eq!(status["state"], "finished", "{status}");
        imports.contacts.idle().await;
        assert_eq!(imports.differences().await, Vec::<String>::new());
        let asked: Vec<Asked> = exported.server.requests().split_off(asked);
        assert_eq!(asked.last().map(|it| it.from), (!is_here).then_some(at), "{asked:?}");
    }
}
