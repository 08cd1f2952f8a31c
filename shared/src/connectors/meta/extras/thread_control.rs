//! Which app answers in a conversation, where several can.

use crate::connectors::meta::wire::{Control, Id, Item};

/// A change of who answers in the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadControl {
    /// The kind of change.
    pub change: ControlChange,
    /// The app that had it; none if nobody had.
    pub previous_owner: Option<String>,
    /// The app that has it now, or wants it.
    pub new_owner: Option<String>,
    /// What that app said about it.
    pub metadata: Option<String>,
}

/// How a conversation changes hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ControlChange {
    /// An app has passed it to another.
    Passed,
    /// An app has taken it.
    Taken,
    /// An app would like to have it.
    Requested,
}

impl Item {
    /// Who answers from now on, if this is what happened.
    pub(in crate::connectors::meta) fn thread_control(&self) -> Option<ThreadControl> {
        let changes = [
            (ControlChange::Passed, &self.pass_thread_control),
            (ControlChange::Taken, &self.take_thread_control),
            (ControlChange::Requested, &self.request_thread_control),
        ];
        changes.into_iter().find_map(|(change, control)| {
            let Control { previous_owner_app_id, new_owner_app_id, metadata } = control.as_ref()?;
            let owner = |id: &Option<Id>| id.as_ref().map(|Id(id)| id.clone());
            Some(ThreadControl {
                change,
                previous_owner: owner(previous_owner_app_id),
                new_owner: owner(new_owner_app_id),
                metadata: metadata.clone(),
            })
        })
    }
}
