//! `patchcord import`: what it says, prints, and exits with.

use patchcord_local::standins::{Fault, Faults, Reject, Rule};
use patchcord_tests::command::Patchcord;
use patchcord_tests::contacts::{CONFIG, Contacts, TOKEN};
use patchcord_tests::file_server::FileServer;
use patchcord_tests::stack::TempFile;
use patchcord_tests::wait::until;
use serde_json::json;

const CSV: &str = "\
id,email,first_name,score,address.city
x1,x1@example.com,Ada,1,London
x2,x2@example.com,Grace,2,
x3,x3@example.com,Mary
,x4@example.com,Jean,4,
x5,x5@example.com,Kay,5,
";
const J1: &str = "{\"id\": \"j-1\", \"email\": \"j-1@example.com\"}\n";
const NOTHING_FAILED: &str = "
  updated                     0
  unchanged                   0
  failed                      0
  doubtful                    0
";

/// The stand-ins, with an integration that is installed.
async fn installed(config: &str) -> (Contacts, String) {
    let contacts = Contacts::with(config, |setup| setup).await;
    let integration = contacts.install().await;
    (contacts, integration)
}

/// The id in the second line of what an import says.
fn import_of(said: &str) -> &str {
    let line = said.lines().find_map(|line| line.strip_prefix("patchcord: import "));
    line.unwrap_or_else(|| panic!("expected an import's id: {said}"))
}

/// A file with so many contacts.
fn many(count: u32) -> TempFile {
    let rows = (0..count).map(|row| format!("m-{row},m-{row}@example.com\n"));
    TempFile::new("contacts.csv", &format!("id,email\n{}", rows.collect::<String>()))
}

#[tokio::test]
async fn a_file_is_brought_over_and_what_failed_is_shown_and_tried_again() {
    let (contacts, _) = installed(CONFIG).await;
    contacts.botmatic.change_settings(|settings| {
        let reject = |id: &str, whole| {
            let (field, value) = ("email".to_owned(), json!(format!("{id}@example.com")));
            Reject { field, value, whole }
        };
        settings.reject = vec![reject("x2", false), reject("x5", true)];
    });
    let file = TempFile::new("contacts.csv", CSV);
    let (path, patchcord) = (file.path().display().to_string(), Patchcord::of(&contacts));
    let ended = patchcord.run(&["import", "--source", &path, "--watch"]).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let import = import_of(&ended.said);
    let begun = format!("patchcord: importing from {path}; Ctrl-C interrupts it\n");
    assert!(ended.said.starts_with(&begun), "{}", ended.said);
    let retry = patchcord.printed(&format!("import --retry {import}"));
    let (first, rest) = ended.out.split_once('\n').unwrap();
    assert!(first.starts_with(&format!("import {import} finished: 5 contacts, ")), "{first}");
    let table = "\
CONTACT  WHAT        WHY
line 4   unreadable  expected 5 fields, as many as the header row has
line 5   unreadable  expected the contact's id where the mappings read it
x2       rejected    email: not accepted
x5       rejected    contacts: one of them is not accepted
";
    let counts = "  created                     1
  updated                     0
  unchanged                   0
  failed                      4
  doubtful                    0
";
    let unreadable = "Lines that are unreadable: mend the file, and import it again\n";
    let expected = format!("{counts}\n{table}{unreadable}Once the others are mended: {retry}\n");
    assert_eq!(rest, expected);

    let listed = patchcord.run(&["import", "--failures", import]).await;
    assert_eq!((listed.code, listed.out.as_str()), (Some(0), table), "{listed:?}");

    // As it was printed.
    contacts.botmatic.change_settings(|settings| settings.reject.clear());
    let arguments: Vec<_> = retry.split(' ').skip(1).collect();
    let again = patchcord.run(&arguments).await;
    assert_eq!(again.code, Some(0), "{again:?}");
    let (_, rest) = again.out.split_once('\n').unwrap();
    assert_eq!(rest, format!("  created                     2{NOTHING_FAILED}"));
    contacts.idle().await;
    assert_eq!(contacts.botmatic.count("local"), 3);
}

#[tokio::test]
async fn files_are_read_wherever_they_are() {
    let (contacts, _) = installed(CONFIG).await;
    let (csv, lines) = (many(30), TempFile::new("contacts.jsonl", J1));
    let semicolons = TempFile::new("export.txt", "id;email\ns-1;s-1@example.com\n");
    let semicolons = json!({ "path": semicolons.path(), "format": "csv", "delimiter": ";" });
    let web = FileServer::start("id,email\nw-1,w-1@example.com\n").await;
    let s3 = FileServer::start(format!("{J1}{J1}").replace("j-1", "j-2").replacen("j-2", "j-3", 2))
        .await;
    let patchcord = Patchcord::of(&contacts).env("AWS_ENDPOINT_URL_S3", s3.url());
    for (source, from, count) in [
        (csv.path().display().to_string(), csv.path().display().to_string(), 30),
        (lines.path().display().to_string(), lines.path().display().to_string(), 1),
        (semicolons.to_string(), semicolons["path"].as_str().unwrap().to_owned(), 1),
        (format!("{}/a.csv?key=sesame", web.url()), "a file at 127.0.0.1".to_owned(), 1),
        ("s3://exports/a.jsonl".to_owned(), "a file at exports".to_owned(), 2),
    ] {
        let ended = patchcord.run(&["import", "--source", &source]).await;
        assert_eq!(ended.code, Some(0), "{source}: {ended:?}");
        let (_, rest) = ended.out.split_once('\n').unwrap();
        assert_eq!(rest, format!("  created          {count:>12}{NOTHING_FAILED}"), "{source}");
        assert!(ended.said.contains(&format!("importing from {from};")), "{}", ended.said);
        assert!(!ended.said.contains("sesame") && !ended.out.contains("sesame"), "{ended:?}");
    }
    contacts.idle().await;
    assert_eq!(contacts.botmatic.count("local"), 35);
}

#[tokio::test]
async fn what_writes_nothing_says_what_it_would_do_and_succeeds() {
    let (contacts, _) = installed(CONFIG).await;
    let (file, patchcord) = (many(7), Patchcord::of(&contacts));
    let path = file.path().display().to_string();
    for (option, created, lines) in [
        (["--dry-run"].as_slice(), "would be created", 5),
        (["--mode", "verify"].as_slice(), "missing", 14),
    ] {
        let arguments = ["import", "--source", &path].into_iter().chain(option.iter().copied());
        let ended = patchcord.run(&arguments.collect::<Vec<_>>()).await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(ended.said.contains(", nothing is written;"), "{}", ended.said);
        assert!(ended.out.contains(&format!("\n  {created:<16}            7\n")), "{}", ended.out);
        let named = ended.out.lines().filter(|line| line.contains("m-")).count();
        assert_eq!(named, if lines == 14 { 12 } else { 5 }, "{}", ended.out);
    }
    assert_eq!(contacts.botmatic.count("local"), 0);
}

#[tokio::test]
async fn what_cannot_be_done_is_said_and_the_exit_code_tells_whose_fault_it_is() {
    let (contacts, integration) = installed(CONFIG).await;
    let (file, patchcord) = (many(3), Patchcord::of(&contacts));
    let path = file.path().display().to_string();
    let unknown = format!("{integration}.018bcfe568000000000");
    for (arguments, said) in [
        (["--source", "nothing.csv"], "there is none at nothing.csv"),
        (["--page-size", "501"], "expected a number from 1 to 500"),
        (["--integration", "nobody"], "expected the id of one that is installed"),
        (["--resume", &unknown], "there is none of this one"),
        (["--failures", &unknown], "there is none of this one"),
        (["--config", "nothing.yaml"], "no configuration at nothing.yaml"),
    ] {
        let ended = patchcord.run(&[&["import"], &arguments[..]].concat()).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{ended:?}");
        assert!(ended.said.contains(said), "{said}: {}", ended.said);
    }
    contacts.botmatic.revoke_key(TOKEN);
    let ended = patchcord.run(&["import", "--source", &path]).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let import = import_of(&ended.said);
    let failed = format!("import {import} failed: ");
    assert!(ended.out.starts_with(&failed) && ended.out.contains("\n  because: "), "{}", ended.out);
    let cancelled = patchcord.run(&["import", "--cancel", import]).await;
    let expected = format!("import {import} had ended before\n");
    assert_eq!((cancelled.code, cancelled.out), (Some(0), expected));

    let elsewhere = Patchcord::of(&contacts).env("DYNAMODB_ENDPOINT", "http://127.0.0.1:1");
    let ended = elsewhere.run(&["import", "--source", &path]).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.said.contains("is `make run` running?"), "{}", ended.said);
}

#[tokio::test]
async fn ctrl_c_ends_it_and_what_it_says_goes_on_with_it() {
    let config = format!("{CONFIG}  import: {{concurrency: 1}}\n");
    let (contacts, _) = installed(&config).await;
    let (file, patchcord) = (many(300), Patchcord::of(&contacts));
    let path = file.path().display().to_string();
    let slow = Faults { latency_ms: 100, ..Faults::default() };
    contacts.botmatic.set_faults(slow).unwrap();
    let running = patchcord.start(&["import", "--source", &path, "--page-size", "10"]);
    until(|| contacts.botmatic.requests().count("POST", "/api/contacts") >= 3).await;
    running.interrupt().await;
    let ended = running.ended().await;
    assert_eq!((ended.code, ended.out.as_str()), (Some(130), ""), "{ended:?}");
    let import = import_of(&ended.said);
    let resume = patchcord.printed(&format!("import --resume {import}"));
    assert!(ended.said.ends_with(&format!("interrupted; go on with: {resume}\n")), "{ended:?}");
    contacts.botmatic.set_faults(Faults::default()).unwrap();
    contacts.idle().await;
    let there = contacts.botmatic.count("local");
    assert!((30..300).contains(&there), "{there}");

    // Nobody else begins one meanwhile.
    let other = patchcord.run(&["import", "--source", &path]).await;
    assert_eq!(other.code, Some(1), "{other:?}");
    assert!(other.said.contains(&format!("go on with it:  {resume}\n")), "{}", other.said);

    let arguments: Vec<_> = resume.split(' ').skip(1).collect();
    let ended = patchcord.run(&arguments).await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    let (first, rest) = ended.out.split_once('\n').unwrap();
    assert!(first.starts_with(&format!("import {import} finished: 300 contacts, ")), "{first}");
    assert_eq!(rest, format!("  created                   300{NOTHING_FAILED}"));
    contacts.idle().await;
    assert_eq!(contacts.botmatic.count("local"), 300);
}

/// Not in a terminal, a line is said every ten seconds.
#[tokio::test]
async fn who_watches_is_told_how_far_it_is_and_what_it_waits_for() {
    let config = format!("{CONFIG}  import: {{concurrency: 1}}\n");
    let (contacts, _) = installed(&config).await;
    let (file, patchcord) = (many(500), Patchcord::of(&contacts));
    let path = file.path().display().to_string();
    let away = Rule::once("POST", "/api/contacts", Fault::Status(503));
    let script = vec![Rule { skip: 2, times: u32::MAX, ..away }];
    contacts.botmatic.set_faults(Faults { script, ..Faults::default() }).unwrap();
    let mut running = patchcord.start(&["import", "--source", &path, "--watch"]);
    let line = running.says(" 200 contacts, ").await;
    let (done, rest) = line.strip_prefix("patchcord: ").unwrap().split_once(" %, ").unwrap();
    assert!((38..=42).contains(&done.parse::<u32>().unwrap()), "{line}");
    assert!(rest.contains(" a second"), "{line}");
    contacts.botmatic.set_faults(Faults::default()).unwrap();
    let ended = running.ended().await;
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.out.contains(" finished: 500 contacts, "), "{}", ended.out);
}
