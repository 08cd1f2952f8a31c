//! What may be in no log.

use patchcord_local::runtime_api::Lambda;

/// Makes sure that a function has printed something, and nothing of `private` in it.
///
/// # Panics
/// If it has.
pub fn nothing_private(lambda: &Lambda, private: &[&str]) {
    let logs = lambda.logs();
    assert!(!logs.is_empty(), "nothing was printed");
    for line in logs {
        for private in private {
            assert!(!line.text.contains(private), "{private} in {}", line.text);
        }
    }
}
