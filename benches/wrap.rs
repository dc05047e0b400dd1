//! How fast the wrap pass decides on line breaks on one core, beside `wc` counting the lines and characters of the same text.
//!
//!     cargo bench --bench wrap -- [--size MB] [PATHS…]
//!
//! Takes the given files as they are, or else sets the paragraphs of `corpus/*.txt` in columns of 14, 30 and 40 characters,
//! over and over, in pages of about 50 KB up to 2 MB. Every stage includes those before it: reading the lines, the features of
//! every break, the findings with their probabilities. Each is run five times, `wc` in between; the fastest run counts.

use jiaokan::pass::Pipeline;
use jiaokan::rule::Pack;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

const RUNS: usize = 5;
/// Bytes of a page that is made.
const PAGE: usize = 50 << 10;
/// `wc` is given the text so many times, or its start would count.
const REPEATS: usize = 10;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("wrap: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let (mut size, mut paths) = (2, Vec::new());
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        if word == "--size" {
            size = words.next().and_then(|number| number.parse().ok()).ok_or("--size takes a number of megabytes")?;
        } else if !word.starts_with('-') {
            paths.push(PathBuf::from(word));
        }
    }
    let pipeline = Pipeline::with(&Pack::built_in()?, |rule| rule.pass() == "wrap")?;
    if paths.is_empty() {
        let paragraphs = paragraphs()?;
        for measure in [14, 30, 40] {
            compare(&format!("{measure} characters a line"), &pages(&paragraphs, measure, size * 1_000_000), &pipeline)?;
        }
    }
    for path in paths {
        compare(&path.display().to_string(), &[fs::read_to_string(&path)?], &pipeline)?;
    }
    Ok(())
}

/// Long paragraphs of the specimens that are Chinese, blanks left out.
fn paragraphs() -> Result<Vec<Vec<char>>, Box<dyn Error>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"))? {
        files.push(entry?.path());
    }
    files.sort();
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "txt")) {
        let text = String::from_utf8_lossy(&fs::read(file)?).into_owned();
        let paragraphs = text.split("\n\n").map(|paragraph| paragraph.chars().filter(|c| !c.is_whitespace()).collect());
        let common = |c: &&char| ('\u{4E00}'..='\u{9FFF}').contains(*c);
        let prose = |text: &Vec<char>| text.len() >= 60 && text.iter().filter(common).count() * 5 >= text.len() * 4;
        found.extend(paragraphs.filter(prose));
    }
    if found.is_empty() { Err("there is no text to measure with".into()) } else { Ok(found) }
}

/// Sets the paragraphs in lines of `measure` characters, two blanks before each, over and over.
fn pages(paragraphs: &[Vec<char>], measure: usize, size: usize) -> Vec<String> {
    let mut pages = vec![String::new()];
    let mut written = 0;
    for paragraph in paragraphs.iter().cycle() {
        if written >= size {
            break;
        }
        let set: Vec<char> = ['\u{3000}'; 2].iter().chain(paragraph).copied().collect();
        let page = pages.last_mut().expect("there is a page");
        let before = page.len();
        for line in set.chunks(measure) {
            page.extend(line);
            page.push('\n');
        }
        written += page.len() - before;
        if page.len() > PAGE {
            pages.push(String::new());
        }
    }
    pages.retain(|page| !page.is_empty());
    pages
}

fn compare(name: &str, pages: &[String], pipeline: &Pipeline) -> Result<(), Box<dyn Error>> {
    let bytes: usize = pages.iter().map(String::len).sum();
    let lines: usize = pages.iter().map(|page| page.lines().count()).sum();
    println!(
        "{name}: {:.1} MB in {} pages, {lines} lines, {:.1} bytes each",
        bytes as f64 / 1e6,
        pages.len(),
        bytes as f64 / lines as f64
    );
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("text");
    fs::write(&file, pages.concat())?;
    type Stage<'a> = (&'a str, &'a dyn Fn(&str) -> usize);
    let stages: [Stage<'_>; 3] = [
        ("lines", &|page| pipeline.read(page)),
        ("+ features", &|page| pipeline.weigh(page)),
        ("+ trees, findings", &|page| pipeline.detect(page).len()),
    ];
    let mut best = [f64::INFINITY; 3];
    let mut counting = f64::INFINITY;
    let mut found = [0; 3];
    for _ in 0..RUNS {
        counting = counting.min(count(&file)?);
        for (index, (_, stage)) in stages.iter().enumerate() {
            let start = Instant::now();
            found[index] = pages.iter().map(|page| black_box(stage(page))).sum();
            best[index] = best[index].min(start.elapsed().as_secs_f64());
        }
    }
    let print = |name: &str, seconds: f64, found: usize| {
        println!(
            "{name:>20}: {:7.1} MB/s {:6.2} x wc {:8.0} ns a line   {found}",
            bytes as f64 / 1e6 / seconds,
            counting / seconds,
            seconds * 1e9 / lines as f64
        );
    };
    print("wc -lm", counting, lines);
    for ((stage, seconds), found) in stages.iter().zip(best).zip(found) {
        print(stage.0, seconds, found);
    }
    Ok(())
}

/// Seconds that `wc` takes for `file`.
fn count(file: &Path) -> Result<f64, Box<dyn Error>> {
    let mut command = Command::new("wc");
    command.arg("-lm").args([file; REPEATS]).env("LC_ALL", "C.UTF-8").stdout(Stdio::null());
    let start = Instant::now();
    let status = command.status()?;
    let seconds = start.elapsed().as_secs_f64() / REPEATS as f64;
    if status.success() { Ok(seconds) } else { Err("wc failed".into()) }
}
