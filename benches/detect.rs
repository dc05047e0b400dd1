//! How fast the rules that look for damage read clean text on one core, beside `wc` counting the lines and characters of it.
//!
//!     cargo bench --bench detect -- [--each] [PATHS…]
//!
//! Takes the given files and folders, or else `corpus/clean` and `corpus/held-out`, over and over up to 4 MB. Every stage is run
//! five times, `wc` in between; the fastest run counts. "rules" is a whole run of the passes named, with the reading of the lines.
//! `--each` tells what every rule costs alone, without the reading of the lines, in nanoseconds a character.

use jiaokan::edit::Applicability;
use jiaokan::pass::Pipeline;
use jiaokan::rule::{Pack, RuleKind};
use jiaokan::text::Source;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

const RUNS: usize = 5;
const BYTES: usize = 4_000_000;
/// `wc` is given the text so many times, or its start would count.
const REPEATS: usize = 10;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("detect: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut paths: Vec<PathBuf> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).map(PathBuf::from).collect();
    if paths.is_empty() {
        paths = ["clean", "held-out"].map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name)).to_vec();
    }
    let mut pages = Vec::new();
    paths.iter().try_for_each(|path| collect(path, &mut pages))?;
    pages.sort();
    let bytes: usize = pages.iter().map(String::len).sum();
    if bytes == 0 {
        return Err("there is no text to measure with".into());
    }
    let mut sources: Vec<Source> = Vec::new();
    let mut size = 0;
    for page in pages.iter().cycle() {
        if size >= BYTES {
            break;
        }
        size += page.len();
        sources.push(Source::from_text("page", page.as_str()));
    }
    println!("{:.1} MB in {} documents", size as f64 / 1e6, sources.len());

    let folder = tempfile::tempdir()?;
    let file = folder.path().join("text");
    fs::write(&file, sources.iter().map(Source::text).collect::<String>())?;
    let pack = Pack::built_in()?;
    let stages: [(&str, &[&str]); 6] = [
        ("lines", &[]),
        ("repair rules", &["repair"]),
        ("garble rules", &["garble"]),
        ("width rules", &["width"]),
        ("flag rules", &["flag"]),
        ("all four", &["repair", "garble", "width", "flag"]),
    ];
    if std::env::args().any(|word| word == "--each") {
        return each(&pack, &sources);
    }
    let mut counting = f64::INFINITY;
    let mut rows = Vec::new();
    for (name, passes) in stages {
        let pipeline = Pipeline::with(&pack, |rule| passes.contains(&rule.pass()))?;
        let mut best = f64::INFINITY;
        for _ in 0..RUNS {
            counting = counting.min(wc(&file)?);
            best = best.min(time(&pipeline, &sources, passes.is_empty()));
        }
        rows.push((name, best));
    }
    println!("{:<14} {:>8.1} MB/s", "wc -lm", size as f64 / counting / 1e6);
    for (name, time) in rows {
        println!("{name:<14} {:>8.1} MB/s  {:>5.2} x wc", size as f64 / time / 1e6, counting / time);
    }
    Ok(())
}

/// Seconds that a pipeline takes for all documents, or the reading of their lines alone.
fn time(pipeline: &Pipeline, sources: &[Source], reading: bool) -> f64 {
    let start = Instant::now();
    for source in sources {
        if reading {
            black_box(pipeline.read(source.text()));
        } else {
            black_box(pipeline.revise(source.clone(), Applicability::Auto));
        }
    }
    start.elapsed().as_secs_f64()
}

/// What each rule costs alone, the dearest first.
fn each(pack: &Pack, sources: &[Source]) -> Result<(), Box<dyn Error>> {
    let chars: usize = sources.iter().map(|source| source.text().chars().count()).sum();
    let fastest =
        |pipeline: &Pipeline, reading| (0..RUNS).map(|_| time(pipeline, sources, reading)).fold(f64::INFINITY, f64::min);
    let nothing = Pipeline::with(pack, |_| false)?;
    let lines = fastest(&nothing, true);
    let mut rows = Vec::new();
    for rule in pack.rules() {
        let pipeline = Pipeline::with(pack, |other| other.id == rule.id)?;
        let reading = if matches!(rule.kind, RuleKind::Detector(_)) { lines } else { 0.0 };
        rows.push((fastest(&pipeline, false) - reading, rule.id.to_string()));
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));
    rows.push((lines, "lines".to_owned()));
    for (seconds, name) in rows {
        println!("{:>8.1} ns  {name}", seconds * 1e9 / chars as f64);
    }
    Ok(())
}

/// All files under `path` that are UTF-8.
fn collect(path: &Path, pages: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), pages)?;
        }
    } else {
        pages.extend(String::from_utf8(fs::read(path)?));
    }
    Ok(())
}

/// Seconds that `wc -lm` takes for the text.
fn wc(file: &Path) -> Result<f64, Box<dyn Error>> {
    let start = Instant::now();
    let status = Command::new("wc").arg("-lm").args([file; REPEATS]).env("LC_ALL", "C.UTF-8").stdout(Stdio::null()).status()?;
    if !status.success() {
        return Err("wc failed".into());
    }
    Ok(start.elapsed().as_secs_f64() / REPEATS as f64)
}
