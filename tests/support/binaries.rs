//! The binaries under test, built by the test that needs them, so that they are never stale.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ has a parent")
}

/// Where cargo puts what it builds: this test runs in `target/debug/deps`, or beside the release
/// binaries in `target/release/deps`.
fn target() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    test.ancestors().nth(2).expect("a directory of cargo's").to_owned()
}

/// The webhook function.
pub fn webhook() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| build("webhook", "webhook")).clone()
}

/// The function that answers what waits in the queue.
pub fn worker() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| build("worker", "worker")).clone()
}

/// The function for Botmatic and contacts.
pub fn botmatic() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| build("botmatic", "botmatic")).clone()
}

/// The function that imports contacts.
pub fn contact_import() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| build("contact-import", "contact-import")).clone()
}

/// The release binary of a function, beside which this test has to run.
///
/// # Panics
/// If it is not there.
pub fn release(function: &str) -> PathBuf {
    let binary = target().join(function);
    let is_release = target().ends_with("release") && binary.exists();
    assert!(is_release, "no release binary of {function}: run `make soak`");
    binary
}

/// The command-line tool behind `make run`.
pub fn patchcord() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| build("patchcord-local", "patchcord")).clone()
}

/// The cargo-lambda that `make tools` fetches, or the one that `CARGO_LAMBDA` names.
///
/// # Panics
/// If it is not there.
pub fn cargo_lambda() -> PathBuf {
    let named = std::env::var_os("CARGO_LAMBDA").map(PathBuf::from);
    let path = named.unwrap_or_else(|| root().join("target/tools/bin/cargo-lambda"));
    assert!(path.exists(), "{} is not there: run `make tools` first", path.display());
    path
}

fn build(package: &str, binary: &str) -> PathBuf {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    // What cargo sets for this test would make build scripts of the other cargo run again.
    let ours = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let ours =
        ours.filter(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"));
    let mut command = Command::new(cargo);
    for name in ours {
        command.env_remove(name);
    }
    let built = command
        .args(["build", "--quiet", "--package", package, "--bin", binary])
        .current_dir(root())
        .status()
        .expect("cargo");
    assert!(built.success(), "{binary} does not build");
    target().join(binary)
}
