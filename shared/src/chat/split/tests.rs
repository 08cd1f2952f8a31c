//! Texts and the parts that they are cut into.

use proptest::prelude::*;

use super::*;
use crate::chat::reply::Button;

#[test]
fn texts_are_cut_where_people_pause() {
    let limit = TextLimit::characters(10);
    for (name, text, expected) in [
        ("short", "hello", vec!["hello"]),
        ("just right", "0123456789", vec!["0123456789"]),
        ("words", "one two three four", vec!["one two", "three four"]),
        ("a word that ends there", "one two 89 four", vec!["one two 89", "four"]),
        ("lines", "one two\nthree four", vec!["one two", "three four"]),
        ("paragraphs", "one\ntwo\n\nthree", vec!["one\ntwo", "three"]),
        ("one long word", "0123456789abc", vec!["0123456789", "abc"]),
        ("spaces only", "              ", vec![""]),
        ("empty", "", vec![""]),
    ] {
        assert_eq!(limit.split(text), expected, "{name}");
    }
}

#[test]
fn what_looks_like_one_character_stays_one() {
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
    let text = format!("{family}{family}");
    for (unit, length) in [
        (TextUnit::Bytes, family.len() + 3),
        (TextUnit::Characters, 7),
        (TextUnit::Utf16, family.encode_utf16().count() + 1),
        (TextUnit::EscapedBytes, family.len() + 3),
    ] {
        assert_eq!(TextLimit { length, unit }.split(&text), [family, family], "{unit:?}");
    }
    assert_eq!(TextLimit::characters(3).split(family).len(), 2, "longer than a message");
}

#[test]
fn what_is_escaped_counts_as_it_is_sent() {
    let limit = TextLimit { length: 10, unit: TextUnit::EscapedBytes };
    for (text, expected) in [
        ("0123456789", vec!["0123456789"]),
        ("<>ab", vec!["<>ab"]),
        ("<>abc", vec!["<>ab", "c"]),
        ("&&&", vec!["&&", "&"]),
        ("жжжжжж", vec!["жжжжж", "ж"]),
    ] {
        assert_eq!(limit.split(text), expected, "{text}");
    }
}

#[test]
fn what_is_shortened_says_so() {
    for (text, expected) in [
        ("0123456789", "0123456789"),
        ("one two three", "one two…"),
        ("0123456789abc", "012345678…"),
    ] {
        assert_eq!(TextLimit::characters(10).shorten(text), expected, "{text}");
    }
    let limit = TextLimit { length: 10, unit: TextUnit::Bytes };
    assert_eq!(limit.shorten("0123456789abc"), "0123456…", "the sign has three bytes");
}

#[test]
fn buttons_are_below_the_last_part() {
    let buttons = vec![Button::payload("Yes", "Y")];
    let text = "one two three four".to_owned();
    let reply = Reply::Buttons { text, buttons: buttons.clone() };
    let last = Reply::Buttons { text: "three four".to_owned(), buttons };
    let limit = TextLimit::characters(10);
    assert_eq!(pieces(reply, Some(limit)), [Reply::text("one two"), last]);
}

proptest! {
    #[test]
    fn nothing_but_space_is_lost_and_no_part_is_too_long(
        text in "[a-c<& \n\u{e9}\u{1f600}\u{301}]{0,80}", length in 5_usize..20,
    ) {
        use TextUnit::{Bytes, Characters, EscapedBytes, Utf16};
        for unit in [Bytes, Characters, Utf16, EscapedBytes] {
            let limit = TextLimit { length, unit };
            let parts = limit.split(&text);
            prop_assert!(parts.iter().all(|part| limit.fits(part)));
            let ink = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(ink(&parts.concat()), ink(&text));
        }
    }
}
