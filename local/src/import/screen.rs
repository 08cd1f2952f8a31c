//! Where progress is shown: a bar at the foot of a terminal, or lines.

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write};
use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

const STEPS: u64 = 1_000;
const BAR: &str = "{bar:20} {percent:>3} %  {wide_msg}";
/// Where nobody knows how many contacts there are.
const NO_BAR: &str = "{spinner} {wide_msg}";
/// How often a bar is drawn, and how often a line is written.
const DRAWN: Duration = Duration::from_millis(500);
const WRITTEN: Duration = Duration::from_secs(10);

/// The standard error, with a bar at its foot or without. Clones are the same.
#[derive(Clone)]
pub struct Screen {
    bar: Option<ProgressBar>,
}

/// How far an import has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// Contacts that were read.
    pub seen: u64,
    /// Contacts that were not brought over.
    pub failed: u64,
    /// Contacts in a second, since this process has begun.
    pub rate: f64,
    /// How much of the source is done, from 0 to 1, if anybody knows.
    pub done: Option<f64>,
    /// How long it will take if it goes on like this.
    pub left: Option<Duration>,
}

impl Screen {
    /// With a bar if `watch` and there is a terminal.
    pub fn new(watch: bool) -> Self {
        let is_bar = watch && io::stderr().is_terminal();
        let bar = is_bar.then(|| {
            let target = ProgressDrawTarget::stderr();
            ProgressBar::with_draw_target(Some(STEPS), target).with_style(style(NO_BAR))
        });
        Self { bar }
    }

    /// How often to show something.
    pub fn period(&self) -> Duration {
        if self.bar.is_some() { DRAWN } else { WRITTEN }
    }

    /// A line, above the bar.
    pub fn say(&self, line: impl Display) {
        self.above(|| eprintln!("patchcord: {line}"));
    }

    /// Shows how far it has come.
    pub fn show(&self, figures: &Figures) {
        let Some(bar) = &self.bar else {
            self.say(figures);
            return;
        };
        if let Some(done) = figures.done {
            bar.set_style(style(BAR));
            bar.set_position(permille(done));
        }
        bar.set_message(figures.words());
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn above<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

/// Logs are written above the bar, too.
impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.above(|| io::stderr().write_all(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

impl Figures {
    fn words(&self) -> String {
        let seen = contacts(self.seen);
        let left = self.left.map(|left| format!(", {} left", clock(left))).unwrap_or_default();
        let failed = match self.failed {
            0 => String::new(),
            failed => format!(", {} not brought over", HumanCount(failed)),
        };
        format!("{seen}, {:.0} a second{left}{failed}", self.rate)
    }
}

impl Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(done) = self.done {
            write!(f, "{:.0} %, ", done * 100.0)?;
        }
        f.write_str(&self.words())
    }
}

/// So many contacts, as people say it.
pub fn contacts(count: u64) -> String {
    let contacts = if count == 1 { "contact" } else { "contacts" };
    format!("{} {contacts}", HumanCount(count))
}

/// A time as people say it: `42 s`, `3 min 20 s`, `2 h 5 min`.
pub fn clock(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "from 0 to 1,000"
)]
fn permille(done: f64) -> u64 {
    (done.clamp(0.0, 1.0) * STEPS as f64) as u64
}

/// A template that is wrong would be found by the test below.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_right_and_figures_are_said() {
        for template in [BAR, NO_BAR] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
        let left = Some(Duration::from_secs(200));
        let figures = Figures { seen: 12_300, failed: 3, rate: 99.6, done: Some(0.4321), left };
        assert_eq!(
            figures.to_string(),
            "43 %, 12,300 contacts, 100 a second, 3 min 20 s left, 3 not brought over"
        );
        let unknown = Figures { failed: 0, done: None, left: None, ..figures };
        assert_eq!(unknown.to_string(), "12,300 contacts, 100 a second");
        let one = Figures { seen: 1, ..unknown };
        assert_eq!(one.to_string(), "1 contact, 100 a second");
        assert_eq!((permille(0.4321), permille(1.5)), (432, 1_000));
        assert_eq!(clock(Duration::from_mins(125)), "2 h 5 min");
    }
}
