//! Who the bot of a channel is, for telling what is its own and what is for others.

use super::extras::Command;

/// The bot that a channel is for.
#[derive(Clone, Debug)]
pub(super) struct Bot {
    /// Its id, the part of its token before the colon.
    pub id: i64,
    /// Its public name, without `@`, where the configuration says it.
    pub username: Option<String>,
    /// Whether joins and leaves come as updates `chat_member`. Messages tell of them as well, which
    /// are then left out.
    pub sees_members: bool,
}

impl Bot {
    /// Whether a command is for another bot of the group. Names of bots are the same in large and
    /// small letters.
    pub fn is_not_meant(&self, command: &Command) -> bool {
        match (&self.username, &command.bot) {
            (Some(ours), Some(named)) => !ours.eq_ignore_ascii_case(named),
            _ => false,
        }
    }
}
