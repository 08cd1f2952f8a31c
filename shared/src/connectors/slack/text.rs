//! Slack's markup of text, into words and back
//! (<https://docs.slack.dev/messaging/formatting-message-text>).

/// The words of a text: links and mentions of channels and groups as people see them, mentions of
/// users as `<@U…>`, and without the name of the bot `own` in front.
pub(super) fn words(text: &str, own: Option<&str>) -> String {
    let mut rest = without_address(text, own);
    let mut words = String::new();
    while let Some((before, after)) = rest.split_once('<') {
        words.push_str(&unescape(before));
        let Some((token, after)) = after.split_once('>') else {
            rest = &rest[before.len()..];
            break;
        };
        words.push_str(&shown(token));
        rest = after;
    }
    words.push_str(&unescape(rest));
    words
}

/// `@bot: hello` is `hello` to the bot.
fn without_address<'a>(text: &'a str, own: Option<&str>) -> &'a str {
    let after = |own: &str| {
        let after = text.trim_start().strip_prefix("<@")?.strip_prefix(own)?;
        let (name, after) = after.split_once('>')?;
        (name.is_empty() || name.starts_with('|')).then_some(after)
    };
    match own.and_then(after) {
        Some(after) => after.trim_start_matches([':', ',']).trim_start(),
        None => text,
    }
}

/// Whether `text` mentions the user `own`.
pub(super) fn mentions(text: &str, own: &str) -> bool {
    let mut mentions = text.split("<@").skip(1).filter_map(|rest| rest.strip_prefix(own));
    mentions.any(|rest| rest.starts_with(['>', '|']))
}

/// What stands between `<` and `>`, as people see it.
fn shown(token: &str) -> String {
    let (token, label) = match token.split_once('|') {
        Some((token, label)) => (token, Some(label).filter(|label| !label.is_empty())),
        None => (token, None),
    };
    let prefixed = |prefix: char, name: &str| match label {
        Some(label) => format!("{prefix}{}", unescape(label.trim_start_matches(prefix))),
        None => format!("{prefix}{name}"),
    };
    if token.starts_with('@') {
        return format!("<{token}>");
    }
    if let Some(channel) = token.strip_prefix('#') {
        return prefixed('#', channel);
    }
    match (token.strip_prefix('!'), label) {
        (Some(date), Some(label)) if date.starts_with("date^") => unescape(label),
        (Some(name), _) => prefixed('@', name),
        // Slack makes links of addresses that people write, with what they wrote as the label.
        (None, Some(label)) if token.contains(label) => unescape(label),
        (None, Some(label)) => format!("{} ({})", unescape(label), unescape(token)),
        (None, None) => unescape(token),
    }
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// A text such that Slack shows it as it is; only mentions of users stay mentions. A bot that
/// repeats what somebody wrote cannot be made to call a whole channel.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>']) {
        escaped.push_str(&rest[..at]);
        rest = &rest[at..];
        let mention = user_mention(rest);
        let (entity, length) = match rest.as_bytes().first() {
            _ if mention > 0 => (&rest[..mention], mention),
            Some(b'&') => ("&amp;", 1),
            Some(b'<') => ("&lt;", 1),
            _ => ("&gt;", 1),
        };
        escaped.push_str(entity);
        rest = &rest[length..];
    }
    escaped.push_str(rest);
    escaped
}

/// The length of the mention of a user that `text` begins with; 0 if it begins with none.
fn user_mention(text: &str) -> usize {
    let id = text.strip_prefix("<@").filter(|id| id.starts_with(['U', 'W']));
    let length = |(id, _): (&str, &str)| {
        let is_id = id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        is_id.then_some("<@>".len() + id.len())
    };
    id.and_then(|id| id.split_once('>')).and_then(length).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_read_as_people_see_it() {
        for (text, expected) in [
            ("hello", "hello"),
            ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
            ("&amp;lt;", "&lt;"),
            ("<@U0LAN0Z89> is it?", "is it?"),
            (" <@U0LAN0Z89|bot>: hi", "hi"),
            ("<@U0LAN0Z89>", ""),
            ("ask <@U0LAN0Z89>", "ask <@U0LAN0Z89>"),
            ("<@U0LAN0Z891> hi", "<@U0LAN0Z891> hi"),
            ("ask <@U2|eve>", "ask <@U2>"),
            ("in <#C024BE7LR> or <#C024BE7LR|general>", "in #C024BE7LR or #general"),
            (
                "<!here> <!subteam^SAZ94GDB8> <!subteam^S1|@admins>",
                "@here @subteam^SAZ94GDB8 @admins",
            ),
            ("<!date^1392734382^{date}|18 Feb>", "18 Feb"),
            ("<https://e.com/?a=1&amp;b=2>", "https://e.com/?a=1&b=2"),
            ("<http://e.com|e.com>", "e.com"),
            ("<mailto:a@e.com|a@e.com>", "a@e.com"),
            ("<https://e.com/x|our site>", "our site (https://e.com/x)"),
            ("1 < 2", "1 < 2"),
        ] {
            assert_eq!(words(text, Some("U0LAN0Z89")), expected, "{text}");
        }
        assert_eq!(words("<@U1> hi", None), "<@U1> hi");
    }

    #[test]
    fn what_a_bot_says_is_shown_as_it_is() {
        for (text, expected) in [
            ("hello", "hello"),
            ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
            ("&lt;", "&amp;lt;"),
            ("hi <@U012AB3CD>, <@W1>", "hi <@U012AB3CD>, <@W1>"),
            (
                "<!channel> <#C1> <@S1> <@U1|x> <@U",
                "&lt;!channel&gt; &lt;#C1&gt; &lt;@S1&gt; &lt;@U1|x&gt; &lt;@U",
            ),
            ("<https://e.com|x>", "&lt;https://e.com|x&gt;"),
            ("Grüße 👋 <3", "Grüße 👋 &lt;3"),
        ] {
            assert_eq!(escape(text), expected, "{text}");
            assert_eq!(words(&escape(text), None), text, "{text}");
        }
    }

    #[test]
    fn mentions_are_of_the_whole_id() {
        for (text, expected) in [
            ("ask <@U1>", true),
            ("<@U2> <@U1|bot>", true),
            ("<@U12>", false),
            ("U1", false),
            ("&lt;@U1&gt;", false),
        ] {
            assert_eq!(mentions(text, "U1"), expected, "{text}");
        }
    }
}
