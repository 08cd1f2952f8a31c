//! A consumer of one's own, as `docs/consumers.md` shows it.

use patchcord::contacts::consumer::Operation;
use patchcord::contacts::consumer::registry::Consumers;
use serde_json::json;

use crate::support::harness::make;

mod address_book;

pub use address_book::AddressBook;

#[tokio::test]
async fn a_type_of_ones_own_is_named_in_the_configuration() {
    let consumers = Consumers::built_in().with("address-book", AddressBook::from_settings);
    let book = make(&consumers, "{type: address-book, most: 1}", "").unwrap();
    assert_eq!(book.create(json!({"email": "ada@example.com"})).await.unwrap(), "1");
    assert_eq!(book.find("ada@example.com").await.unwrap()["id"], "1");
    let refused = book.create(json!({"email": "b@example.com"})).await.unwrap_err();
    assert_eq!(refused.to_string(), "the service refused with status 507 (full)");
    assert!(!book.consumer.offers(Operation::ListContacts));
    let mistake = make(&consumers, "{type: address-book, mots: 1}", "").err().unwrap();
    assert!(mistake.to_string().starts_with("contacts.consumer.mots: unknown field"), "{mistake}");
    let mistake = make(&consumers, "{type: x}", "").err().unwrap().to_string();
    assert!(mistake.contains("one of: address-book, http, hubspot"), "{mistake}");
}
