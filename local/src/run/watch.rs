//! `cargo lambda watch`, as a child.

use std::{
    env,
    path::Path,
    process::{ExitStatus, Stdio},
};

use tokio::process::{Child, Command};

use super::{RunError, RunOptions, environment::Environment, processes::Family};

/// A running `cargo lambda watch`.
#[derive(Debug)]
pub(super) struct Watch {
    child: Child,
    family: Family,
}

impl Watch {
    /// Starts it in a process group of its own, so that Ctrl-C reaches it through [`Watch::end`] only.
    pub(super) fn start(
        options: &RunOptions,
        root: &Path,
        environment: &Environment,
    ) -> Result<Self, RunError> {
        let mut family = Family::new();
        let mut command = Command::new(&options.cargo_lambda);
        command.args(["lambda", "watch"]);
        // Its default, `::`, is not there on a machine without IPv6, and open to the network.
        command.args(["--invoke-address", "127.0.0.1"]);
        command.args(["--invoke-port", &options.port.to_string()]);
        command.args(["--concurrency", &options.concurrency.to_string()]);
        let attendant = env::current_exe().map_err(RunError::io("find this program"))?;
        command.args(["--config", &runner(&attendant)]);
        let (mark, value) = family.mark();
        command.env(mark, value);
        command.envs(environment.set.iter().map(|(name, value)| (name, value)));
        for name in &environment.unset {
            command.env_remove(name);
        }
        command.current_dir(root).stdin(Stdio::null()).process_group(0).kill_on_drop(true);
        let child = command.spawn().map_err(|source| RunError::NoCargoLambda {
            program: options.cargo_lambda.clone(),
            source,
        })?;
        family.led_by(child.id());
        Ok(Self { child, family })
    }

    /// Waits until it ends by itself, which it should not.
    pub(super) async fn ended(&mut self) -> Result<ExitStatus, RunError> {
        self.child.wait().await.map_err(RunError::io("wait for cargo lambda"))
    }

    /// Ends it, the functions, and a compiler that may be running.
    pub(super) async fn end(mut self) -> Result<(), RunError> {
        let (pids, _) = tokio::join!(self.family.end(), self.child.wait());
        if pids.is_empty() { Ok(()) } else { Err(RunError::Survivors { pids }) }
    }
}

/// Has cargo run each function by way of `patchcord attend`
/// (<https://doc.rust-lang.org/cargo/reference/config.html#targetcfgrunner>).
fn runner(attendant: &Path) -> String {
    let command = serde_json::json!([attendant.to_string_lossy(), "attend"]);
    format!("target.'cfg(all())'.runner={command}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runner_is_what_cargo_takes_for_one() {
        let path = Path::new(r#"/a "b"/patchcord"#);
        let expected = r#"target.'cfg(all())'.runner=["/a \"b\"/patchcord","attend"]"#;
        assert_eq!(runner(path), expected);
    }
}
