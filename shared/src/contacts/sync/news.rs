//! What one side tells of a contact.

use crate::contacts::Fields;
use crate::contacts::Side;
use crate::contacts::mapping::Extent;
use crate::contacts::pairs::Contact;

/// A contact was created or changed.
#[derive(Clone)]
pub(super) struct News {
    /// Which one.
    pub contact: Contact,
    /// Its fields, of a change perhaps only those that changed; none where they have to be read.
    pub fields: Option<Fields>,
    /// Whether these are all its fields.
    pub extent: Extent,
    /// Whether an unknown contact is created on the other side.
    pub may_create: bool,
    /// When the change was made, in the words of who made it.
    pub order: Option<String>,
}

impl News {
    /// All of a contact, which may be a new one.
    pub const fn whole(contact: Contact, fields: Option<Fields>) -> Self {
        Self { contact, fields, extent: Extent::Whole, may_create: true, order: None }
    }

    /// What has changed of a contact that is known.
    pub const fn part(contact: Contact, fields: Option<Fields>) -> Self {
        Self { contact, fields, extent: Extent::Part, may_create: false, order: None }
    }

    /// Where the contact is.
    pub const fn side(&self) -> Side {
        self.contact.side()
    }
}
