//! Whatever is in a file, wherever its pieces end and however large pages are: page by page is the
//! same as all at once, and goes on from every cursor.

use patchcord::contacts::consumer::Cursor;
use serde_json::{Value, json};

use crate::support::folder::Folder;
use crate::support::remote::Remote;
use crate::support::source::{Content, file};

/// What trips parsers up.
const TRICKY: [&str; 16] = [
    "", "a", "\"", "\"\"", ",", "\n", "\r", "\r\n", "\n\n", "é", "日本", "🦀", "\u{feff}", " ",
    "\\", "{}",
];

fn text(random: &mut fastrand::Rng) -> String {
    (0..random.usize(..5)).map(|_| TRICKY[random.usize(..TRICKY.len())]).collect()
}

/// The file, in this format, of contacts and of lines that are none.
fn make(random: &mut fastrand::Rng, is_csv: bool) -> (String, Content) {
    let newlines: &[_] = if is_csv { &["\n", "\r\n", "\r"] } else { &["\n", "\r\n"] };
    let newline = newlines[random.usize(..newlines.len())];
    let mut written = if random.bool() { "\u{feff}" } else { "" }.to_owned();
    let mut content = Content::default();
    let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    if is_csv {
        written += &["id,", &quote("a"), ",b.c", newline].concat();
    }
    for index in 0..random.usize(..25) {
        while random.u8(..5) == 0 {
            written += newline;
        }
        let line = 1 + written.replace("\r\n", "\n").matches(['\r', '\n']).count();
        let (id, a, c) = (format!("c-{index}é"), text(random), text(random));
        if random.u8(..6) == 0 {
            let wrong =
                if is_csv { "3 fields, as many as the header row has" } else { "a JSON object" };
            content.unreadable.push(format!("line {line}: expected {wrong}"));
            written += &if is_csv { quote(&a) + &quote("x") } else { "[\"é\"]".to_owned() };
        } else if is_csv {
            written += &[id.as_str(), &quote(&a), &quote(&c)].join(",");
            content.contacts.push(json!({"id": id, "a": a, "b": {"c": c}}));
        } else {
            let contact = json!({"id": id, "a": a, "b": {"c": c}});
            written += &contact.to_string();
            content.contacts.push(contact);
        }
        written += newline;
    }
    if random.bool() {
        written.truncate(written.trim_end_matches(['\r', '\n']).len());
    }
    (written, content)
}

/// Reads `config` in pages of `limit`, then from each of their cursors.
async fn check(config: Value, expected: &Content, limit: u32, seed: u64) {
    let name = format!("seed {seed}, pages of {limit}: {config}");
    let (content, cursors) = file(config.clone()).pages(&Cursor::Start, limit).await.unwrap();
    assert_eq!(&content, expected, "{name}");
    for (index, cursor) in cursors.iter().enumerate() {
        let stored = serde_json::to_string(cursor).unwrap();
        let cursor: Cursor = serde_json::from_str(&stored).unwrap();
        let (rest, others) = file(config.clone()).pages(&cursor, limit).await.unwrap();
        assert_eq!(others, cursors[index..], "{name}, from {cursor:?}");
        let contacts = expected.contacts.len() - rest.contacts.len();
        let unreadable = expected.unreadable.len() - rest.unreadable.len();
        assert_eq!(contacts + unreadable, index * limit as usize, "{name}, from {cursor:?}");
        assert_eq!(rest.contacts, expected.contacts[contacts..], "{name}, from {cursor:?}");
        assert_eq!(rest.unreadable, expected.unreadable[unreadable..], "{name}, from {cursor:?}");
    }
}

#[tokio::test]
async fn pages_are_the_file_and_every_cursor_goes_on() {
    let folder = Folder::new("property");
    let first = fastrand::u64(..);
    println!("first seed {first}");
    for seed in (0..24).map(|offset| first.wrapping_add(offset)) {
        let mut random = fastrand::Rng::with_seed(seed);
        let is_csv = random.bool();
        let (text, expected) = make(&mut random, is_csv);
        let (name, format) = if is_csv { ("a.csv", "csv") } else { ("a.jsonl", "jsonl") };
        let limit = random.u32(1..8);
        check(json!(folder.write(name, &text)), &expected, limit, seed).await;
        let mut remote = Remote::new(text);
        let largest = random.usize(1..40);
        remote.pieces = (0..9).map(|_| random.usize(1..=largest)).collect();
        remote.has_ranges = random.bool();
        let server = remote.start().await;
        let config = json!({"url": server.url, "format": format});
        check(config, &expected, limit, seed).await;
    }
}
