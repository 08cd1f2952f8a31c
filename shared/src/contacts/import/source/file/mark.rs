//! Where a page of a file has ended, in a form that can be stored.

use crate::contacts::consumer::Cursor;
use crate::contacts::import::source::SourceError;
use crate::ground::fingerprint::Fingerprint;

/// The first record that is not read yet.
///
/// As a token: `v1:`, the position in bytes, the number of the line, and the fingerprint of what
/// identifies the file, or `-` if nothing does: `v1:4711:18:00c0ffee00c0ffee`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// How many bytes are before it.
    pub at: u64,
    /// Its first line; the file's first is line 1.
    pub line: u64,
    /// Which file it is in, and which state of it.
    pub version: Option<Fingerprint>,
}

impl Mark {
    /// The beginning of any file.
    pub const START: Self = Self { at: 0, line: 1, version: None };

    /// The place that `cursor` stores.
    pub fn read(cursor: &Cursor) -> Result<Self, SourceError> {
        let mark = match cursor {
            Cursor::Start => Some(Self::START),
            Cursor::Token(token) => Self::parse(token),
            Cursor::Page(_) | Cursor::Offset(_) => None,
        };
        mark.ok_or_else(|| SourceError::unreadable("cursor", "where a page of a file has ended"))
    }

    fn parse(token: &str) -> Option<Self> {
        let mut parts = token.strip_prefix("v1:")?.split(':');
        let at = parts.next()?.parse().ok()?;
        let line = parts.next()?.parse().ok()?;
        let version = match parts.next()? {
            "-" => None,
            bits => Some(Fingerprint::from_bits(u64::from_str_radix(bits, 16).ok()?)),
        };
        parts.next().is_none().then_some(Self { at, line, version })
    }

    /// What stores it.
    pub fn cursor(self) -> Cursor {
        let Self { at, line, version } = self;
        let version = version.map_or("-".to_owned(), |it| format!("{:016x}", it.to_bits()));
        Cursor::Token(format!("v1:{at}:{line}:{version}"))
    }
}

/// How many bytes of a file are before the place that `cursor` stores; none if it stores another.
pub fn bytes_before(cursor: &Cursor) -> Option<u64> {
    Mark::read(cursor).ok().map(|mark| mark.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_stored_and_read() {
        for (version, token) in [
            (None, "v1:4711:18:-"),
            (Some(Fingerprint::from_bits(0xc0_ffee)), "v1:4711:18:0000000000c0ffee"),
        ] {
            let mark = Mark { at: 4711, line: 18, version };
            assert_eq!(mark.cursor(), Cursor::Token(token.to_owned()));
            assert_eq!(Mark::read(&mark.cursor()).unwrap(), mark);
            assert_eq!(bytes_before(&mark.cursor()), Some(4711));
        }
        assert_eq!(bytes_before(&Cursor::Page(3)), None);
        assert_eq!(Mark::read(&Cursor::Start).unwrap(), Mark::START);
    }

    #[test]
    fn another_cursor_is_refused() {
        let tokens = ["", "v2:0:1:-", "v1:0:1", "v1:0:1:x", "v1:-1:1:-", "v1:0:1:-:", "4711"];
        let tokens = tokens.map(|token| Cursor::Token(token.to_owned()));
        for cursor in [Cursor::Page(1), Cursor::Offset(0)].into_iter().chain(tokens) {
            let error = Mark::read(&cursor).unwrap_err();
            let expected = "cursor: expected where a page of a file has ended";
            assert_eq!(error.to_string(), expected, "{cursor:?}");
        }
    }
}
