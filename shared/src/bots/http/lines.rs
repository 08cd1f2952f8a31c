//! Puts the lines of a streamed answer together from the pieces it arrives in.

use super::error::{HttpBotError, MAX_ANSWER_BYTES};

/// The part of an answer that has arrived.
#[derive(Default)]
pub(super) struct Lines {
    received: usize,
    unfinished: Vec<u8>,
}

impl Lines {
    /// The lines that `piece` completes; an error once the whole is too large.
    pub fn push(&mut self, piece: &[u8]) -> Result<Vec<Vec<u8>>, HttpBotError> {
        self.received += piece.len();
        if self.received > MAX_ANSWER_BYTES {
            return Err(HttpBotError::TooLarge);
        }
        let mut complete = Vec::new();
        for (index, part) in piece.split(|byte| *byte == b'\n').enumerate() {
            if index > 0 {
                complete.push(std::mem::take(&mut self.unfinished));
            }
            self.unfinished.extend_from_slice(part);
        }
        Ok(complete)
    }

    /// The last line, which needs no line break after it.
    pub fn finish(self) -> Vec<u8> {
        self.unfinished
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_do_not_depend_on_the_pieces() {
        let text = "one\n\ntwo\r\nthree";
        for size in 1..=text.len() {
            let mut lines = Lines::default();
            let mut found = Vec::new();
            for piece in text.as_bytes().chunks(size) {
                found.extend(lines.push(piece).unwrap());
            }
            found.push(lines.finish());
            assert_eq!(found, [&b"one"[..], b"", b"two\r", b"three"], "in pieces of {size}");
        }
    }

    #[test]
    fn an_answer_has_a_largest_size() {
        let mut lines = Lines::default();
        assert!(lines.push(&vec![b'x'; MAX_ANSWER_BYTES]).unwrap().is_empty());
        assert!(matches!(lines.push(b"\n"), Err(HttpBotError::TooLarge)));
    }
}
