//! Counts the instructions of every pass over a small fixed text, and tells which became more: they hardly change from run to run,
//! as times do.
//!
//!     cargo bench --profile test --bench counts -- [--accept]
//!
//! Needs valgrind; without it, nothing is counted and nothing is wrong. The counts to compare with stand in `benches/counts.json`,
//! which `--accept` writes anew. They hold for one version of the compiler, one kind of processor and one profile: that of the
//! tests, whose build `.ci/run` has anyway. Elsewhere they are told and not compared. A count that has grown by more than
//! five of a hundred ends the run with 1.

#[path = "mixed/text.rs"]
mod text;

use jiaokan::edit::Applicability;
use jiaokan::pass::Pipeline;
use jiaokan::rule::{PASSES, Pack};
use jiaokan::text::Source;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use text::Material;

/// Percent by which a count may grow.
const TOLERANCE: i128 = 5;
const MIXED: usize = 60_000;

/// What was counted, and where.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Counts {
    compiler: String,
    machine: String,
    profile: String,
    instructions: BTreeMap<String, u64>,
}

fn main() -> ExitCode {
    let has = |wanted: &str| std::env::args().any(|word| word == wanted);
    let done = if has("--counted") { counted() } else { compare(has("--accept")) };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("counts: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What is counted, in order.
fn names() -> Vec<String> {
    let passes = PASSES.map(|pass| format!("pass {pass}"));
    [vec!["start".to_owned(), "lines".to_owned()], passes.to_vec(), vec!["all passes".to_owned()]].concat()
}

/// Only what runs in here is counted.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
}

/// Runs what is to be counted, once each in the order of [`names`]: what valgrind runs.
fn counted() -> Result<bool, Box<dyn Error>> {
    let material = Material::read()?;
    let mixed = material.of_size(MIXED, 1).map(|document| document.text);
    let sources: Vec<Source> =
        mixed.chain(material.specimens().iter().cloned()).map(|text| Source::from_text("page", text)).collect();
    let mut whole = None;
    measured(&mut || {
        whole = Some(Pack::built_in().map_err(Box::<dyn Error>::from).and_then(|pack| Ok((Pipeline::new(&pack)?, pack))))
    });
    let (whole, pack) = whole.ok_or("the pipeline was not made")??;
    // What is made at the first use counts as the start.
    revise(&whole, &sources);
    measured(&mut || {
        for source in &sources {
            black_box(whole.read(source.text()));
        }
    });
    for pass in PASSES {
        let alone = Pipeline::with(&pack, |rule| rule.enabled && rule.pass() == pass)?;
        revise(&alone, &sources);
        measured(&mut || revise(&alone, &sources));
    }
    measured(&mut || revise(&whole, &sources));
    // What was counted is written when this begins.
    measured(&mut || {});
    Ok(true)
}

fn revise(pipeline: &Pipeline, sources: &[Source]) {
    for source in sources {
        black_box(pipeline.revise(source.clone(), Applicability::Auto));
    }
}

/// Counts, and compares with what is known or writes it down.
fn compare(accept: bool) -> Result<bool, Box<dyn Error>> {
    let Some(now) = count()? else {
        println!("valgrind is not installed: nothing is counted");
        return Ok(true);
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/counts.json");
    if accept {
        fs::write(&path, serde_json::to_string_pretty(&now)? + "\n")?;
    }
    let known: Counts =
        serde_json::from_str(&fs::read_to_string(&path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    let alike = (&known.compiler, &known.machine, &known.profile) == (&now.compiler, &now.machine, &now.profile);
    let mut grown = Vec::new();
    for name in names() {
        let after = now.instructions[&name];
        let before = known.instructions.get(&name).copied().filter(|_| alike);
        let change = before.map(|before| (i128::from(after) - i128::from(before)) * 1000 / i128::from(before.max(1)));
        let told = change.map_or(String::new(), |change| format!("{:+6.1} %", change as f64 / 10.0));
        println!("{name:>16} {after:14} instructions {told}");
        match change {
            Some(change) if change > TOLERANCE * 10 => grown.push(name),
            None if alike => grown.push(name),
            _ => {}
        }
    }
    if !alike {
        println!(
            "not compared: counts.json is of {}, {}, {}; this is {}, {}, {}",
            known.compiler, known.machine, known.profile, now.compiler, now.machine, now.profile
        );
    } else if !grown.is_empty() {
        println!("grown by more than {TOLERANCE} %, or new: {}", grown.join(", "));
        println!("if that is as it should be: cargo bench --profile test --bench counts -- --accept");
    }
    Ok(grown.is_empty())
}

/// Runs this program under valgrind; none where there is no valgrind.
fn count() -> Result<Option<Counts>, Box<dyn Error>> {
    if Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_err() {
        return Ok(None);
    }
    let folder = tempfile::tempdir()?;
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--toggle-collect=counts::measured", "--dump-before=counts::measured"]);
    command.arg(format!("--callgrind-out-file={}", folder.path().join("out").display()));
    command.arg(std::env::current_exe()?).arg("--counted");
    let output = command.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(format!("valgrind failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let mut instructions = BTreeMap::new();
    for (index, name) in names().into_iter().enumerate() {
        // The first is what was counted before anything began.
        let path = folder.path().join(format!("out.{}", index + 2));
        let told = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let total = told.lines().find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok());
        instructions.insert(name, total.ok_or_else(|| format!("{} has no totals", path.display()))?);
    }
    let version = Command::new("rustc").arg("--version").output()?;
    let compiler = String::from_utf8_lossy(&version.stdout).trim().to_owned();
    let machine = format!("{} {}", std::env::consts::ARCH, std::env::consts::OS);
    let profile = if cfg!(debug_assertions) { "test" } else { "bench" }.to_owned();
    Ok(Some(Counts { compiler, machine, profile, instructions }))
}
