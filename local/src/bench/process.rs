//! What Linux tells about a running process, from `/proc` (see `man 5 proc`).

use std::{fs, path::Path, time::Duration};

use super::BenchError;

/// How much memory a process has in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Now: `VmRSS`.
    pub bytes: u64,
    /// The most so far: `VmHWM`.
    pub peak_bytes: u64,
}

/// The memory of process `pid`.
pub fn memory(pid: u32) -> Result<Memory, BenchError> {
    let status = read(format!("/proc/{pid}/status"))?;
    let bytes = |field| kilobytes(&status, field).unwrap_or_default() * 1024;
    Ok(Memory { bytes: bytes("VmRSS"), peak_bytes: bytes("VmHWM") })
}

/// How long the threads of process `pid` have been on a CPU so far, in the kernel or out of it.
pub fn cpu_time(pid: u32) -> Result<Duration, BenchError> {
    let threads = format!("/proc/{pid}/task");
    let entries = fs::read_dir(&threads)
        .map_err(|source| BenchError::Proc { path: threads.into(), source })?;
    let mut total = Duration::ZERO;
    for thread in entries.flatten() {
        // A thread that has ended meanwhile has no file any more.
        let schedule = read(thread.path().join("schedstat")).unwrap_or_default();
        total += Duration::from_nanos(first_number(&schedule));
    }
    Ok(total)
}

pub(super) fn read(path: impl AsRef<Path>) -> Result<String, BenchError> {
    let path = path.as_ref();
    fs::read_to_string(path).map_err(|source| BenchError::Proc { path: path.to_owned(), source })
}

/// From a line such as `VmRSS:      9876 kB`.
fn kilobytes(status: &str, field: &str) -> Option<u64> {
    let value = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    value.trim().strip_suffix(" kB")?.parse().ok()
}

/// From a line such as `123456789 4242 7`: nanoseconds on a CPU, nanoseconds waiting, time slices.
fn first_number(schedule: &str) -> u64 {
    schedule.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_by_their_whole_name() {
        let status = "Name:\twebhook\nVmHWM:\t   12345 kB\nVmRSS:\t    9876 kB\nThreads:\t1\n";
        let cases =
            [("VmRSS", Some(9876)), ("VmHWM", Some(12345)), ("Vm", None), ("Threads", None)];
        for (field, expected) in cases {
            assert_eq!(kilobytes(status, field), expected, "{field}");
        }
        assert_eq!(first_number("123456789 4242 7\n"), 123_456_789);
        assert_eq!(first_number(""), 0);
    }

    #[test]
    fn this_process_has_memory_and_uses_its_cpu() {
        let pid = std::process::id();
        let memory = memory(pid).unwrap();
        assert!(memory.bytes > 0 && memory.peak_bytes >= memory.bytes, "{memory:?}");
        assert!(cpu_time(pid).unwrap() > Duration::ZERO);
    }
}
