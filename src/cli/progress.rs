//! How far a long run is.

use super::options::Color;
use super::output::tell;
use clap::ValueEnum;
use jiaokan::records::Summary;
use serde_json::json;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How to tell how far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Progress {
    /// A line that is written anew, when the standard error is a terminal.
    #[default]
    Auto,
    /// One JSON object a second.
    Json,
    /// Not at all.
    Never,
}

/// How often it is told.
const EVERY: Duration = Duration::from_secs(1);

/// Tells how far a run is, once a second.
pub(super) struct Meter {
    how: Progress,
    color: Color,
    name: String,
    /// Bytes of the input, and how many have been read.
    length: u64,
    read: Arc<AtomicU64>,
    begun: Instant,
    told: Instant,
    /// Whether a line is to be written over.
    open: bool,
}

impl Meter {
    pub fn new(how: Progress, color: Color, name: String, length: u64) -> Meter {
        let how = if how == Progress::Auto && !io::stderr().is_terminal() { Progress::Never } else { how };
        let now = Instant::now();
        Meter { how, color, name, length, read: Arc::default(), begun: now, told: now, open: false }
    }

    /// Goes by `read`, which grows with what is read.
    pub fn watch(&mut self, read: Arc<AtomicU64>) {
        self.read = read;
    }

    /// Seconds since the beginning.
    pub fn seconds(&self) -> f64 {
        self.begun.elapsed().as_secs_f64()
    }

    /// A remark of its own.
    pub fn tell(&mut self, remark: &str) {
        if self.how != Progress::Json {
            tell(self.color, |_, out| writeln!(out, "{}: {remark}", self.name));
        }
    }

    /// Tells how far it is, if a second has gone by.
    pub fn show(&mut self, summary: &Summary) {
        if self.how == Progress::Never || self.told.elapsed() < EVERY {
            return;
        }
        self.told = Instant::now();
        let (read, seconds) = (self.read.load(Ordering::Relaxed), self.seconds());
        // How long a stream is nobody knows.
        let share = (self.length > 0 && read > 0).then(|| (read as f64 / self.length as f64).min(1.0));
        let left = share.map(|share| seconds / share - seconds);
        let mut err = io::stderr().lock();
        // That nobody reads it is no reason to stop.
        let _ = match self.how {
            Progress::Json => {
                let rounded = |number: f64| (number * 10.0).round() / 10.0;
                let text = json!({
                    "input": self.name, "records": summary.records, "characters": summary.characters, "changed": summary.changed,
                    "read": read, "of": self.length, "seconds": rounded(seconds), "seconds_left": left.map(rounded),
                });
                writeln!(err, "{text}")
            }
            _ => {
                let rate = summary.characters as f64 / seconds / 1e6;
                let far = share.map_or_else(String::new, |share| format!("{:3.0} %  ", share * 100.0));
                let left = left.map_or_else(String::new, |left| format!(", {} left", duration(left)));
                let (records, characters) = (summary.records, summary.characters as f64 / 1e6);
                let text = format!("{far}{records} records, {characters:.1} M characters, {rate:.2} M/s{left}");
                self.open = true;
                write!(err, "\r\x1b[K{text}")
            }
        };
        let _ = err.flush();
    }

    /// Clears the line.
    pub fn end(&mut self) {
        if std::mem::take(&mut self.open) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn duration(seconds: f64) -> String {
    match seconds as u64 {
        seconds @ 0..=99 => format!("{seconds} s"),
        seconds @ 100..=5999 => format!("{} min", seconds / 60),
        seconds => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}
