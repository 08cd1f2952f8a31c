//! From functions that are being compiled to lines to paste.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    pin,
    time::{Instant, sleep, timeout},
};

use super::{
    attend::NOT_RUNNING,
    banner::{self, say, show},
    contacts::{self, Imports, NotInstalled, Sections},
    health::{self, Health},
    ports,
    standins::Standins,
};

/// Until the health is asked for again.
const POLL: Duration = Duration::from_millis(200);
const POLL_UNWELL: Duration = Duration::from_secs(2);
/// When waiting is explained, first and again.
const FIRST_WORD: Duration = Duration::from_secs(2);
const NEXT_WORD: Duration = Duration::from_secs(30);
/// How long chat waits for contacts. What the second function needs is compiled by then, and a
/// mistake in its sections must not hold the first one back.
const PATIENCE: Duration = Duration::from_secs(45);

/// What it takes to say that everything runs.
pub(super) struct Announcement<'a> {
    /// Where the functions listen.
    pub(super) port: u16,
    pub(super) standins: &'a Standins,
    /// `patchcord.yaml`.
    pub(super) config: PathBuf,
    /// What invokes functions.
    pub(super) cargo_lambda: &'a Path,
    /// Where DynamoDB is.
    pub(super) dynamodb: &'a str,
    /// The table of integrations and pairs.
    pub(super) table: &'a str,
}

impl Announcement<'_> {
    /// Waits until the functions answer, and prints the lines.
    pub(super) async fn make(&self) {
        let addr = ports::loopback(self.port);
        let first = patiently(
            "the functions; compiling them takes a few minutes the first time",
            answered(addr),
        );
        healthy(addr, first.await).await;
        let contacts = self.contacts();
        pin!(contacts);
        if let Ok(lines) = timeout(PATIENCE, &mut contacts).await {
            show(self.ready(&lines));
            return;
        }
        show(self.ready(""));
        say("lines about contacts follow once the function botmatic answers");
        show(contacts.await);
    }

    /// Lines to paste. The file is read again: a mistake in it may have been corrected meanwhile.
    fn ready(&self, contacts: &str) -> String {
        banner::ready(self.port, &Sections::of(&self.config).channels, contacts)
    }

    /// Lines about contacts, once they are kept in step. None if nobody wants that.
    async fn contacts(&self) -> String {
        if !Sections::of(&self.config).botmatic || self.standins.both().is_none() {
            return String::new();
        }
        match patiently("the function botmatic", self.connect()).await {
            Ok(lines) => lines,
            Err(error) => {
                say(format_args!(
                    "contacts are not kept in step: {:#}",
                    anyhow::Error::from(error)
                ));
                String::new()
            }
        }
    }

    async fn connect(&self) -> Result<String, NotInstalled> {
        let Some((botmatic, crm)) = self.standins.both() else { return Ok(String::new()) };
        let functions = format!("http://{}", ports::loopback(self.port));
        let integration = contacts::install(&functions).await?;
        contacts::forget_pairs(&integration, self.dynamodb, self.table).await?;
        crm.set_integration(contacts::TENANT, integration.as_str());
        // Read again: a mistake in it may have been corrected meanwhile.
        let sections = Sections::of(&self.config);
        let mut lines = String::new();
        if sections.crm.is_some() {
            lines += &banner::contacts(&botmatic.endpoint(), &crm.endpoint());
        }
        if sections.crm == Some(Imports::ByAdmin) {
            let (crm, integration) = (crm.endpoint(), integration.as_str());
            lines += &banner::imports(self.port, &crm, integration, self.cargo_lambda);
        }
        if sections.settings {
            lines += &banner::settings(self.port);
        }
        Ok(lines)
    }
}

/// Waits, and says what for.
async fn patiently<T>(what: &str, waited_for: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let talk = async {
        sleep(FIRST_WORD).await;
        say(format_args!("waiting for {what}"));
        loop {
            sleep(NEXT_WORD).await;
            say(format_args!(
                "still waiting, {} s now; if there is an error above, correct it and save, it is \
                 tried again",
                begun.elapsed().as_secs()
            ));
        }
    };
    tokio::select! {
        done = waited_for => done,
        () = talk => std::future::pending().await,
    }
}

/// What the function `webhook` answers first.
async fn answered(addr: SocketAddr) -> Health {
    loop {
        match health::ask(addr).await {
            Health::Silent => sleep(POLL).await,
            answer => return answer,
        }
    }
}

/// Returns once the function `webhook` is well.
async fn healthy(addr: SocketAddr, first: Health) {
    let mut said = String::new();
    let mut health = first;
    loop {
        match health {
            Health::Healthy => return,
            Health::Silent => sleep(POLL).await,
            Health::Unwell(answer) => {
                // Of a function that does not run, the terminal tells already.
                if answer != said && !answer.contains(NOT_RUNNING) {
                    say(format_args!("the health check got: {answer}"));
                    said = answer;
                }
                sleep(POLL_UNWELL).await;
            }
        }
        health = health::ask(addr).await;
    }
}
