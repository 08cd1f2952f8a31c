//! The examples of `docs/consumers.md` are understood, and its Rust is that of `own_type/`.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use patchcord::contacts::consumer::registry::Consumers;
use patchcord::ground::clock::SystemClock;
use patchcord::ground::config::{Document, Parameters, Place, ResolveError, Section};
use patchcord::ground::http::HttpParts;

use crate::own_type::AddressBook;
use crate::support::document::shows;

const DOCUMENT: &str = include_str!("../../../docs/consumers.md");

struct Anything;

#[async_trait]
impl Parameters for Anything {
    async fn parameter(&self, _: &str) -> Result<String, ResolveError> {
        Ok("sesame".to_owned())
    }
}

#[test]
fn the_document_shows_the_code() {
    shows(DOCUMENT, "address_book.rs", include_str!("own_type/address_book.rs"));
}

#[tokio::test]
async fn every_example_is_understood() {
    let examples: Vec<_> = DOCUMENT.split("```yaml\n").skip(1).collect();
    assert!(examples.len() >= 8, "{}", examples.len());
    for example in examples {
        let example = example.split("```").next().unwrap();
        let env = |_: &str| Some("sesame".to_owned());
        let path = Path::new("patchcord.yaml");
        let document = Document::parse(path, example, &[], &env, &Anything).await.unwrap();
        let understood = document.understand(|mut file, errors| {
            let place = Place::root().key("contacts");
            let contacts = Section::new(file.take("contacts")?, place.clone());
            let consumer = errors.note(contacts)?.take("consumer")?;
            let consumers = Consumers::built_in().with("address-book", AddressBook::from_settings);
            let client = patchcord::ground::http::client().unwrap();
            let parts = HttpParts::new(client, Arc::new(SystemClock));
            let made = consumers.make(consumer, parts, &place.key("consumer"));
            made.map_err(|all| all.0.into_iter().for_each(|error| errors.add(error))).ok()
        });
        assert!(understood.is_ok(), "{example}\n{}", understood.err().unwrap());
    }
}
