//! Whoever is told of the end of an import is told soon.

use std::time::Duration;

use patchcord::botmatic::IntegrationId;
use patchcord::contacts::import::job::{JobId, Progress};
use patchcord::contacts::import::store::Taken;
use patchcord::contacts::import::{ImportRequest, Slice};
use patchcord::ground::clock::Deadline;
use patchcord_tests::imports::{Imports, ImportsOptions};
use patchcord_tests::wait::until;
use serde_json::json;

/// Nobody is to wait until a message that was received is seen again.
const LONG: Duration = Duration::from_mins(30);

#[tokio::test]
async fn an_end_that_comes_too_late_in_an_invocation_is_told_by_the_next_one() {
    let options = ImportsOptions { visibility: LONG, ..ImportsOptions::default() };
    let imports = Imports::with(0, options).await;
    let function = imports.instance().await;
    let store = function.importer().imports();
    let integration = IntegrationId::try_from(imports.integration.clone()).unwrap();
    let import = JobId::new(integration.clone(), store.clock.now(), &store.random);
    store.jobs.start(&import, &ImportRequest::full(integration), None).await.unwrap();
    let later = store.clock.now() + LONG;
    let taken = store.jobs.take(&import, 0, 0, "somebody".to_owned(), later).await.unwrap();
    let Taken::Part(lease, _) = taken else { panic!("{taken:?}") };
    store.jobs.finish(&lease, &Progress::default()).await.unwrap();

    let slice = Slice { import: import.clone(), part: 0, slice: 0 };
    let over = Deadline::after(Duration::ZERO, store.clock.now());
    function.importer().work(&slice, over).await.expect("its message is done with");
    let mapping = imports.run(1, Duration::from_secs(20)).await;
    until(|| !imports.told.told().is_empty()).await;
    let told = imports.told.told();
    assert_eq!(told[0].body["data"]["state"], json!("finished"), "{told:?}");
    mapping.stop().await;
}
