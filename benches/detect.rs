//! How fast the rules that look for damage read clean text on one core, beside `wc` counting the lines and characters of it.
//!
//!     cargo bench --bench detect -- [PATHS…]
//!
//! Takes the given files and folders, or else `corpus/clean` and `corpus/held-out`, over and over up to 4 MB. Every stage is run
//! five times, `wc` in between; the fastest run counts. "rules" is a whole run of the passes named, with the reading of the lines.

use jiaokan::edit::Applicability;
use jiaokan::pass::Pipeline;
use jiaokan::rule::Pack;
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
    let mut counting = f64::INFINITY;
    let mut rows = Vec::new();
    for (name, passes) in stages {
        let pipeline = Pipeline::with(&pack, |rule| passes.contains(&rule.pass()))?;
        let mut best = f64::INFINITY;
        for _ in 0..RUNS {
            counting = counting.min(wc(&file)?);
            let start = Instant::now();
            for source in &sources {
                if passes.is_empty() {
                    black_box(pipeline.read(source.text()));
                } else {
                    black_box(pipeline.revise(source.clone(), Applicability::Auto));
                }
            }
            best = best.min(start.elapsed().as_secs_f64());
        }
        rows.push((name, best));
    }
    println!("{:<14} {:>8.1} MB/s", "wc -lm", size as f64 / counting / 1e6);
    for (name, time) in rows {
        println!("{name:<14} {:>8.1} MB/s  {:>5.2} x wc", size as f64 / time / 1e6, counting / time);
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
