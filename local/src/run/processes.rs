//! Finds and ends every process that came from one that was started here.
//!
//! cargo lambda gives each function a process group of its own, and leaves it behind if it is
//! killed itself. Children inherit their parent's environment, so all of them carry a mark.

use std::{fs, time::Duration};

use nix::{
    errno::Errno,
    sys::signal::{Signal, kill, killpg},
    unistd::Pid,
};
use tokio::time::{Instant, sleep};

/// The variable that marks them.
const MARK: &str = "PATCHCORD_RUN";
/// Between SIGTERM and SIGKILL.
const GRACE: Duration = Duration::from_secs(3);
/// After SIGKILL, the kernel needs a moment, or longer where memory is being swapped.
const AFTERMATH: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(50);

/// A child that leads a process group, and all that comes from it.
#[derive(Debug)]
pub(super) struct Family {
    mark: String,
    leader: Option<u32>,
}

impl Family {
    /// Not born yet.
    pub(super) fn new() -> Self {
        Self { mark: format!("{:032x}", fastrand::u128(..)), leader: None }
    }

    /// What goes into the child's environment.
    pub(super) fn mark(&self) -> (&'static str, &str) {
        (MARK, &self.mark)
    }

    /// The child is there, and leads a group.
    pub(super) fn led_by(&mut self, leader: Option<u32>) {
        self.leader = leader;
    }

    /// Ends all of them and returns those that would not.
    pub(super) async fn end(&self) -> Vec<u32> {
        self.signal(Signal::SIGTERM, &[]);
        let left = self.wait(GRACE).await;
        if left.is_empty() {
            return left;
        }
        self.signal(Signal::SIGKILL, &left);
        self.wait(AFTERMATH).await
    }

    async fn wait(&self, patience: Duration) -> Vec<u32> {
        let deadline = Instant::now() + patience;
        loop {
            // Before looking: they may end while this process does not get to run.
            let is_last_look = Instant::now() > deadline;
            let left = self.members();
            if left.is_empty() || is_last_look {
                return left;
            }
            sleep(POLL).await;
        }
    }

    /// To the group, and to these.
    fn signal(&self, signal: Signal, others: &[u32]) {
        if let Some(leader) = self.leader.and_then(to_pid) {
            // An error means that the group is no more.
            let _ = killpg(leader, signal);
        }
        for pid in others.iter().filter_map(|pid| to_pid(*pid)) {
            let _ = kill(pid, signal);
        }
    }

    /// Those that are alive. Without `/proc`, only whether the group is.
    fn members(&self) -> Vec<u32> {
        let Ok(processes) = fs::read_dir("/proc") else { return self.group() };
        let mark = format!("{MARK}={}", self.mark);
        let marked = |pid: &u32| {
            // A process that has ended, and nobody has asked how, has no environment any more.
            fs::read(format!("/proc/{pid}/environ")).is_ok_and(|environment| {
                environment.split(|byte| *byte == 0).any(|entry| entry == mark.as_bytes())
            })
        };
        let pids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        pids.filter(marked).collect()
    }

    fn group(&self) -> Vec<u32> {
        let alive = |leader: &u32| {
            to_pid(*leader).is_some_and(|pid| killpg(pid, None) != Err(Errno::ESRCH))
        };
        self.leader.filter(alive).into_iter().collect()
    }
}

fn to_pid(pid: u32) -> Option<Pid> {
    i32::try_from(pid).ok().map(Pid::from_raw)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use tokio::time::timeout;

    use super::*;

    /// Only a test that fails waits that long.
    const PATIENCE: Duration = Duration::from_mins(1);

    fn start(script: &str) -> (Family, std::process::Child) {
        use std::os::unix::process::CommandExt;
        let mut family = Family::new();
        let (name, value) = family.mark();
        let mut command = Command::new("sh");
        command.args(["-c", script]).env(name, value).process_group(0).stdout(Stdio::piped());
        let child = command.spawn().unwrap();
        family.led_by(Some(child.id()));
        (family, child)
    }

    /// Waits until the script has said that it is set up.
    fn wait_for_line(child: &mut std::process::Child) {
        use std::io::{BufRead, BufReader};
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    }

    #[tokio::test]
    async fn ends_children_and_orphans() {
        // The inner shell is in a group of its own and is left behind at once.
        let script = "setsid sh -c 'sleep 60 & sleep 60' & sleep 60 & exit 0";
        let (family, mut child) = start(script);
        child.wait().unwrap();
        let all_are_there = async {
            while family.members().len() < 3 {
                sleep(POLL).await;
            }
        };
        timeout(PATIENCE, all_are_there).await.expect("an inner shell and two that sleep");
        assert_eq!(family.end().await, Vec::<u32>::new());
    }

    #[tokio::test]
    async fn kills_what_ignores_the_polite_signal() {
        let (family, mut child) = start("trap '' TERM; echo; while :; do sleep 0.1; done");
        wait_for_line(&mut child);
        let begun = Instant::now();
        let (left, _) =
            tokio::join!(family.end(), tokio::task::spawn_blocking(move || child.wait()));
        assert_eq!(left, Vec::<u32>::new());
        assert!(begun.elapsed() >= GRACE);
    }
}
