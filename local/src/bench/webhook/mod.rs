//! The function `webhook`: messages by REST to the echo bot, with sessions in DynamoDB, and
//! messages that are queued.

mod figures;
mod message;
mod plan;
mod queued;

pub(super) use plan::measure;
