//! The function `contact-import` between the stand-ins, in the process of a test.

use std::sync::Arc;

use patchcord::app::{ContactImport, ImportSetup};
use patchcord::contacts::import::source::{Access, FileParts};
use patchcord::ground::aws::Aws;
use patchcord::ground::http::HttpParts;

use super::{Contacts, function};

impl Contacts {
    /// The function `contact-import` without a queue: an invocation makes an import itself. It may
    /// read files of this machine.
    ///
    /// # Panics
    /// If it cannot be started.
    pub async fn importer(&self) -> ContactImport {
        self.import_setup().await.function().expect("contacts in the configuration")
    }

    /// What that function is made of.
    ///
    /// # Panics
    /// If it cannot be.
    pub async fn import_setup(&self) -> ImportSetup {
        self.import_setup_at(&self.dynamo.endpoint()).await
    }

    /// The same with another way to the database.
    ///
    /// # Panics
    /// If it cannot be.
    pub async fn import_setup_at(&self, dynamodb: &str) -> ImportSetup {
        let endpoints = [dynamodb, &*self.botmatic.endpoint()];
        self.import_setup_of(&self.config, endpoints, self.http()).await
    }

    /// The same with another way to both services, and with parts of one's own.
    ///
    /// # Panics
    /// If it cannot be.
    pub async fn import_setup_by(&self, services: &str, http: HttpParts) -> ImportSetup {
        let text = self.config.replace(&self.crm.endpoint(), services);
        self.import_setup_of(&text, [&*self.dynamo.endpoint(), services], http).await
    }

    /// A client, and the clock of everything here.
    pub fn http(&self) -> HttpParts {
        function::http(&self.clock)
    }

    async fn import_setup_of(
        &self,
        text: &str,
        endpoints: [&str; 2],
        http: HttpParts,
    ) -> ImportSetup {
        let (config, database, http) = function::parts(text, endpoints, http).await;
        let aws = Aws::from_env(http.client.clone(), Arc::clone(&http.clock));
        let s3 = aws.s3(None).expect("an address");
        ImportSetup::new(config, database, FileParts { http, s3, access: Access::ThisMachine })
    }
}
