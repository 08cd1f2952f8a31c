//! Cuts texts that are longer than a platform takes: between paragraphs, lines or words, and never
//! within a character, however many code points that is made of (Unicode's grapheme clusters,
//! <https://www.unicode.org/reports/tr29/>).

#[cfg(test)]
mod tests;

use unicode_segmentation::UnicodeSegmentation as _;

use super::reply::Reply;

/// The longest text that a platform takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextLimit {
    /// So much of it.
    pub length: usize,
    /// What is counted.
    pub unit: TextUnit,
}

/// What a platform counts of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextUnit {
    /// Bytes of UTF-8.
    Bytes,
    /// Code points.
    Characters,
    /// Code units of UTF-16.
    Utf16,
    /// Bytes of UTF-8 where `&`, `<` and `>` are sent as `&amp;`, `&lt;` and `&gt;`.
    EscapedBytes,
}

impl TextUnit {
    /// The length of `text` in this unit; counting may stop once it exceeds `most`.
    fn count(self, text: &str, most: usize) -> usize {
        let most = most.saturating_add(1);
        match self {
            Self::Bytes => text.len(),
            Self::Characters => text.chars().take(most).count(),
            Self::Utf16 => text.encode_utf16().take(most).count(),
            Self::EscapedBytes => text.bytes().take(most).map(escaped_length).sum(),
        }
    }
}

const fn escaped_length(byte: u8) -> usize {
    match byte {
        b'&' => "&amp;".len(),
        b'<' | b'>' => "&lt;".len(),
        _ => 1,
    }
}

impl TextLimit {
    /// So many code points.
    pub const fn characters(length: usize) -> Self {
        Self { length, unit: TextUnit::Characters }
    }

    /// Whether `text` is one message.
    pub fn fits(self, text: &str) -> bool {
        self.unit.count(text, self.length) <= self.length
    }

    /// The parts of `text`, each of them short enough; itself if it is.
    pub fn split(self, text: &str) -> Vec<&str> {
        let mut parts = Vec::new();
        let mut rest = text;
        while !self.fits(rest) {
            let (part, after) = self.split_first(rest);
            parts.extend(Some(part).filter(|part| !part.is_empty()));
            rest = after;
        }
        parts.extend(Some(rest).filter(|rest| !rest.is_empty() || parts.is_empty()));
        parts
    }

    /// The first part of `text`, and the rest: nothing, if the text is short enough.
    pub fn split_first(self, text: &str) -> (&str, &str) {
        if self.fits(text) {
            return (text, "");
        }
        let (part, after) = text.split_at(cut(self.longest_start(text)));
        (part.trim_end(), after.trim_start())
    }

    /// `text` if it is short enough, or else as much of it as is allowed with `…` behind it.
    pub fn shorten(self, text: &str) -> String {
        const CUT: &str = "…";
        if self.fits(text) {
            return text.to_owned();
        }
        let length = self.length.saturating_sub(self.unit.count(CUT, usize::MAX));
        format!("{}{CUT}", Self { length, ..self }.split_first(text).0)
    }

    /// The most of whole characters that `text` may begin with. A single one that is longer is cut
    /// into its code points.
    fn longest_start(self, text: &str) -> Start<'_> {
        let by_clusters = self.fitting(text.grapheme_indices(true));
        let end = match by_clusters {
            0 => {
                self.fitting(text.char_indices().map(|(at, c)| (at, &text[at..at + c.len_utf8()])))
            }
            end => end,
        };
        // A limit that is shorter than one code point is none that a platform could have.
        let end = if end == 0 { text.len() } else { end };
        Start { text, end }
    }

    fn fitting<'a>(self, pieces: impl Iterator<Item = (usize, &'a str)>) -> usize {
        let mut length = 0;
        let fitting = pieces.take_while(|(_, piece)| {
            length += self.unit.count(piece, self.length);
            length <= self.length
        });
        fitting.last().map_or(0, |(at, piece)| at + piece.len())
    }
}

/// A text, and how far it may go.
struct Start<'a> {
    text: &'a str,
    end: usize,
}

/// Where to cut: after a paragraph or a line if that makes the part at least half as long as it
/// could be, or else after a word.
fn cut(Start { text, end }: Start<'_>) -> usize {
    let start = &text[..end];
    let is_long = |at: &usize| *at >= end / 2 && *at > 0;
    if text[end..].starts_with(char::is_whitespace) {
        return end;
    }
    let paragraph = start.rfind("\n\n").filter(is_long);
    let line = || start.rfind('\n').filter(is_long);
    let word = || start.rfind(char::is_whitespace).filter(|at| *at > 0);
    paragraph.or_else(line).or_else(word).unwrap_or(end)
}

/// `reply` as several, if its text is too long for one. Buttons are below the last of them.
pub fn pieces(reply: Reply, limit: Option<TextLimit>) -> Vec<Reply> {
    let Some(limit) = limit else { return vec![reply] };
    let (Reply::Text { text } | Reply::Buttons { text, .. } | Reply::QuickReplies { text, .. }) =
        &reply
    else {
        return vec![reply];
    };
    if limit.fits(text) {
        return vec![reply];
    }
    let mut parts: Vec<_> = limit.split(text).into_iter().map(Reply::text).collect();
    let last = match (parts.pop(), reply) {
        (Some(Reply::Text { text }), Reply::Buttons { buttons, .. }) => {
            Some(Reply::Buttons { text, buttons })
        }
        (Some(Reply::Text { text }), Reply::QuickReplies { buttons, .. }) => {
            Some(Reply::QuickReplies { text, buttons })
        }
        (last, _) => last,
    };
    parts.extend(last);
    parts
}
