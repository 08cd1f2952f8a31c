//! A reply on its way, call by call.

use serde_json::{Value, json};

use super::SlackConnector;
use super::errors::CallError;
use super::extras;
use super::replies::{self, Call, Plan};
use super::wire::text_at;
use crate::chat::{Outgoing, SendError, Sent};

impl SlackConnector {
    /// Does once what the reply asks for.
    pub(super) async fn carry_out(&self, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let Outgoing { target, reply, remaining, .. } = *outgoing;
        match replies::plan(reply, target)? {
            Plan::Nothing => Ok(Sent::default()),
            Plan::Call(call) => self.make(&call, outgoing).await,
            Plan::Upload { bytes, name, share } => {
                self.client.upload(bytes, name, &share, remaining).await?;
                Ok(Sent::default())
            }
            Plan::Share { file, media } => {
                let file = self.client.file(file, remaining).await?;
                let url = text_at(&file, "/permalink").unwrap_or_default();
                self.make(&replies::link(media, url, target), outgoing).await
            }
        }
    }

    async fn make(&self, call: &Call, outgoing: &Outgoing<'_>) -> Result<Sent, SendError> {
        let answer = self.client.call(call.method, &call.arguments, outgoing.remaining).await;
        let answer = match answer {
            Err(CallError::Refused(refusal)) if call.is_done_by(&refusal.code) => Value::Null,
            Err(CallError::Refused(refusal)) if refusal.is_elsewhere() => {
                return match self.elsewhere(call, outgoing).await {
                    Some(answered) => answered,
                    None => Err(refusal.into()),
                };
            }
            answer => answer?,
        };
        let channel = text_at(&answer, "/channel");
        let id = text_at(&answer, "/ts")
            .map(|ts| replies::message_id(ts, channel, &outgoing.target.room));
        Ok(Sent { message_id: id, is_dropped: false })
    }

    /// Somebody may use a command, a shortcut or a message in a conversation that the bot is not in.
    /// There it can answer the one who did that, for half an hour. What is for another channel, as
    /// JSON of the bot's own may be, is not for their eyes.
    async fn elsewhere(
        &self,
        call: &Call,
        outgoing: &Outgoing<'_>,
    ) -> Option<Result<Sent, SendError>> {
        let event = outgoing.event.filter(|event| event.target == *outgoing.target)?;
        let url = extras::response_url(&event.raw).filter(|_| call.method == replies::POST)?;
        let mut message = call.arguments.clone();
        let arguments = message.as_object_mut()?;
        let channel = arguments.remove("channel");
        if extras::begins_thread(event) {
            arguments.remove("thread_ts");
        }
        channel.filter(|channel| *channel == event.target.room)?;
        message["response_type"] = json!("ephemeral");
        message["replace_original"] = json!(false);
        let responded = self.client.respond(&url, &message, outgoing.remaining).await;
        Some(responded.map(|()| Sent::default()))
    }
}
