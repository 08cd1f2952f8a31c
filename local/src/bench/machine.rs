//! Where the figures were measured.

use std::{process::Command, thread};

use serde::Serialize;

use super::{BenchError, process};

/// The machine, its system and the compiler on it.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Machine {
    pub(super) cpu: String,
    pub(super) cores: usize,
    pub(super) kernel: String,
    pub(super) rustc: String,
    /// When the measurements began, as the system gives it, in UTC.
    pub(super) date: String,
    /// How many processes wanted a core in the minute before; far above zero, and the figures are
    /// those of a busy machine.
    pub(super) load_before: String,
}

impl Machine {
    pub(super) fn look() -> Result<Self, BenchError> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let cpu = model_name(&process::read("/proc/cpuinfo")?).unwrap_or("unknown").to_owned();
        let load = process::read("/proc/loadavg")?;
        let load_before = load.split_whitespace().next().unwrap_or_default().to_owned();
        let kernel = process::read("/proc/sys/kernel/osrelease")?.trim().to_owned();
        let rustc = output("rustc", &["--version"])?;
        let date = output("date", &["-u", "+%Y-%m-%d %H:%M"])?;
        Ok(Self { cpu, cores, kernel, rustc, date, load_before })
    }
}

/// Not every architecture has it.
fn model_name(cpuinfo: &str) -> Option<&str> {
    let line = cpuinfo.lines().find(|line| line.starts_with("model name"))?;
    line.split_once(": ").map(|(_, name)| name)
}

fn output(program: &'static str, arguments: &[&str]) -> Result<String, BenchError> {
    let output = Command::new(program).args(arguments).output();
    let output = output.map_err(|source| BenchError::Program { program, source })?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_model_name_counts() {
        let cpuinfo = "processor\t: 0\nmodel name\t: Fast: 9000\n\nmodel name\t: Slow\n";
        assert_eq!(model_name(cpuinfo), Some("Fast: 9000"));
        assert_eq!(model_name("processor\t: 0\n"), None);
    }
}
