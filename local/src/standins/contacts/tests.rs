use serde_json::json;

use super::{Contacts, Generated, Record};

fn record(email: &str) -> Record {
    let fields = json!({ "email": email }).as_object().cloned().unwrap_or_default();
    Record { fields, updated_at: 7 }
}

#[test]
fn an_address_leads_to_those_who_have_it_now() {
    let mut contacts = Contacts::default();
    contacts.put(1, record("Ada@example.com"));
    contacts.put(2, record("ada@example.com"));
    contacts.put(3, record("adan@example.com"));
    assert_eq!(contacts.by_email("ADA@example.com"), [1, 2]);
    contacts.put(1, record("other@example.com"));
    assert!(contacts.remove(2));
    assert!(!contacts.remove(2));
    assert_eq!(contacts.by_email("ada@example.com"), [] as [u64; 0]);
    assert_eq!(contacts.by_email("other@example.com"), [1]);
}

#[test]
fn generated_contacts_can_be_changed_and_deleted_like_others() {
    let mut contacts = Contacts::generated(Generated { count: 5, seed: 3, at: 100 });
    let fourth = contacts.get(4).unwrap();
    assert_eq!(fourth, contacts.get(4).unwrap());
    assert_eq!(fourth.fields["email"], "contact-4@3.example.com");
    assert_eq!(contacts.by_email("contact-4@3.example.com"), [4]);
    assert_eq!(contacts.by_email("contact-4@4.example.com"), [] as [u64; 0]);
    assert_eq!(contacts.by_email("contact-6@3.example.com"), [] as [u64; 0]);

    contacts.put(4, record("four@example.com"));
    assert!(contacts.remove(1) && contacts.remove(3) && !contacts.remove(3));
    contacts.put(9, record("nine@example.com"));
    assert_eq!(contacts.len(), 4);
    assert_eq!(contacts.get(3), None);
    assert_eq!(contacts.get(4).unwrap().fields["email"], "four@example.com");
    assert_eq!(contacts.by_email("contact-4@3.example.com"), [] as [u64; 0]);

    let after = |number| contacts.after(number).collect::<Vec<_>>();
    assert_eq!(after(0), [2, 4, 5, 9]);
    assert_eq!(after(4), [5, 9]);
    assert_eq!(after(9), [] as [u64; 0]);
    for (offset, expected) in [(0, Some(2)), (1, Some(4)), (2, Some(5)), (3, Some(9)), (4, None)] {
        let next = contacts.after(contacts.before_offset(offset)).next();
        assert_eq!(next, expected, "offset {offset}");
    }
}

#[test]
fn a_million_can_be_walked_from_anywhere() {
    let contacts = Contacts::generated(Generated { count: 1_000_000, seed: 1, at: 0 });
    assert_eq!(contacts.len(), 1_000_000);
    assert_eq!(
        contacts.after(contacts.before_offset(999_998)).collect::<Vec<_>>(),
        [999_999, 1_000_000]
    );
}
