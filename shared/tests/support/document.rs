//! Documents whose code is that of files which are compiled and tested.

/// Whether the blocks of `document` that are marked with the name `file` are, one after another
/// with an empty line between them, that file's `code`.
#[track_caller]
pub fn shows(document: &str, file: &str, code: &str) {
    let fence = format!("```rust {file}\n");
    let blocks = document.split(&fence).skip(1).map(|from| from.split("```").next().unwrap());
    let shown = blocks.collect::<Vec<_>>().join("\n");
    let mut lines = shown.lines().zip(code.lines()).enumerate();
    let drifted = lines.find(|(_, (shown, code))| shown != code);
    assert_eq!(drifted, None, "{file}: (line, (document, file))");
    assert_eq!(shown.lines().count(), code.lines().count(), "{file}: number of lines");
}
