//! The page about Telegram shows code that is compiled here.
