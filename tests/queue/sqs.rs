//! A queue of an SQS as AWS's SDK has it, and what the checks do with it again and again.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName as Attribute, QueueAttributeName};
use patchcord::ground::aws::sqs::Queue;
use patchcord_tests::sqs::{client, functions_client};
use patchcord_tests::wait::in_time;

/// A server, and the queue that the check has it to itself.
pub struct Sqs {
    pub client: Client,
    pub endpoint: String,
    pub url: String,
    pub name: String,
    /// Where it differs from AWS's documents, the checks look away.
    pub is_moto: bool,
}

impl Sqs {
    /// With a new queue.
    pub async fn new(endpoint: &str, is_moto: bool) -> Self {
        Self::create(endpoint, is_moto, "", &[]).await
    }

    /// With a new FIFO queue that has these attributes besides.
    pub async fn fifo(endpoint: &str, is_moto: bool, attributes: &[(&str, &str)]) -> Self {
        let attributes = [&[("FifoQueue", "true")], attributes].concat();
        Self::create(endpoint, is_moto, ".fifo", &attributes).await
    }

    async fn create(endpoint: &str, is_moto: bool, suffix: &str, given: &[(&str, &str)]) -> Self {
        let client = client(endpoint);
        let name = format!("queue-{:016x}{suffix}", fastrand::u64(..));
        let attributes = given.iter().map(|(name, value)| {
            let name = QueueAttributeName::from(*name);
            (name, (*value).to_owned())
        });
        let create = client.create_queue().queue_name(&name);
        let create = create.set_attributes(Some(attributes.collect()));
        let url = create.send().await.unwrap().queue_url.unwrap();
        Self { client, endpoint: endpoint.to_owned(), url, name, is_moto }
    }

    /// What functions send with to the queue at `url`.
    pub fn functions_client(&self, url: &str) -> Queue {
        functions_client(&self.endpoint, url)
    }

    pub async fn send(&self, body: &str) -> String {
        let sent = self.client.send_message().queue_url(&self.url).message_body(body).send().await;
        sent.unwrap().message_id.unwrap()
    }

    /// What can be received now, hidden for so many seconds.
    pub async fn receive(&self, seconds: i32) -> Vec<Message> {
        self.receive_from(&self.url, seconds, 0).await
    }

    /// What can be received once there is something.
    pub async fn wait(&self) -> Vec<Message> {
        in_time(async {
            loop {
                // No server waits longer.
                let messages = self.receive_from(&self.url, 900, 20).await;
                if !messages.is_empty() {
                    return messages;
                }
            }
        })
        .await
    }

    pub async fn receive_from(&self, url: &str, seconds: i32, wait: i32) -> Vec<Message> {
        let receive = self.client.receive_message().queue_url(url).wait_time_seconds(wait);
        let receive = receive.max_number_of_messages(10).visibility_timeout(seconds);
        let receive = receive.message_system_attribute_names(Attribute::All);
        let received = receive.message_attribute_names("All").send().await;
        received.unwrap().messages.unwrap_or_default()
    }

    /// The only message there is now.
    pub async fn receive_one(&self, seconds: i32) -> Message {
        let mut messages = self.receive(seconds).await;
        assert_eq!(messages.len(), 1, "{messages:?}");
        messages.remove(0)
    }

    pub async fn attribute(&self, name: &str) -> Option<String> {
        let name = QueueAttributeName::from(name);
        let attributes = self.client.get_queue_attributes().queue_url(&self.url);
        let attributes = attributes.attribute_names(QueueAttributeName::All).send().await;
        attributes.unwrap().attributes?.remove(&name)
    }

    /// Visible, hidden and delayed messages.
    pub async fn counts(&self) -> [String; 3] {
        let mut counts = Vec::new();
        for kind in ["", "NotVisible", "Delayed"] {
            let name = format!("ApproximateNumberOfMessages{kind}");
            counts.push(self.attribute(&name).await.unwrap());
        }
        counts.try_into().unwrap()
    }
}

/// How often a message was received.
pub fn count(message: &Message) -> &str {
    &message.attributes.as_ref().unwrap()[&Attribute::ApproximateReceiveCount]
}

/// The code of a refusal; that it is one is checked.
pub fn code<T, E>(result: Result<T, SdkError<E>>) -> String
where
    SdkError<E>: ProvideErrorMetadata,
{
    let error = result.err().expect("a refusal");
    error.code().unwrap_or("none").to_owned()
}
