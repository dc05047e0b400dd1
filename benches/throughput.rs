//! How fast `jiaokan` is, whole and pass by pass, beside `wc` counting the lines and characters of the same text.
//!
//!     cargo bench --bench throughput -- [--size MB] [--runs N] [--only WORDS] [--write FILE]
//!
//! Makes mixed text with `benches/mixed`, 130 MB unless `--size` says otherwise, and runs every row of the table N times, three
//! unless `--runs` says otherwise, the rows in turn and `wc -lm` in the C.UTF-8 locale before each. A row's ratio is that of the
//! user time of the `wc` just before to its own; the table has the median and the least and the most. `--only` takes the rows whose
//! names hold one of the words, parted by commas. `--write` puts the table into a file, between the comments `throughput` and
//! `/throughput`.

#[path = "mixed/text.rs"]
mod text;

use jiaokan::rule::PASSES;
use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use text::{Document, Material};

/// The passes that join lines.
const REJOINING: [&str; 2] = ["wrap", "column"];

/// Seconds that a run took: of processors' time in user mode, and on the clock.
#[derive(Debug, Clone, Copy)]
struct Cost {
    user: f64,
    wall: f64,
}

/// What is measured: a command, and the words that are seen for it in the table.
struct Row {
    name: String,
    shown: String,
    command: Vec<String>,
    runs: Vec<Run>,
}

/// A run, and the `wc` before it.
#[derive(Debug, Clone, Copy)]
struct Run {
    cost: Cost,
    count: Cost,
}

impl Row {
    fn ratios(&self) -> [f64; 3] {
        spread(self.runs.iter().map(|run| run.count.user / run.cost.user.max(1e-9)))
    }
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

fn run() -> Result<(), Box<dyn Error>> {
    let (mut size, mut runs, mut only, mut write) = (130, 3, Vec::new(), None);
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|number| number.parse().ok()).filter(|&number: &usize| number > 0);
        match word.as_str() {
            "--size" => size = number().ok_or("--size takes a number of megabytes")?,
            "--runs" => runs = number().ok_or("--runs takes a number")?,
            "--only" => only = words.next().ok_or("--only takes words")?.split(',').map(str::to_owned).collect(),
            "--write" => write = Some(PathBuf::from(words.next().ok_or("--write takes a file")?)),
            "--bench" => {}
            other => return Err(format!("{other} is no option: see the head of benches/throughput.rs").into()),
        }
    }
    let folder = tempfile::tempdir()?;
    let at = folder.path();
    let bytes = make(size * 1_000_000, at)?;
    let mut rows = rows(at)?;
    rows.retain(|row| only.is_empty() || only.iter().any(|word| row.name.contains(word.as_str())));
    let mut yardstick = Vec::new();
    for round in 1..=runs {
        for row in &mut rows {
            let count = measure(Path::new("wc"), &["-lm".into(), at.join("text").display().to_string()])?;
            let cost = measure(Path::new(env!("CARGO_BIN_EXE_jiaokan")), &row.command)?;
            for left in ["out", "out.jsonl", "out.jsonl.zst", "findings", "out.jsonl.findings.jsonl"] {
                let left = at.join(left);
                if left.is_dir() { fs::remove_dir_all(left)? } else { drop(fs::remove_file(left)) }
            }
            row.runs.push(Run { cost, count });
            yardstick.push(count);
            eprintln!(
                "{round}/{runs} {:<24} {:8.2} s user {:8.2} s wall; wc -lm {:6.2} s user",
                row.name, cost.user, cost.wall, count.user
            );
        }
    }
    let table = table(&rows, &yardstick, bytes);
    print!("{table}");
    if let Some(file) = write {
        replace(&file, &table)?;
    }
    Ok(())
}

/// Writes the mixed text as a folder, as records, packed records and one file; returns its bytes.
fn make(size: usize, at: &Path) -> Result<u64, Box<dyn Error>> {
    let material = Material::read()?;
    let mut whole = BufWriter::new(File::create(at.join("text"))?);
    let mut records = BufWriter::new(File::create(at.join("in.jsonl"))?);
    let mut bytes = 0;
    for (number, document) in material.of_size(size, 1).enumerate() {
        let path = at.join("in").join(Document::path(number));
        path.parent().map_or(Ok(()), fs::create_dir_all)?;
        fs::write(path, &document.text)?;
        whole.write_all(document.text.as_bytes())?;
        writeln!(records, "{}", document.record(number)?)?;
        bytes += document.text.len() as u64;
    }
    whole.flush()?;
    records.flush()?;
    zstd::stream::copy_encode(File::open(at.join("in.jsonl"))?, File::create(at.join("in.jsonl.zst"))?, 3)?;
    Ok(bytes)
}

/// All rows, and the configurations that they need.
fn rows(at: &Path) -> Result<Vec<Row>, Box<dyn Error>> {
    let path = |name: &str| at.join(name).display().to_string();
    let config = |name: &str, disabled: &[&str]| -> Result<String, Box<dyn Error>> {
        let disabled: Vec<String> = disabled.iter().map(|pass| format!("\"{pass}/*\"")).collect();
        fs::write(at.join(name), format!("disable = [{}]\n", disabled.join(", ")))?;
        Ok(path(name))
    };
    let mut rows = Vec::new();
    let mut row = |name: &str, shown: &str, command: &[&str]| {
        let command: Vec<String> = command.iter().map(|&word| word.to_owned()).collect();
        rows.push(Row { name: name.to_owned(), shown: shown.to_owned(), command, runs: Vec::new() });
    };
    let (folder, records, packed) = (path("in"), path("in.jsonl"), path("in.jsonl.zst"));
    let (out, out_records, out_packed, found) = (path("out"), path("out.jsonl"), path("out.jsonl.zst"), path("findings"));
    let one = ["--threads", "1"];
    let clean = ["clean", records.as_str(), "-o", out_records.as_str()];
    row("records", "`clean`, JSONL", &[&clean[..], &one].concat());
    row("records, edits alone", "`clean --edits-only`, JSONL", &[&clean[..], &["--edits-only"], &one].concat());
    row("records, annotated", "`clean --annotate`, JSONL", &[&clean[..], &["--annotate", "edits"], &one].concat());
    row("records, findings", "`clean --findings`, JSONL", &[&clean[..], &["--findings"], &one].concat());
    row("packed records", "`clean`, JSONL.zst in and out", &[&["clean", &packed, "-o", &out_packed][..], &one].concat());
    row("records, two threads", "`clean --threads 2`, JSONL", &[&clean[..], &["--threads", "2"]].concat());
    row("folder with diffs", "`clean`, folder, with diff and findings", &[&["clean", &folder, "-o", &out][..], &one].concat());
    row("diff", "`diff`, folder", &[&["diff", &folder][..], &one].concat());
    let check = ["check", &folder, "--format", "jsonl", "-o", &found];
    row("check", "`check`, folder", &[&check[..], &one].concat());
    let scan = config("scan.toml", &REJOINING)?;
    row("scan", "`check` without rejoining, folder", &[&check[..], &["--config", &scan], &one].concat());
    let nothing = config("nothing.toml", &PASSES)?;
    row("no pass", "no pass", &[&clean[..], &["--config", &nothing], &one].concat());
    for pass in PASSES {
        let others: Vec<&str> = PASSES.into_iter().filter(|&other| other != pass).collect();
        let alone = config(&format!("{pass}.toml"), &others)?;
        row(&format!("pass {pass}"), &format!("{pass} alone"), &[&clean[..], &["--config", &alone], &one].concat());
    }
    Ok(rows)
}

/// Runs a program under the shell's `time`. A jiaokan that found something ends with 1.
fn measure(program: &Path, words: &[String]) -> Result<Cost, Box<dyn Error>> {
    let mut timed = Command::new("bash");
    timed.args(["-c", "TIMEFORMAT='%U %R'; time \"$@\" >/dev/null 2>/dev/null", "time"]).arg(program).args(words);
    // The times are numbers with a point only in this locale.
    let output = timed.env("LC_ALL", "C.UTF-8").stdin(Stdio::null()).output()?;
    let told = String::from_utf8_lossy(&output.stderr);
    let mut numbers = told.split_whitespace().filter_map(|number| number.parse().ok());
    match (output.status.code(), numbers.next(), numbers.next()) {
        (Some(0 | 1), Some(user), Some(wall)) => Ok(Cost { user, wall }),
        _ => Err(format!("{} {} failed: {}", program.display(), words.join(" "), told.trim()).into()),
    }
}

/// The median, the least and the most.
fn spread(values: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    match values[..] {
        [] => [0.0; 3],
        [first, .., last] => [values[values.len() / 2], first, last],
        [only] => [only; 3],
    }
}

fn table(rows: &[Row], yardstick: &[Cost], bytes: u64) -> String {
    let rate = |seconds: f64| bytes as f64 / 1e6 / seconds.max(1e-9);
    let [count, fastest, slowest] = spread(yardstick.iter().map(|cost| cost.user));
    let mut table = format!(
        "{:.0} MB of mixed text, {} runs of each. MB are of text, whatever contains it.\n\n\
         | what | user s | MB/s | x `wc -lm` | least to most | wall s |\n|---|---|---|---|---|---|\n\
         | `wc -lm` | {count:.2} | {:.0} | 1.00 | {:.2} to {:.2} | |\n",
        bytes as f64 / 1e6,
        rows.first().map_or(0, |row| row.runs.len()),
        rate(count),
        count / slowest,
        count / fastest,
    );
    for row in rows {
        let [user, ..] = spread(row.runs.iter().map(|run| run.cost.user));
        let [wall, ..] = spread(row.runs.iter().map(|run| run.cost.wall));
        let [ratio, least, most] = row.ratios();
        let rate = rate(user);
        // Writing to a string does not fail.
        let _ = writeln!(table, "| {} | {user:.2} | {rate:.1} | {ratio:.3} | {least:.3} to {most:.3} | {wall:.2} |", row.shown);
    }
    let found = |name: &str| rows.iter().find(|row| row.name == name);
    let compare = |name: &str, other: &str, pick: fn(Cost) -> f64| {
        let pairs = found(name)?.runs.iter().zip(&found(other)?.runs);
        Some(spread(pairs.map(|(run, other)| pick(run.cost) / pick(other.cost).max(1e-9))))
    };
    table.push('\n');
    let lines = [
        ("User time with `--annotate` by that without", compare("records, annotated", "records", |cost| cost.user)),
        ("User time with `--findings` by that without", compare("records, findings", "records", |cost| cost.user)),
        (
            "User time of the folder, diff and findings written, by that of records",
            compare("folder with diffs", "records", |c| c.user),
        ),
        ("Time on the clock of one thread by that of two", compare("records", "records, two threads", |cost| cost.wall)),
    ];
    for (what, spread) in lines {
        if let Some([middle, least, most]) = spread {
            let _ = writeln!(table, "- {what}: {middle:.2} ({least:.2} to {most:.2}).");
        }
    }
    table
}

/// Puts `table` between the comments of the file that mark its place.
fn replace(file: &Path, table: &str) -> Result<(), Box<dyn Error>> {
    let (start, end) = ("<!-- throughput -->\n", "<!-- /throughput -->");
    let page = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let place = page.split_once(start).and_then(|(head, rest)| Some((head, rest.split_once(end)?.1)));
    let (head, tail) = place.ok_or_else(|| format!("{}: the comments {} and {end} are missing", file.display(), start.trim()))?;
    fs::write(file, format!("{head}{start}\n{}\n\n{end}{tail}", table.trim_end()))?;
    Ok(())
}
