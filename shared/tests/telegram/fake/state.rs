//! What the fake remembers.

use std::collections::{BTreeMap, VecDeque};

use bytes::Bytes;
use serde_json::Value;

/// A call it got.
#[derive(Clone, Debug)]
pub struct Asked {
    pub token: String,
    pub method: String,
    pub params: Value,
    pub files: Vec<File>,
}

/// A file in a form.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    pub field: String,
    pub name: String,
    pub mime_type: String,
    pub content: Bytes,
}

#[derive(Default)]
pub struct State {
    pub asked: Vec<Asked>,
    pub next: VecDeque<(u16, Value)>,
    /// Texts by chat and number.
    pub messages: BTreeMap<(i64, i64), String>,
    /// Path and content by id.
    pub files: BTreeMap<String, (String, Bytes)>,
    /// How often one was got.
    pub fetched: usize,
    pub webhook: Value,
    /// Queries that were answered.
    pub answered: Vec<String>,
}

impl State {
    /// The number of a new message.
    pub fn add(&mut self, chat: i64, text: &str) -> i64 {
        let number = 1 + i64::try_from(self.messages.len()).unwrap();
        self.messages.insert((chat, number), text.to_owned());
        number
    }

    pub fn file_at(&mut self, path: &str) -> Option<Bytes> {
        self.fetched += 1;
        let found = self.files.values().find(|(at, _)| at == path);
        found.map(|(_, content)| content.clone())
    }
}
