//! How fast `jiaokan clean` is on one core, beside `wc` counting the lines and characters of the same files.
//!
//!     cargo bench --bench throughput -- [--size MB] [PATHS…]
//!
//! Takes the given files (all of `corpus/*.txt` by default), repeats them to 100 MB in files of about 20 KB, and runs both
//! programs three times in turn. Prints every run and the medians.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

const RUNS: usize = 3;
const FILE_SIZE: usize = 20 << 10;
/// Files that one `wc` is given, as `xargs` would.
const BATCH: usize = 2000;

/// Seconds that a run took: of one processor's time in user mode, and on the clock.
#[derive(Debug, Clone, Copy)]
struct Cost {
    user: f64,
    wall: f64,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("throughput: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> io::Result<()> {
    let (size, documents) = arguments()?;
    let folder = tempfile::tempdir()?;
    let input = folder.path().join("in");
    let files = write_files(&documents, size, &input)?;
    let bytes: u64 = files.iter().map(|file| file.metadata().map(|about| about.len())).sum::<io::Result<u64>>()?;
    println!(
        "{} documents, repeated to {:.1} MB in {} files; {RUNS} runs each, in turn",
        documents.len(),
        bytes as f64 / 1e6,
        files.len()
    );
    let (mut clean, mut count) = (Vec::new(), Vec::new());
    for run in 1..=RUNS {
        clean.push(measure(&mut cleaning(&input, &folder.path().join(format!("out-{run}"))))?);
        fs::remove_dir_all(folder.path().join(format!("out-{run}")))?;
        count.push(measure(&mut counting(&input))?);
        for (name, cost) in [("jiaokan clean", clean[run - 1]), ("wc -lm", count[run - 1])] {
            print(&format!("{name}, run {run}"), cost, bytes);
        }
    }
    let (clean, count) = (median(&clean), median(&count));
    print("jiaokan clean, median", clean, bytes);
    print("wc -lm, median", count, bytes);
    println!("user time of jiaokan clean by that of wc -lm: {:.1}", clean.user / count.user.max(1e-9));
    Ok(())
}

/// The size in bytes and the documents. What cargo adds is left aside.
fn arguments() -> io::Result<(usize, Vec<String>)> {
    let invalid = |message: &str| io::Error::new(io::ErrorKind::InvalidInput, message.to_owned());
    let (mut size, mut paths) = (100, Vec::new());
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--size" {
            let number = words.next().and_then(|number| number.parse().ok()).filter(|&number: &usize| number > 0);
            size = number.ok_or_else(|| invalid("--size takes a number of megabytes"))?;
        } else if !word.starts_with('-') {
            paths.push(PathBuf::from(word));
        }
    }
    if paths.is_empty() {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "txt") {
                paths.push(path);
            }
        }
        paths.sort();
    }
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path);
        text.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    };
    let documents: Vec<String> = paths.iter().map(read).collect::<io::Result<_>>()?;
    let documents: Vec<String> = documents.into_iter().filter(|text| !text.trim().is_empty()).collect();
    if documents.is_empty() { Err(invalid("there is no text to measure with")) } else { Ok((size * 1_000_000, documents)) }
}

/// Writes the documents one after another, blank lines between, over and over, in files cut at blank lines near [`FILE_SIZE`].
fn write_files(documents: &[String], size: usize, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let (mut written, mut text) = (0, String::new());
    'all: for document in documents.iter().cycle() {
        for paragraph in document.trim().split("\n\n") {
            if text.len() + paragraph.len() > FILE_SIZE && !text.is_empty() {
                // A thousand files a folder.
                let part = folder.join(format!("{:03}", files.len() / 1000));
                fs::create_dir_all(&part)?;
                let path = part.join(format!("{:05}.txt", files.len()));
                fs::write(&path, &text)?;
                files.push(path);
                written += text.len();
                text.clear();
                if written >= size {
                    break 'all;
                }
            }
            text.push_str(paragraph);
            text.push_str("\n\n");
        }
    }
    Ok(files)
}

fn cleaning(input: &Path, output: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jiaokan"));
    command.arg("clean").arg(input).arg("-o").arg(output).args(["--threads", "1"]);
    command
}

fn counting(input: &Path) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("find \"$0\" -name '*.txt' -print0 | xargs -0 -n {BATCH} wc -lm")).arg(input);
    command.env("LC_ALL", "C.UTF-8");
    command
}

/// Runs `command` under the shell's `time`, which counts the processes that it starts too.
fn measure(command: &mut Command) -> io::Result<Cost> {
    let mut timed = Command::new("bash");
    timed.args(["-c", "TIMEFORMAT='%U %R'; time \"$@\" >/dev/null 2>/dev/null", "time"]);
    timed.arg(command.get_program()).args(command.get_args());
    for (key, value) in command.get_envs() {
        if let Some(value) = value {
            timed.env(key, value);
        }
    }
    // The times are numbers with a point only in this locale; `wc` reads LC_ALL, which is given above.
    timed.env("LC_NUMERIC", "C").stdin(Stdio::null());
    let output = timed.output()?;
    let told = String::from_utf8_lossy(&output.stderr);
    let mut numbers = told.split_whitespace().filter_map(|number| number.parse().ok());
    match (output.status.success(), numbers.next(), numbers.next()) {
        (true, Some(user), Some(wall)) => Ok(Cost { user, wall }),
        _ => Err(io::Error::other(format!("{command:?} failed: {}", told.trim()))),
    }
}

fn median(costs: &[Cost]) -> Cost {
    let middle = |pick: fn(&Cost) -> f64| {
        let mut values: Vec<f64> = costs.iter().map(pick).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    Cost { user: middle(|cost| cost.user), wall: middle(|cost| cost.wall) }
}

fn print(name: &str, cost: Cost, bytes: u64) {
    let rate = |seconds: f64| bytes as f64 / 1e6 / seconds.max(1e-9);
    println!(
        "{name:>24}: {:7.2} s user {:8.1} MB/s   {:7.2} s wall {:8.1} MB/s",
        cost.user,
        rate(cost.user),
        cost.wall,
        rate(cost.wall)
    );
    let _ = io::stdout().flush();
}
