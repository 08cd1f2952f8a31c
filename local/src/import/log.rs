//! What the importer logs, for the one who waits for it: why it waits, and what has failed.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::screen::Screen;

/// What is said of a single contact, which may be thousands of lines: that is counted instead.
const OF_CONTACTS: &str = "patchcord::contacts::import::page";
const OF_IMPORTS: &str = "patchcord::contacts::import";

/// Shows warnings about imports from now on.
pub fn start(screen: &Screen) {
    let targets = Targets::new()
        .with_default(LevelFilter::ERROR)
        .with_target(OF_IMPORTS, LevelFilter::WARN)
        .with_target(OF_CONTACTS, LevelFilter::ERROR);
    let screen = screen.clone();
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .without_time()
        .with_target(false)
        .with_writer(move || screen.clone());
    // A second one would be a mistake of ours, and no reason not to import.
    let _ = tracing_subscriber::registry().with(targets).with(lines).try_init();
}
