//! The real function is killed again and again while both services fail: in the end both sides hold
//! the same contacts, each once.

use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use patchcord_local::runtime_api::{Lambda, LambdaOptions};
use patchcord_local::standins::Faults;
use patchcord_local::tables::Table;
use patchcord_tests::binaries;
use patchcord_tests::contacts::CONFIG;
use patchcord_tests::imports::{FINISHED, Imports, ImportsOptions, QUEUE, TENANT};
use patchcord_tests::seed::seed;
use patchcord_tests::stack::TempFile;
use patchcord_tests::wait::{until, within};
use serde_json::json;

use super::private::nothing_private;

/// Long enough for the events of what a killed function has created.
const SETTLE: &str = "settle_seconds: 12";
/// The time of an invocation.
const TIME: Duration = Duration::from_secs(6);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_kills_both_sides_hold_the_same() {
    survive(2_000, 8, 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: `make soak` runs it"]
async fn after_20_kills_both_sides_hold_the_same() {
    survive(10_000, 20, 4).await;
}

async fn survive(count: u64, kills: u64, instances: usize) {
    let seed = seed();
    let mut rng = Rng::with_seed(seed);
    let config = CONFIG
        .replace("settle_seconds: 1", SETTLE)
        .replace("base_url: CRM,", "base_url: CRM, timeout_seconds: 0.5,");
    let options = ImportsOptions {
        config: &config,
        patient: true,
        visibility: Duration::from_secs(1),
        ..ImportsOptions::default()
    };
    let imports = Imports::with(count, options).await;
    let file = TempFile::new("patchcord.yaml", imports.contacts.config());
    let lambda = Arc::new(Lambda::start(function(&imports, &file, instances, TIME)).await.unwrap());
    let mapping = imports.invoke(Arc::clone(&lambda), instances);
    make_trouble(&imports, seed);
    let import = imports.begin(json!({ "page_size": 25 })).await;

    // So many requests of the import lie between two kills that the last one is before its end.
    let most = 2 * (count / 25) / kills;
    let asked = || {
        let crm = imports.contacts.crm.requests();
        let botmatic = imports.contacts.botmatic.requests();
        crm.count("GET", "/contacts") + botmatic.count("POST", "/api/contacts")
    };
    for kill in 1..=kills {
        let enough = asked() + rng.u64(1..=most);
        tokio::select! {
            () = until(|| asked() >= enough) => {}
            status = imports.ended(&import) => {
                assert!(asked() >= enough, "it has ended before kill {kill}: {status}");
            }
        }
        let killed = lambda.kill_one().await;
        println!("kill {kill} after {enough} requests: instance {killed:?}");
    }
    let status = imports.ended(&import).await;
    println!("{}", json!({ "counts": status["counts"], "parts": status["parts"] }));
    assert_eq!(status["state"], "finished", "{}", status["reason"]);

    end_trouble(&imports);
    within(FINISHED, retry(&imports, import)).await;
    imports.contacts.idle().await;
    let count = usize::try_from(count).unwrap();
    assert_eq!(imports.differences().await, Vec::<String>::new());
    assert_eq!(imports.contacts.botmatic.count(TENANT), count);
    assert_eq!(imports.contacts.crm.count(TENANT), count);
    for standin in [imports.contacts.botmatic.outbox(), imports.contacts.crm.outbox()] {
        assert_eq!((standin.given_up, standin.refused), (0, 0));
    }
    nothing_private(&lambda);
    mapping.stop().await;
}

/// Tries what is left of an import again until nothing is: an invocation that ends while Botmatic is
/// asked leaves contacts in doubt here as well.
async fn retry(imports: &Imports, mut import: String) {
    loop {
        // Once Botmatic has told of everything it has got, it has not got the rest.
        imports.contacts.idle().await;
        import = imports.retry(&import, true).await;
        let counts = &imports.ended(&import).await["counts"];
        println!("{counts}");
        if (&counts["failed"], &counts["doubtful"]) == (&json!(0), &json!(0)) {
            return;
        }
    }
}

/// The real function between the stand-ins.
pub fn function(
    imports: &Imports,
    file: &TempFile,
    instances: usize,
    timeout: Duration,
) -> LambdaOptions {
    let env = [
        ("DYNAMODB_ENDPOINT", imports.contacts.dynamo.endpoint()),
        ("CONTACTS_TABLE", Table::CONTACTS.to_owned()),
        ("PATCHCORD_CONFIG", file.path().display().to_string()),
        ("PATCHCORD_LOCAL", "1".to_owned()),
        ("BOTMATIC_BASE_URL", imports.contacts.botmatic.endpoint()),
        ("IMPORT_QUEUE_URL", imports.sqs.url(QUEUE)),
        ("AWS_ENDPOINT_URL_SQS", imports.sqs.endpoint()),
    ];
    LambdaOptions {
        binary: binaries::contact_import(),
        instances,
        timeout,
        env: env.map(|(name, value)| (name.to_owned(), value)).to_vec(),
    }
}

/// One request in twenty fails at either service.
fn make_trouble(imports: &Imports, seed: u64) {
    let faults = Faults {
        seed,
        jitter_ms: 5,
        rate_429: 0.01,
        rate_5xx: 0.01,
        rate_timeout: 0.01,
        rate_drop_before: 0.01,
        rate_drop_after: 0.01,
        ..Faults::default()
    };
    imports.contacts.botmatic.set_faults(faults.clone()).unwrap();
    imports.contacts.crm.set_faults(faults).unwrap();
}

fn end_trouble(imports: &Imports) {
    imports.contacts.botmatic.set_faults(Faults::default()).unwrap();
    imports.contacts.crm.set_faults(Faults::default()).unwrap();
}
