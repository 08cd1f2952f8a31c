//! Stand-ins for Botmatic and for the CRM, unless there are others.

use super::banner::say;
use super::contacts::{TENANT, TOKEN};
use super::environment::{Environment, push_key};
use super::{RunError, RunOptions, ports};
use crate::standins::{BotmaticStandin, CrmStandin, Retry, Settings, StandinOptions};

/// Both services that the functions call.
pub(super) struct Standins {
    botmatic: Option<BotmaticStandin>,
    crm: Option<CrmStandin>,
    botmatic_url: String,
    crm_url: String,
}

impl Standins {
    /// Starts those for which there is no address.
    pub(super) async fn start(options: &RunOptions) -> Result<Self, RunError> {
        let mut standins = Self {
            botmatic: None,
            crm: None,
            botmatic_url: options.botmatic_base_url.clone().unwrap_or_default(),
            crm_url: options.crm_base_url.clone().unwrap_or_default(),
        };
        let functions = format!("http://{}", ports::loopback(options.port));
        if options.botmatic_base_url.is_none() {
            let port = options.botmatic_port;
            ports::check_free(port, "the stand-in for Botmatic", "PATCHCORD_BOTMATIC_PORT")?;
            let to = format!("{functions}/botmatic");
            let botmatic = BotmaticStandin::start(delivering(port, to)).await?;
            standins.botmatic_url = botmatic.endpoint();
            standins.botmatic = Some(botmatic);
        }
        if options.crm_base_url.is_none() {
            let port = options.crm_port;
            ports::check_free(port, "the stand-in for a CRM", "PATCHCORD_CRM_PORT")?;
            let crm = CrmStandin::start(delivering(port, functions)).await?;
            crm.deliver_with(TENANT, &push_key());
            standins.crm_url = crm.endpoint();
            standins.crm = Some(crm);
        }
        standins.say_where();
        Ok(standins)
    }

    fn say_where(&self) {
        let (botmatic, crm) = (&self.botmatic_url, &self.crm_url);
        if self.botmatic.is_some() {
            say(format_args!("a stand-in for Botmatic at {botmatic}, its token is {TOKEN}"));
        } else {
            say(format_args!("using the Botmatic at {botmatic} (BOTMATIC_BASE_URL)"));
        }
        if self.crm.is_some() {
            say(format_args!("a stand-in for a CRM at {crm}, its key is local-crm-key"));
        } else {
            say(format_args!("using the CRM at {crm} (CRM_BASE_URL)"));
        }
    }

    /// Tells the functions where they are.
    pub(super) fn announce(&self, environment: &mut Environment) {
        environment.set("BOTMATIC_BASE_URL", &self.botmatic_url);
        environment.set("CRM_BASE_URL", &self.crm_url);
    }

    /// Both, if both were started.
    pub(super) fn both(&self) -> Option<(&BotmaticStandin, &CrmStandin)> {
        self.botmatic.as_ref().zip(self.crm.as_ref())
    }

    /// Ends those that were started.
    pub(super) async fn stop(self) {
        if let Some(botmatic) = self.botmatic {
            botmatic.stop().await;
        }
        if let Some(crm) = self.crm {
            crm.stop().await;
        }
    }
}

fn delivering(port: u16, to: String) -> StandinOptions {
    let settings = Settings { deliver_to: Some(to), ..Settings::default() };
    // Long enough for what a function that was killed has claimed to be free again.
    let retry = Retry { attempts: 14, ..Retry::default() };
    StandinOptions { addr: ports::loopback(port), settings, retry, ..StandinOptions::default() }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use clap::{Args as _, FromArgMatches as _};

    use super::*;

    fn options(arguments: &[&str]) -> RunOptions {
        let command = RunOptions::augment_args(clap::Command::new("run"));
        let arguments = ["run", "--botmatic-port=0", "--crm-port=0"].iter().chain(arguments);
        let matches = command.get_matches_from(arguments);
        RunOptions::from_arg_matches(&matches).unwrap().without_empty()
    }

    fn announced(standins: &Standins) -> Vec<(String, String)> {
        let mut environment = Environment::default();
        standins.announce(&mut environment);
        environment.set
    }

    #[tokio::test]
    async fn both_are_started_and_the_functions_told() {
        let standins = Standins::start(&options(&["--port=1"])).await.unwrap();
        let botmatic = standins.botmatic.as_ref().unwrap();
        let crm = standins.crm.as_ref().unwrap();
        let to = |url: &str| Some(url.to_owned());
        assert_eq!(botmatic.settings().deliver_to, to("http://127.0.0.1:1/botmatic"));
        assert_eq!(crm.settings().deliver_to, to("http://127.0.0.1:1"));
        let expected =
            [("BOTMATIC_BASE_URL", botmatic.endpoint()), ("CRM_BASE_URL", crm.endpoint())];
        assert_eq!(announced(&standins), expected.map(|(name, url)| (name.to_owned(), url)));
        standins.stop().await;
    }

    #[tokio::test]
    async fn others_are_handed_on_and_no_port_is_needed() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let elsewhere = ["--botmatic-base-url=https://b", "--crm-base-url=https://c"];
        let mut options = options(&elsewhere);
        (options.botmatic_port, options.crm_port) = (port, port);
        let standins = Standins::start(&options).await.unwrap();
        assert!(standins.botmatic.is_none() && standins.crm.is_none());
        let expected = [("BOTMATIC_BASE_URL", "https://b"), ("CRM_BASE_URL", "https://c")];
        assert_eq!(announced(&standins), expected.map(|(n, url)| (n.to_owned(), url.to_owned())));

        options.crm_base_url = Some(String::new());
        let refused = Standins::start(&options.without_empty()).await.err().unwrap();
        assert_eq!(
            refused.to_string(),
            format!(
                "port {port} on 127.0.0.1, needed for the stand-in for a CRM, is taken; stop what \
                 listens there, or choose another port with PATCHCORD_CRM_PORT=…"
            )
        );
    }
}
