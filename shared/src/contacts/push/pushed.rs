//! What a vendor's webhook says, in our words.

use std::collections::HashMap;

use crate::contacts::{ExternalId, Fields};

/// One thing that happened on the external side. It has no `Debug`: fields never reach a log.
#[derive(Clone, PartialEq)]
pub enum Pushed {
    /// A contact is there that was not, or not any more.
    Created {
        /// Which one.
        id: ExternalId,
        /// Its fields as the service's API has them; none means that they have to be read there.
        fields: Option<Fields>,
    },
    /// A contact was changed.
    Changed {
        /// Which one.
        id: ExternalId,
        /// What it has now, perhaps only what changed; none means that it has to be read.
        fields: Option<Fields>,
    },
    /// A contact is gone.
    Deleted {
        /// Which one.
        id: ExternalId,
    },
    /// It is not about a contact, not of this integration, or of a kind that we do not know.
    Ignored,
    /// One of several is not as documented. The others are there all the same.
    Unreadable {
        /// What should be there, and where; to be logged.
        expected: String,
    },
}

impl Pushed {
    /// The contact it is about.
    pub fn id(&self) -> Option<&ExternalId> {
        match self {
            Self::Created { id, .. } | Self::Changed { id, .. } | Self::Deleted { id } => Some(id),
            Self::Ignored | Self::Unreadable { .. } => None,
        }
    }

    /// This and what happened to the same contact after it, as one.
    fn then(self, later: Self) -> Self {
        match (self, later) {
            (Self::Changed { id, fields }, Self::Changed { fields: later, .. }) => {
                Self::Changed { id, fields: joined(fields, later) }
            }
            (Self::Created { id, fields }, Self::Changed { fields: later, .. }) => {
                Self::Created { id, fields: joined(fields, later) }
            }
            // Told late: what is gone has not changed.
            (gone @ Self::Deleted { .. }, Self::Changed { .. }) => gone,
            (_, later) => later,
        }
    }
}

/// Unless both are known, the contact has to be read.
fn joined(earlier: Option<Fields>, later: Option<Fields>) -> Option<Fields> {
    let (mut all, later) = earlier.zip(later)?;
    all.extend(later);
    Some(all)
}

/// What happened, in its order, with at most one for each contact: they may be handled at once.
pub(super) fn once_each(events: impl IntoIterator<Item = Pushed>) -> Vec<Pushed> {
    let mut all: Vec<Pushed> = Vec::new();
    let mut places = HashMap::new();
    for event in events {
        let place = event.id().map(|id| *places.entry(id.clone()).or_insert(all.len()));
        match place.and_then(|place| all.get_mut(place)) {
            Some(earlier) => {
                *earlier = std::mem::replace(earlier, Pushed::Ignored).then(event);
            }
            None => all.push(event),
        }
    }
    all
}
