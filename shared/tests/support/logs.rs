//! What the functions of all tests log.

use std::io::Write;
use std::sync::{Mutex, Once};

static LOGGING: Once = Once::new();
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// From now on everything is remembered, whatever its level.
pub fn start() {
    LOGGING.call_once(|| {
        let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
        subscriber.with_writer(|| Log).init();
        // What another thread would have logged a moment before now counts as read by nobody.
        tracing::callsite::rebuild_interest_cache();
    });
}

/// Everything so far.
pub fn all() -> String {
    String::from_utf8(LOG.lock().unwrap().clone()).unwrap()
}
