//! The two servers that one contract is held against.

use patchcord_local::queue::{self, SqsOptions};

use crate::moto::Moto;
use crate::sqs::Sqs;

/// One of them. It ends when dropped.
pub enum Server {
    Local(queue::Sqs),
    Moto(Moto),
}

impl Server {
    pub async fn local() -> Self {
        Self::Local(queue::Sqs::start(SqsOptions::default()).await.unwrap())
    }

    pub async fn moto() -> Self {
        Self::Moto(Moto::start().await)
    }

    fn endpoint(&self) -> String {
        match self {
            Self::Local(local) => local.endpoint(),
            Self::Moto(moto) => moto.endpoint(),
        }
    }

    /// A new queue.
    pub async fn queue(&self) -> Sqs {
        Sqs::new(&self.endpoint(), matches!(self, Self::Moto(_))).await
    }

    /// A new FIFO queue that has these attributes besides.
    pub async fn fifo(&self, attributes: &[(&str, &str)]) -> Sqs {
        Sqs::fifo(&self.endpoint(), matches!(self, Self::Moto(_)), attributes).await
    }
}
