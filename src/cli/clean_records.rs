//! `clean` on collections: which there are, and what becomes of each.

use super::Outcome;
use super::clean_job::{From, Job};
use super::error::Failure;
use super::options::{HoldingOptions, Level, ReadOptions, size};
use super::output::complain;
use super::progress::Progress as Shown;
use clap::Args;
use jiaokan::corpus::{Document, STDIN, gather, shown};
use jiaokan::records::{Kind, Named};
use std::path::{Path, PathBuf};

/// Options for collections of records.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Collections (.jsonl, .ndjson, .parquet, .tar; also .gz, .zst, .xz)")]
pub(super) struct RecordOptions {
    #[command(flatten)]
    pub holding: HoldingOptions,

    /// Add this field to changed records: `[[start, end, "rules", "new"], ...]` in code points of the original text
    #[arg(long, value_name = "NAME")]
    pub annotate: Option<String>,

    /// Write everything that was found to this file, as JSON Lines or, when it ends in .parquet, as a table; without a name, to
    /// OUT.findings.jsonl beside the output
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true)]
    pub findings: Option<Option<PathBuf>>,

    /// Write the figures of the run to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub summary: Option<PathBuf>,

    /// How much of the input lies between two points from which a stopped run can go on
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = size)]
    pub checkpoint: u64,

    /// Begin anew where a run was stopped, instead of going on
    #[arg(long)]
    pub restart: bool,

    /// How to tell how far it is: on the standard error
    #[arg(long, value_name = "HOW", value_enum, default_value_t)]
    pub progress: Shown,
}

/// Whether `path` is the standard stream.
fn is_stream(path: &Path) -> bool {
    path.as_os_str() == STDIN
}

/// Whether cleaning `paths` into `output` is about collections and nothing else.
pub(super) fn concerns(options: &RecordOptions, paths: &[PathBuf], output: Option<&Path>) -> bool {
    let collection = |path: &PathBuf| Named::of(path).is_some() && !path.is_dir();
    options.holding.input_format.is_some()
        || output.is_some_and(|output| is_stream(output) || Named::of(output).is_some() && !output.is_dir())
        || paths.iter().all(collection)
}

/// Cleans the collections that `read` names.
pub(super) fn clean(options: &RecordOptions, read: &ReadOptions, output: &Path, overwrite: bool) -> Result<Outcome, Failure> {
    let _ = rayon::ThreadPoolBuilder::new().num_threads(read.threads.into()).build_global();
    let named = Named::of(output).filter(|_| !output.is_dir());
    if named.is_none() && !is_stream(output) {
        let inputs = sources(options, read, &read.paths)?;
        return each(options, read, inputs, output, overwrite);
    }
    let [path] = read.paths.as_slice() else {
        let problem = "can hold what becomes of one input: name a folder to clean several into";
        return Err(Failure::Usage(format!("{} {problem}", shown(output))));
    };
    let mut inputs = sources(options, read, std::slice::from_ref(path))?;
    let Some((from, _)) = inputs.pop() else { return Ok(Outcome::Good) };
    let to = named.map_or_else(|| from.kind().filter(|&kind| kind != Kind::Table).unwrap_or(Kind::Lines), |named| named.kind);
    Job { options, read, from, to, output: output.to_owned() }.run(overwrite)
}

/// Cleans collections that were found, each into its place in the folder `output`.
pub(super) fn clean_found(
    options: &RecordOptions,
    read: &ReadOptions,
    found: Vec<Document>,
    output: &Path,
    overwrite: bool,
) -> Result<Outcome, Failure> {
    let inputs = found.into_iter().filter_map(|document| {
        let kind = options.holding.inputs().kind(&document.path)?;
        let landing = document.landing.clone();
        Some((From::Collection(document, kind), landing))
    });
    each(options, read, inputs.collect(), output, overwrite)
}

fn each(
    options: &RecordOptions,
    read: &ReadOptions,
    inputs: Vec<(From, PathBuf)>,
    output: &Path,
    overwrite: bool,
) -> Result<Outcome, Failure> {
    let (several, mut outcome) = (inputs.len() > 1, Outcome::Good);
    for (from, landing) in inputs {
        let Some(to) = from.kind() else {
            let problem = "is no collection (.jsonl, .ndjson, .parquet, .tar): clean it into one with -o OUT.jsonl, or into a folder by itself";
            return Err(Failure::Usage(format!("{} {problem}", shown(from.path()))));
        };
        match (Job { options, read, from, to, output: output.join(landing) }).run(overwrite) {
            Ok(done) => outcome = if done == Outcome::Good { outcome } else { done },
            Err(failure) if several && matches!(failure, Failure::Container(_)) => {
                complain(&failure, read.rule.color);
                outcome = Outcome::Found;
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(outcome)
}

/// What the paths are, and where each lands in a folder.
fn sources(options: &RecordOptions, read: &ReadOptions, paths: &[PathBuf]) -> Result<Vec<(From, PathBuf)>, Failure> {
    if read.apply == Level::Accepted || read.index.is_some() {
        return Err(Failure::Usage(
            "--apply accepted and --index are not for collections yet: clean folders of documents with them".into(),
        ));
    }
    let mut configs = read.configs()?;
    let mut all = Vec::new();
    for path in paths {
        let landing = PathBuf::from(path.file_name().unwrap_or_default());
        let entries = gather(std::slice::from_ref(path), &mut configs)?;
        let documents = entries.into_iter().collect::<Result<Vec<_>, _>>()?;
        if path.is_dir() {
            let setup = configs.setup(path)?;
            if let Some(other) = documents.iter().find(|document| !std::sync::Arc::ptr_eq(&document.setup, &setup)) {
                let problem =
                    "is governed by a configuration of its own: clean the folder into a folder, or name one with --config";
                return Err(Failure::Usage(format!("{} {problem}", other.name)));
            }
            all.push((From::Folder(path.clone(), setup, documents), landing));
            continue;
        }
        for document in documents {
            match options.holding.inputs().kind(path) {
                Some(kind) => all.push((From::Collection(document, kind), landing.clone())),
                None => all.push((From::Folder(path.clone(), document.setup.clone(), vec![document]), landing.clone())),
            }
        }
    }
    Ok(all)
}
