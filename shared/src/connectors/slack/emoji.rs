//! Slack's names of emoji.

/// Emoji that bots react with, by Slack's names for them, which are those of
/// <https://github.com/iamcal/emoji-data>. Slack takes names only.
const EMOJI: [(&str, &str); 20] = [
    ("👍", "+1"),
    ("👎", "-1"),
    ("👌", "ok_hand"),
    ("👏", "clap"),
    ("🙏", "pray"),
    ("👋", "wave"),
    ("👀", "eyes"),
    ("❤", "heart"),
    ("🔥", "fire"),
    ("🎉", "tada"),
    ("🚀", "rocket"),
    ("💯", "100"),
    ("✅", "white_check_mark"),
    ("❌", "x"),
    ("⏳", "hourglass_flowing_sand"),
    ("🤔", "thinking_face"),
    ("😂", "joy"),
    ("😊", "blush"),
    ("😮", "open_mouth"),
    ("😢", "cry"),
];

/// Slack's name of an emoji: of one as people see it, or of its name in any form. A name that Slack
/// does not know is its business.
pub(super) fn emoji_name(emoji: &str) -> &str {
    let plain = emoji.trim_matches(':').trim_end_matches('\u{fe0f}');
    EMOJI.iter().find(|(shown, _)| *shown == plain).map_or(plain, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emoji_go_by_their_names() {
        for (emoji, expected) in [
            ("thumbsup", "thumbsup"),
            (":thumbsup:", "thumbsup"),
            ("👍", "+1"),
            ("❤\u{fe0f}", "heart"),
            ("🦖", "🦖"),
        ] {
            assert_eq!(emoji_name(emoji), expected);
        }
    }
}
