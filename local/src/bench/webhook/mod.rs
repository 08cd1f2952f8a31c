//! The function `webhook`: messages by REST to the echo bot, with sessions in DynamoDB.

mod figures;
mod message;
mod plan;

pub(super) use plan::measure;
