//! Replies that grow while they are made, such as those of a language model: shown early, and
//! changed as they grow, where the platform can change a message.

use std::time::Duration;

use tokio::time::Instant;

use super::context::Context;
use super::output::{SendError, Sent};
use super::reply::{Reply, ReplyKind};

/// Between two changes of a message. Telegram asks for no more than one message a second in a chat
/// (<https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this>), Slack for
/// the same in a channel (<https://docs.slack.dev/apis/web-api/rate-limits>).
const PAUSE: Duration = Duration::from_secs(1);

/// A platform that wants to be left alone for longer gets the end of the reply only.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// A reply that grows. What was pushed is seen a second later at most, or, where the platform
/// cannot change messages, once it is finished. Without [`Growing::finish`] the end may be missing.
///
/// ```
/// # use patchcord::chat::{BotResult, Context};
/// async fn bot(context: Context) -> BotResult {
///     let mut reply = context.grow();
///     for word in ["This ", "takes ", "a ", "while."] {
///         reply.push(word).await?;
///     }
///     reply.finish().await?;
///     Ok(())
/// }
/// ```
pub struct Growing {
    context: Context,
    /// What is not in a finished message yet.
    text: String,
    shown: Option<Shown>,
    /// Nothing more is shown before the end.
    is_shown_late: bool,
    next: Instant,
}

/// The message that grows.
struct Shown {
    message_id: String,
    text: String,
}

impl Context {
    /// Begins a reply that grows.
    pub fn grow(&self) -> Growing {
        let is_shown_late = !self.shows(ReplyKind::Edit);
        let (text, next) = (String::new(), Instant::now());
        Growing { context: self.clone(), text, shown: None, is_shown_late, next }
    }
}

impl Growing {
    /// Adds to the reply, and shows it if the last time is long enough ago. A platform that asks
    /// to slow down, or does not answer, is left alone for a while.
    pub async fn push(&mut self, piece: &str) -> Result<(), SendError> {
        self.text.push_str(piece);
        let is_due = Instant::now() >= self.next && !self.text.trim().is_empty();
        if !is_due || self.is_shown_late {
            return Ok(());
        }
        let pause = match self.show().await {
            Ok(()) => PAUSE,
            Err(SendError::RateLimited { retry_after }) => retry_after.max(PAUSE),
            Err(error) if error.is_retryable() => PAUSE,
            Err(error) => return Err(error),
        };
        self.next = Instant::now() + pause.min(LONGEST_PAUSE);
        Ok(())
    }

    /// Shows all of it.
    pub async fn finish(mut self) -> Result<Sent, SendError> {
        let (first, rest) = self.context.cut(self.text.trim());
        let mut sent = match self.shown.take() {
            Some(shown) if shown.text == first => Sent::message(shown.message_id),
            Some(shown) => self.context.edit(shown.message_id, first).await?,
            None if first.is_empty() => Sent::default(),
            None => self.context.send_text(first).await?,
        };
        if !rest.is_empty() {
            sent = self.context.send_text(rest).await?;
        }
        Ok(sent)
    }

    /// Shows what there is by now. A text that has become too long for one message goes on in
    /// another.
    async fn show(&mut self) -> Result<(), SendError> {
        loop {
            let (first, rest) = self.context.cut(self.text.trim_start());
            let (first, rest) = (first.trim_end().to_owned(), rest.to_owned());
            match &mut self.shown {
                Some(shown) if shown.text == first => {}
                Some(shown) => {
                    let (message_id, text) = (shown.message_id.clone(), first.clone());
                    let edit = Reply::Edit { message_id, text, buttons: Vec::new() };
                    self.context.attempt(&edit).await?;
                    shown.text = first;
                }
                None => {
                    let sent = self.context.attempt(&Reply::text(first.as_str())).await?;
                    let Some(message_id) = sent.message_id else {
                        // It cannot be changed: the rest is said at the end, and to nobody if
                        // nobody is there.
                        self.text = if sent.is_dropped { String::new() } else { rest };
                        self.is_shown_late = true;
                        return Ok(());
                    };
                    self.shown = Some(Shown { message_id, text: first });
                }
            }
            if rest.trim().is_empty() {
                return Ok(());
            }
            (self.text, self.shown) = (rest, None);
        }
    }
}
