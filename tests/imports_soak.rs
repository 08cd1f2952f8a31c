//! Very many contacts through one instance of the function: what it takes of memory, and of
//! everything else for each contact.
#![cfg(test)]

use std::collections::HashSet;
use std::path::Path;
use std::time::{Duration, Instant};

use patchcord_local::bench::meter::{Meter, Reading};
use patchcord_local::bench::process::{self, Memory};
use patchcord_local::runtime_api::{Lambda, LambdaOptions};
use patchcord_local::tables::Table;
use patchcord_tests::binaries;
use patchcord_tests::contacts::Contacts;
use patchcord_tests::stack::TempFile;
use serde_json::{Value, json};

const TENANT: &str = "local";
const SEED: u64 = 7;
/// The time of an invocation.
const SLICE: Duration = Duration::from_secs(20);
/// What the function may have in use at any time.
const MOST_MEMORY: u64 = 40_000_000;
/// By how much it may differ by chance. Six thousand contacts take more.
const MORE_MEMORY: u64 = 3_000_000;
const CONFIG: &str = r"
botmatic:
  encryption_keys: a key that is only for these tests, and long
contacts:
  mappings:
    - {botmatic: {name: id}, ext: {name: id}, id: true}
    - {botmatic: {name: email}, ext: {name: email, transform: email}}
    - {botmatic: {name: firstname}, ext: {name: first_name}}
    - {botmatic: {name: lastname}, ext: {name: last_name}}
    - {botmatic: {name: phone, type: text}, ext: {name: phone}}
    - {botmatic: {name: city, type: text}, ext: {name: city}}
    - {botmatic: {name: score, type: integer}, ext: {name: score}}
  consumer: {type: rest, base_url: CRM, token: local-crm-key}
  import: {on_install: false}
";

/// The pipeline is full with a thousand contacts: six more thousands of them need no more memory.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn every_contact_of_many_is_brought_over_once_in_the_memory_that_a_few_take() {
    // The store is in this process, and ten times slower than it is in a release build.
    let config = CONFIG.replace("on_install: false", "on_install: false, concurrency: 2");
    println!("{HEAD}");
    let mut peaks = Vec::new();
    for count in [1_000, 7_000] {
        let cost = import(count, &binaries::contact_import(), &config).await;
        println!("{}", cost.row());
        let calls = cost.calls_per_100;
        assert!(calls < 12.0, "{calls} DynamoDB calls per 100 contacts");
        peaks.push(cost.memory.peak_bytes);
    }
    assert!(peaks[1] <= peaks[0] + MORE_MEMORY, "{peaks:?} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
#[ignore = "takes many minutes, and wants the release binary: `make soak` runs it"]
async fn a_million_contacts_cost_as_much_each_as_ten_thousand_and_no_more_memory() {
    let binary = binaries::release("contact-import");
    println!("{HEAD}");
    let mut costs = Vec::new();
    for count in [10_000, 100_000, 1_000_000] {
        let cost = import(count, &binary, CONFIG).await;
        println!("{}", cost.row());
        assert!(cost.memory.peak_bytes <= MOST_MEMORY, "{} bytes", cost.memory.peak_bytes);
        costs.push(cost);
    }
    let (first, last) = (&costs[0], &costs[costs.len() - 1]);
    assert!(last.calls_per_100 <= first.calls_per_100 * 1.05, "more calls of DynamoDB for each");
    assert!(last.cpu <= first.cpu * 3 / 2, "{:?} instead of {:?} of CPU", last.cpu, first.cpu);
}

/// What an import took, for each contact where that makes sense.
struct Cost {
    contacts: u64,
    slices: u32,
    wall: Duration,
    cpu: Duration,
    calls_per_100: f64,
    bytes: u64,
    memory: Memory,
}

const HEAD: &str = "\
| Contacts | Slices | Time | Contacts per second | CPU time each | DynamoDB calls per 100 | kB per 100 | Memory at the end | Peak |
|---|---|---|---|---|---|---|---|---|";

impl Cost {
    fn row(&self) -> String {
        let contacts = f64::from(u32::try_from(self.contacts).expect("not so many"));
        let megabytes = |bytes: u64| f64::from(u32::try_from(bytes / 1000).expect("less")) / 1e3;
        format!(
            "| {} | {} | {:.1} s | {:.0} | {:.0} µs | {:.2} | {:.0} | {:.1} MB | {:.1} MB |",
            self.contacts,
            self.slices,
            self.wall.as_secs_f64(),
            contacts / self.wall.as_secs_f64(),
            self.cpu.as_secs_f64() * 1e6,
            self.calls_per_100,
            megabytes(self.bytes) * 1e3,
            megabytes(self.memory.bytes),
            megabytes(self.memory.peak_bytes),
        )
    }
}

/// Imports so many contacts with one instance of the function, slice after slice.
async fn import(count: u64, binary: &Path, config: &str) -> Cost {
    let contacts = Contacts::with(config, |setup| setup).await;
    // Nothing is delivered of a million contacts that nobody asks about.
    contacts.botmatic.change_settings(|settings| settings.echo = false);
    contacts.crm.generate(TENANT, count, SEED).expect("contacts");
    let integration = contacts.install().await;
    let meter = Meter::start(&contacts.dynamo.endpoint()).await.expect("a meter");
    let config = config.replace("base_url: CRM", &format!("base_url: {}", contacts.crm.endpoint()));
    let config = TempFile::new("patchcord.yaml", &config);
    let env = [
        ("DYNAMODB_ENDPOINT", meter.endpoint()),
        ("BOTMATIC_BASE_URL", contacts.botmatic.endpoint()),
        (Table::CONTACTS_VARIABLE, Table::CONTACTS.to_owned()),
        ("PATCHCORD_CONFIG", config.path().display().to_string()),
        ("PATCHCORD_LOCAL", "1".to_owned()),
    ];
    let options = LambdaOptions {
        binary: binary.to_owned(),
        instances: 1,
        timeout: SLICE,
        env: env.map(|(name, value)| (name.to_owned(), value)).to_vec(),
    };
    let lambda = Lambda::start(options).await.expect("a function");
    let (_, pid) = lambda.instance_pids()[0];

    let begun = Instant::now();
    let mut slices = 1;
    let mut answer = invoke(&lambda, &json!({ "integration": integration })).await;
    while let Some(next) = answer.get("next") {
        slices += 1;
        let wait = answer["next_in_seconds"].as_u64().expect("seconds");
        tokio::time::sleep(Duration::from_secs(wait)).await;
        answer = invoke(&lambda, next).await;
    }
    let wall = begun.elapsed();
    assert_eq!(answer["state"], "finished", "{answer}");
    // After an outage pages are read once more that were brought over already.
    let of = |count: &str| answer["counts"][count].as_u64().expect("a count");
    assert_eq!(of("created") + of("unchanged"), count, "{answer}");
    assert_eq!(lambda.instances_started(), 1, "one instance");
    let Reading { calls, bytes, .. } = meter.take();
    let cpu = process::cpu_time(pid).expect("its CPU time");
    let memory = process::memory(pid).expect("its memory");
    lambda.stop().await;
    check(&contacts, count);
    let each = u32::try_from(count).expect("not so many");
    Cost {
        contacts: count,
        slices,
        wall,
        cpu: cpu / each,
        calls_per_100: f64::from(calls) / f64::from(each) * 100.0,
        bytes: bytes * 100 / count,
        memory,
    }
}

async fn invoke(lambda: &Lambda, event: &Value) -> Value {
    let answer = lambda.invoke(event.to_string()).await.expect("an answer");
    serde_json::from_slice(&answer.body).expect("JSON")
}

/// As many contacts as there are, and no two of them the same.
fn check(contacts: &Contacts, count: u64) {
    let expected = usize::try_from(count).expect("not so many");
    assert_eq!(contacts.botmatic.count(TENANT), expected);
    let all = contacts.botmatic.contacts(TENANT).into_iter();
    let emails: HashSet<_> = all.map(|contact| contact.fields["email"].to_string()).collect();
    assert_eq!(emails.len(), expected, "different addresses");
}
