//! A file as an import has it, but for its clock: that moves when somebody waits.

use std::sync::Arc;
use std::time::Duration;

use patchcord::contacts::ExternalId;
use patchcord::contacts::consumer::{Cursor, Page};
use patchcord::contacts::import::source::{
    Access, FileConfig, FileParts, FileSource, Source as _, SourceError,
};
use patchcord::contacts::mapping::{Functions, Mappings};
use patchcord::ground::aws::{Aws, Credentials};
use patchcord::ground::clock::{Clock, Deadline, ManualClock};
use patchcord::ground::config::{ConfigErrors, Place};
use serde_json::{Value, json};

use super::pauses::{Pauses, parts};

/// What a page may take.
const TIME: Duration = Duration::from_mins(1);

/// A file.
pub struct File {
    source: FileSource,
    clock: Arc<ManualClock>,
    pauses: Arc<Pauses>,
    time: Duration,
}

/// Everything that is in a file.
#[derive(Debug, Default, PartialEq)]
pub struct Content {
    pub contacts: Vec<Value>,
    /// `line 2: expected …`
    pub unreadable: Vec<String>,
}

/// The mappings, by which a contact's id is at `id`.
pub fn mappings() -> Mappings {
    let list = json!([{"id": true, "botmatic": {"name": "id"}, "ext": {"name": "id"}}]);
    let mut errors = ConfigErrors::default();
    let functions = Functions::default();
    let mappings = Mappings::compile(list, &Place::root(), None, &functions, &mut errors);
    errors.into_result(mappings).unwrap()
}

/// The file that `config` describes.
pub fn file(config: impl Into<Value>) -> File {
    stored_at(config, None)
}

/// The same; `s3` is the address of a stand-in for it.
pub fn stored_at(config: impl Into<Value>, s3: Option<&str>) -> File {
    let config: FileConfig = serde_json::from_value(config.into()).unwrap();
    let (http, clock, pauses) = parts();
    let token = Some("session-token".to_owned());
    let credentials = Credentials::new("AKIDEXAMPLE".to_owned(), "sesame".to_owned(), token);
    let (client, time) = (http.client.clone(), Arc::clone(&clock) as Arc<dyn Clock>);
    let s3 = Aws::new(client, "eu-west-1".to_owned(), credentials, time).s3(s3).unwrap();
    let parts = FileParts { http, s3, access: Access::ThisMachine };
    File { source: FileSource::new(config, mappings(), parts).unwrap(), clock, pauses, time: TIME }
}

impl File {
    /// The same, whose pages may take so long.
    pub fn with_time(self, time: Duration) -> Self {
        Self { time, ..self }
    }

    /// The page at `from`.
    pub async fn page(&self, from: &Cursor, limit: u32) -> Result<Page, SourceError> {
        let deadline = Deadline::after(self.time, self.clock.now());
        Ok(self.source.page(from, limit, deadline).await?.page)
    }

    /// Everything from `from` on, and every cursor on the way.
    pub async fn pages(
        &self,
        from: &Cursor,
        limit: u32,
    ) -> Result<(Content, Vec<Cursor>), SourceError> {
        let (mut content, mut cursors) = (Content::default(), vec![from.clone()]);
        while let Some(cursor) = cursors.last() {
            let page = self.page(cursor, limit).await?;
            let found = page.contacts.len() + page.unreadable.len();
            assert!(found <= limit as usize, "{found} on a page of {limit}");
            content.add(&page);
            match page.next {
                Some(next) => cursors.push(next),
                None => break,
            }
        }
        Ok((content, cursors))
    }

    /// Everything.
    pub async fn all(&self) -> Result<Content, SourceError> {
        self.pages(&Cursor::Start, 3).await.map(|(content, _)| content)
    }

    /// Why it cannot be read.
    pub async fn error(&self) -> String {
        self.all().await.expect_err("a file that cannot be read").to_string()
    }

    /// How long it has waited, each time.
    pub fn pauses(&self) -> Vec<Duration> {
        self.pauses.taken()
    }
}

impl Content {
    pub fn add(&mut self, page: &Page) {
        self.contacts.extend(page.contacts.iter().map(|contact| {
            assert_eq!(Ok(&contact.id), ExternalId::from_value(&contact.fields["id"]).as_ref());
            Value::Object(contact.fields.clone())
        }));
        let unreadable = page.unreadable.iter();
        self.unreadable
            .extend(unreadable.map(|it| format!("{}: expected {}", it.place, it.expected)));
    }
}
