//! A function from its start to its end, and what comes after that.

use std::collections::VecDeque;
use std::env;
use std::io;
use std::path::Path;
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{ChildStderr, ChildStdout, Command};

use super::news::is_news;
use super::refusal::refuse;
use super::runtime::RuntimeApi;
use super::{AttendError, AttendOptions};
use crate::run::banner::say;

/// How many of its latest lines a function that has ended is known by.
const LINES: usize = 20;
/// What cargo lambda sets for every function, and the runtime warns of in one that takes one event
/// after the other.
const MAX_CONCURRENCY: &str = "AWS_LAMBDA_MAX_CONCURRENCY";

/// Runs the function, and refuses what comes once it has ended. Returns when `cargo lambda watch`
/// is gone.
pub async fn attend(options: &AttendOptions) -> Result<(), AttendError> {
    let runtime = RuntimeApi::from_env()?;
    let name = env::var("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_else(|_| file_name(&options.program));
    say(format_args!("starting {name}"));
    let words = run(options).await?;
    let config = env::var("PATCHCORD_CONFIG").unwrap_or_default();
    let config = Some(file_name(Path::new(&config))).filter(|config| !config.is_empty());
    let to_mend = config.filter(|config| words.contains(config));
    let to_mend = to_mend.as_deref().unwrap_or("what is said above");
    say(format_args!("{name} does not run: mend {to_mend}; it is tried again when you save"));
    loop {
        let invocation = runtime.next().await?;
        let refusal = refuse(&invocation.event, &name, &words);
        runtime.answer(&invocation, &refusal).await?;
    }
}

/// Runs it to its end: the latest of what it said on standard error, or how it ended if it said
/// nothing.
async fn run(options: &AttendOptions) -> Result<String, AttendError> {
    let failed = |source| AttendError::Program { program: options.program.clone(), source };
    let mut command = Command::new(&options.program);
    command.args(&options.arguments).env_remove(MAX_CONCURRENCY);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(failed)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let (shown, latest) = tokio::join!(show(stdout), show_and_keep(stderr));
    shown.map_err(failed)?;
    let mut latest = latest.map_err(failed)?;
    let status = child.wait().await.map_err(failed)?;
    if latest.is_empty() {
        return Ok(format!("it has ended ({status})"));
    }
    let words = latest.make_contiguous().join("\n");
    Ok(words.trim_start_matches("Error: ").to_owned())
}

/// Shows the news; everything to those who want to know it all.
async fn show(stdout: Option<ChildStdout>) -> io::Result<()> {
    let Some(stdout) = stdout else { return Ok(()) };
    let level = env::var("AWS_LAMBDA_LOG_LEVEL").unwrap_or_default().to_lowercase();
    let is_all = ["debug", "trace"].contains(&level.as_str());
    let mut lines = BufReader::new(stdout).split(b'\n');
    while let Some(line) = lines.next_segment().await? {
        if is_all || is_news(&line) {
            println!("{}", String::from_utf8_lossy(&line));
        }
    }
    Ok(())
}

/// Shows everything, and returns the latest of it.
async fn show_and_keep(stderr: Option<ChildStderr>) -> io::Result<VecDeque<String>> {
    let mut latest = VecDeque::with_capacity(LINES);
    let Some(stderr) = stderr else { return Ok(latest) };
    let mut lines = BufReader::new(stderr).split(b'\n');
    while let Some(line) = lines.next_segment().await? {
        let line = String::from_utf8_lossy(&line).into_owned();
        eprintln!("{line}");
        if latest.len() == LINES {
            latest.pop_front();
        }
        latest.push_back(line);
    }
    Ok(latest)
}

fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_function_is_known_by_its_latest_lines() {
        let many: Vec<_> = (11..=30).map(|line| line.to_string()).collect();
        for (script, expected) in [
            ("echo 'Error: a: b' >&2; echo c >&2; exit 1", "a: b\nc"),
            ("seq 30 >&2", &many.join("\n")),
            ("echo standard output; exit 3", "it has ended (exit status: 3)"),
            ("kill -9 $$", "it has ended (signal: 9 (SIGKILL))"),
        ] {
            let arguments = ["-c".into(), script.into()].to_vec();
            let words = run(&AttendOptions { program: "sh".into(), arguments }).await.unwrap();
            assert_eq!(words, expected, "{script}");
        }
    }
}
