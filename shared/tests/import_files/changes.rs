//! A file that is another one when the import goes on.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use patchcord::contacts::consumer::Cursor;
use serde_json::json;

use crate::support::folder::Folder;
use crate::support::remote::Remote;
use crate::support::source::{File, file};

const TEXT: &str = "id,name\n1,Ada\n2,B\n3,C\n";
const CHANGED: &str = "the file has changed since the import began";

async fn next(file: &File) -> Cursor {
    file.page(&Cursor::Start, 1).await.unwrap().next.unwrap()
}

#[tokio::test]
async fn a_local_file_is_the_same_by_its_length_and_its_date() {
    let folder = Folder::new("changes");
    let path = folder.write("a.csv", TEXT);
    let date = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let touch = |date: SystemTime| {
        std::fs::File::options().append(true).open(&path).unwrap().set_modified(date).unwrap();
    };
    touch(date);
    let reading = file(path.clone());
    let cursor = next(&reading).await;
    assert_eq!(reading.page(&cursor, 1).await.unwrap().contacts.len(), 1);
    for other in [false, true] {
        // Whoever reads on, and another process.
        let reading = file(path.clone());
        let own = next(&reading).await;
        assert_eq!(own, cursor);
        if other {
            touch(date + Duration::from_millis(1));
        } else {
            folder.write("a.csv", format!("{TEXT}4,D\n"));
            touch(date);
        }
        for file in [&reading, &file(path.clone())] {
            let error = file.page(&cursor, 1).await.map(drop).unwrap_err();
            assert_eq!((error.to_string().as_str(), error.is_retryable()), (CHANGED, false));
        }
        folder.write("a.csv", TEXT);
        touch(date);
    }
}

#[tokio::test]
async fn a_servers_file_is_the_same_by_what_the_server_says() {
    let other = Bytes::from_static(b"id,name\n1,Ada\n2,B\n3,C\n4,D\n");
    let same = Bytes::from_static(TEXT.as_bytes());
    for (name, before, after, is_same) in [
        ("the same tag", Some(("etag", "\"1\"")), (Some(("etag", "\"1\"")), &other), true),
        ("another tag", Some(("etag", "\"1\"")), (Some(("etag", "\"2\"")), &same), false),
        ("a weak tag", Some(("etag", "W/\"1\"")), (Some(("etag", "W/\"2\"")), &same), false),
        (
            "another date",
            Some(("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")),
            (Some(("last-modified", "Sun, 06 Nov 1994 08:49:38 GMT")), &same),
            false,
        ),
        ("nothing that says so", None, (None, &same), true),
        ("another length, which only ranges have", None, (None, &other), true),
        (
            "a file that ends before",
            Some(("etag", "\"1\"")),
            (None, &Bytes::from_static(b"id,name\n")),
            false,
        ),
    ] {
        for has_ranges in [true, false] {
            let remote =
                |bytes: &Bytes, tag| Remote { has_ranges, tag, ..Remote::new(bytes.clone()) };
            let first = remote(&same, before).start().await;
            let second = remote(after.1, after.0).start().await;
            let config = |url: &str| json!({"url": url, "format": "csv"});
            let cursor = next(&file(config(&first.url))).await;
            let page = file(config(&second.url)).page(&cursor, 9).await;
            let result = page.map(drop).map_err(|error| error.to_string());
            let expected = if is_same { Ok(()) } else { Err(CHANGED.to_owned()) };
            assert_eq!(result, expected, "{name}, ranges: {has_ranges}");
        }
    }
}

#[tokio::test]
async fn a_cursor_of_something_else_is_refused() {
    let folder = Folder::new("cursors");
    let file = file(folder.write("a.csv", TEXT));
    for cursor in [Cursor::Page(2), Cursor::Offset(2), Cursor::Token("after-2".to_owned())] {
        let error = file.page(&cursor, 1).await.map(drop).unwrap_err();
        assert_eq!(error.to_string(), "cursor: expected where a page of a file has ended");
    }
}

#[tokio::test]
async fn what_is_no_file_cannot_be_read() {
    let folder = Folder::new("no-files");
    let path = folder.write("a.csv", "");
    let parent = path.strip_suffix("/a.csv").unwrap();
    let error = file(format!("{parent}/b.csv")).error().await;
    assert_eq!(error, "there is no such file");
    let error = file(json!({"path": parent, "format": "csv"})).error().await;
    assert_eq!(error, "path: expected a file, neither a directory nor a pipe");
}
