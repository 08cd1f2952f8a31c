//! A file that is larger than any function's memory.

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use http::Response;
use patchcord::contacts::consumer::Cursor;
use serde_json::json;

use crate::support::server::Server;
use crate::support::source::file;

const ROWS: u64 = 2_000_000;
const MORE_MEMORY_KIB: u64 = 12 * 1024;

/// The memory that this process has in use.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn rows() -> impl Iterator<Item = String> {
    let header = std::iter::once("id,name,note\n".to_owned());
    header.chain(
        (0..ROWS).map(|id| format!("{id},\"Ada, \"\"no. {id}\"\"\",\"{}\"\n", "é\n".repeat(25))),
    )
}

#[tokio::test]
#[ignore = "reads 200 MB and measures this process, so it must run alone"]
async fn memory_does_not_grow_with_the_file() {
    let server = Server::start(|_| async {
        let mut rows = rows();
        let pieces = std::iter::from_fn(move || {
            let piece: String = rows.by_ref().take(500).collect();
            (!piece.is_empty()).then(|| Ok::<_, std::io::Error>(Bytes::from(piece)))
        });
        Response::new(Body::from_stream(stream::iter(pieces)))
    })
    .await;
    let file = file(json!({"url": server.url, "format": "csv"}));
    let (mut cursor, mut count, mut before, mut most) = (Some(Cursor::Start), 0, 0, 0);
    while let Some(from) = cursor {
        let page = file.page(&from, 100).await.unwrap();
        assert!(page.unreadable.is_empty());
        assert!(page.contacts.iter().all(|contact| contact.fields.len() == 3));
        count += page.contacts.len() as u64;
        cursor = page.next;
        most = most.max(resident_kib());
        if before == 0 {
            before = most;
        }
    }
    let bytes: usize = rows().map(|row| row.len()).sum();
    println!("{count} contacts, {bytes} bytes, {before} KiB at first, {most} KiB at most");
    assert_eq!(count, ROWS);
    assert!(most - before <= MORE_MEMORY_KIB, "{before} KiB at first, {most} KiB at most");
}
