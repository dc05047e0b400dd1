//! Runs something again whenever files change.

use super::Outcome;
use super::error::Failure;
use super::options::Color;
use super::output::{complain, tell};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};
use walkdir::WalkDir;

/// How often files are looked at. Looking works alike on every system and file system; a folder of rules is small.
const EVERY: Duration = Duration::from_millis(200);

/// What is seen of the files: enough to notice that one was written, made or removed.
type Seen = Vec<(PathBuf, Option<SystemTime>, u64)>;

/// Runs `run`, and again whenever a file at one of `paths` or below changes, until the process is stopped. What goes wrong in a run
/// is told, and the next change is waited for.
pub(super) fn again_and_again(
    paths: &[PathBuf],
    color: Color,
    run: impl Fn() -> Result<Outcome, Failure>,
) -> Result<Outcome, Failure> {
    let mut before = seen(paths);
    loop {
        match run() {
            Err(failure) if failure.is_closed_pipe() => return Err(failure),
            Err(failure) => complain(&failure, color),
            Ok(_) => {}
        }
        tell(color, |paint, out| writeln!(out, "{}", paint.dim("waiting for changes; Ctrl-C ends it")));
        before = loop {
            sleep(EVERY);
            let now = seen(paths);
            if now != before {
                break now;
            }
        };
    }
}

fn seen(paths: &[PathBuf]) -> Seen {
    let below = |path: &PathBuf| WalkDir::new(path).sort_by_file_name().into_iter().filter_map(Result::ok);
    let files = paths.iter().flat_map(below).filter(|entry| entry.file_type().is_file());
    files.map(|entry| (entry.path().to_owned(), written(entry.path()), length(entry.path()))).collect()
}

fn written(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |data| data.len())
}
