//! `clean` on collections: each record is a document, and a run that was stopped goes on.

use super::Outcome;
use super::error::Failure;
use super::options::{Color, Level, ReadOptions};
use super::output::tell;
use super::progress::{Meter, Progress as Shown};
use clap::Args;
use jiaokan::corpus::{Setup, shown, write_atomically};
use jiaokan::records::{
    Cleaned, Cleaner, Codec, ContainerError, FieldPath, Identity, Output, Progress, RecordError, RunError, Summary, open, run,
    skip,
};
use jiaokan::report::{json, records as report};
use jiaokan::text::Source;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Options for collections of records.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Collections (.jsonl, .ndjson; also .gz, .zst, .xz)")]
pub(super) struct RecordOptions {
    /// The field that holds the text; `meta.body` for a field of objects inside objects
    #[arg(long, value_name = "NAME", default_value = "text")]
    field: String,

    /// Add this field to changed records: `[[start, end, "rules", "new"], ...]` in code points of the original text
    #[arg(long, value_name = "NAME")]
    annotate: Option<String>,

    /// Write everything that was found beside the output, as OUT.findings.jsonl
    #[arg(long)]
    findings: bool,

    /// Write the figures of the run to this file, as JSON
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,

    /// How much memory to take, about: batches are made accordingly
    #[arg(long, value_name = "SIZE", default_value = "512M", value_parser = size)]
    memory: u64,

    /// How much of the input lies between two points from which a stopped run can go on
    #[arg(long, value_name = "SIZE", default_value = "64M", value_parser = size)]
    checkpoint: u64,

    /// Begin anew where a run was stopped, instead of going on
    #[arg(long)]
    restart: bool,

    /// How to tell how far it is: on the standard error
    #[arg(long, value_name = "HOW", value_enum, default_value_t)]
    progress: Shown,
}

/// `64M` in bytes.
pub(super) fn size(text: &str) -> Result<u64, String> {
    let (digits, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let factor = match unit.trim_end_matches(['B', 'b', 'i']) {
        "" => 1,
        "k" | "K" => 1 << 10,
        "m" | "M" => 1 << 20,
        "g" | "G" => 1 << 30,
        _ => return Err("write a number and K, M or G, such as 512M".into()),
    };
    let number: u64 = digits.parse().map_err(|_| "write a number and K, M or G, such as 512M".to_owned())?;
    number.checked_mul(factor).ok_or_else(|| "that is too much".into())
}

/// The endings of collections, when what compresses them is taken off.
const ENDINGS: [&str; 2] = [".jsonl", ".ndjson"];

/// The name of the collection at `path` without its endings; none when it is no collection.
pub(super) fn stem(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let plain = Codec::of_name(name).1;
    ENDINGS.iter().find_map(|ending| plain.strip_suffix(ending)).map(String::from)
}

/// Whether `path` names a collection.
pub(super) fn is_collection(path: &Path) -> bool {
    stem(path).is_some() && !path.is_dir()
}

/// What came of one line.
struct Line {
    bytes: usize,
    line: Vec<u8>,
    findings: Vec<u8>,
    aside: Vec<u8>,
    summary: Summary,
}

/// Cleans the collections that `read` names.
pub(super) fn clean(options: &RecordOptions, read: &ReadOptions, output: &Path, overwrite: bool) -> Result<Outcome, Failure> {
    if let Some(other) = read.paths.iter().find(|path| !is_collection(path)) {
        let problem = "is no collection (.jsonl, .ndjson): clean collections and other documents one after the other";
        return Err(Failure::Usage(format!("{} {problem}", shown(other))));
    }
    if read.apply == Level::Accepted || read.index.is_some() {
        return Err(Failure::Usage(
            "--apply accepted and --index are not for collections yet: clean folders of documents with them".into(),
        ));
    }
    let _ = rayon::ThreadPoolBuilder::new().num_threads(read.threads.into()).build_global();
    let one = read.paths.len() == 1 && is_collection(output);
    let mut outcome = Outcome::Good;
    for input in &read.paths {
        let path = if one { output.to_owned() } else { output.join(input.file_name().unwrap_or_default()) };
        let job = Job { options, read, input, output: path, color: read.rule.color };
        match job.run(overwrite) {
            Ok(done) => outcome = if done == Outcome::Good { outcome } else { done },
            Err(failure) if read.paths.len() > 1 && matches!(failure, Failure::Container(_)) => {
                super::output::complain(&failure, read.rule.color);
                outcome = Outcome::Found;
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(outcome)
}

/// One collection to clean.
struct Job<'a> {
    options: &'a RecordOptions,
    read: &'a ReadOptions,
    input: &'a Path,
    output: PathBuf,
    color: Color,
}

/// The files that a job writes.
struct Files {
    records: Output,
    findings: Option<Output>,
    aside: Output,
}

impl Job<'_> {
    /// `OUT.WHAT.jsonl` with the compression of OUT.
    fn beside(&self, what: &str) -> PathBuf {
        let name = self.output.file_name().unwrap_or_default().to_string_lossy();
        let plain = Codec::of_name(&name).1;
        let codec = &name[plain.len()..];
        let stem = stem(&self.output).unwrap_or_else(|| plain.into());
        self.output.with_file_name(format!("{stem}.{what}.jsonl{codec}"))
    }

    fn run(&self, overwrite: bool) -> Result<Outcome, Failure> {
        let mut configs = self.read.data.add_to(self.read.rule.configs()?);
        let setup =
            configs.setup(self.input.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
        let same = |other: &Path| fs::canonicalize(other).ok() == fs::canonicalize(self.input).ok();
        if self.output.exists() && (!overwrite || same(&self.output)) {
            return Err(ContainerError::Exists { path: shown(&self.output) }.into());
        }
        if self.options.restart {
            Progress::forget(&self.output)?;
        }
        let fresh = Progress {
            input: Identity::of(self.input)?,
            rules: setup.fingerprint(),
            options: format!(
                "{:?}",
                (
                    &self.options.field,
                    &self.options.annotate,
                    self.options.findings,
                    self.batch(),
                    self.options.checkpoint,
                    self.read.reading().consent
                )
            ),
            lines: 0,
            outputs: BTreeMap::new(),
            summary: Summary::default(),
        };
        let mut progress = fresh.resume(&self.output)?;
        let length = |name: &str| progress.outputs.get(name).copied().unwrap_or(0);
        let mut files = Files {
            records: Output::open(&self.output, length("records"))?,
            findings: self.options.findings.then(|| Output::open(&self.beside("findings"), length("findings"))).transpose()?,
            aside: Output::open(&self.beside("put-aside"), length("aside"))?,
        };
        let (mut stream, consumed) = open(self.input)?;
        skip(&mut *stream, progress.lines).map_err(|error| ContainerError::read(self.input, error))?;
        let mut meter = Meter::new(self.options.progress, self.color, shown(self.input), progress.input.length, consumed);
        if progress.lines > 0 {
            meter.tell(&format!("goes on after {} lines", progress.lines));
        }
        let cleaner = Cleaner { field: FieldPath::new(&self.options.field), annotate: self.options.annotate.clone() };
        let name = shown(self.input);
        let mut since = 0;
        let done = run(
            stream,
            progress.lines,
            self.batch(),
            |number, line| self.line(&cleaner, &setup, &name, number, line),
            |lines| -> Result<(), Failure> {
                for line in &lines {
                    files.records.write(&line.line)?;
                    files.aside.write(&line.aside)?;
                    if let Some(findings) = &mut files.findings {
                        findings.write(&line.findings)?;
                    }
                    progress.summary.add(&line.summary);
                    since += line.bytes as u64;
                }
                progress.lines += lines.len() as u64;
                meter.show(&progress.summary);
                if since >= self.options.checkpoint {
                    since = 0;
                    files.end_part(&mut progress)?;
                    progress.keep(&self.output)?;
                }
                Ok(())
            },
        );
        meter.end();
        done.map_err(|error| match error {
            RunError::Read(error) => ContainerError::read(self.input, error).into(),
            RunError::Deliver(failure) => failure,
        })?;
        files.end_part(&mut progress)?;
        self.finish(files, &progress, &setup, &meter)
    }

    /// About how many bytes of records are worked on at a time: what a record takes while it is cleaned is many times its own.
    fn batch(&self) -> usize {
        usize::try_from(self.options.memory / 128).unwrap_or(usize::MAX).clamp(1 << 14, 8 << 20)
    }

    fn line(&self, cleaner: &Cleaner, setup: &Arc<Setup>, name: &str, number: u64, line: &[u8]) -> Line {
        let consent = self.read.reading().consent;
        let revise = |text: String| setup.pipeline.revise(Source::from_text(format!("{name}:{}", number + 1), text), consent);
        let mut done =
            Line { bytes: line.len(), line: Vec::new(), findings: Vec::new(), aside: Vec::new(), summary: Summary::default() };
        match cleaner.clean(line, revise) {
            Ok(Cleaned { line, revision: Some(revision) }) => {
                done.summary = Summary::of(&revision);
                if self.options.findings {
                    // Memory takes whatever is written to it.
                    let _ = json::lines(revision.source().name(), &revision, &mut done.findings);
                }
                done.line = line;
            }
            Ok(Cleaned { line, revision: None }) => {
                let blank = line.iter().all(u8::is_ascii_whitespace);
                done.summary = Summary { records: u64::from(!blank), without_text: u64::from(!blank), ..Summary::default() };
                done.line = line;
            }
            Err(problem) => {
                done.summary = Summary { records: 1, put_aside: 1, ..Summary::default() };
                done.aside = aside(name, number, &problem, line);
            }
        }
        done
    }

    fn finish(&self, files: Files, progress: &Progress, setup: &Setup, meter: &Meter) -> Result<Outcome, Failure> {
        let length = |name: &str| progress.outputs.get(name).copied().unwrap_or(0);
        let summary = &progress.summary;
        let aside = self.beside("put-aside");
        match summary.put_aside {
            0 => files.aside.discard()?,
            _ => files.aside.finish(length("aside"))?,
        }
        if let Some(findings) = files.findings {
            findings.finish(length("findings"))?;
        }
        files.records.finish(length("records"))?;
        Progress::forget(&self.output)?;
        let silent: Vec<&str> = setup
            .pack
            .rules()
            .iter()
            .filter(|rule| rule.enabled && !summary.rules.contains_key(&*rule.id))
            .map(|rule| &*rule.id)
            .collect();
        if let Some(path) = &self.options.summary {
            let text =
                json!({ "input": shown(self.input), "output": shown(&self.output), "figures": summary, "found_nothing": silent });
            write_atomically(path, format!("{text:#}\n").as_bytes(), None)
                .map_err(|source| ContainerError::Unwritable { path: shown(path), source })?;
        }
        let put_aside = (summary.put_aside > 0).then(|| shown(&aside));
        tell(self.color, |paint, out| {
            writeln!(out, "{} → {}", paint.bold(shown(self.input)), paint.bold(shown(&self.output)))?;
            report::write(summary, silent.len(), meter.seconds(), paint, out)?;
            if summary.records > 0 && summary.without_text == summary.records {
                writeln!(
                    out,
                    "{} no record has a text in the field `{}`: name the right one with --field",
                    paint.removed("warning:"),
                    self.options.field
                )?;
            }
            if let Some(path) = &put_aside {
                writeln!(
                    out,
                    "{} {} records could not be read and were put aside: {path}",
                    paint.removed("warning:"),
                    summary.put_aside
                )?;
            }
            Ok(())
        });
        let useless = summary.records > 0 && summary.without_text == summary.records;
        Ok(if summary.put_aside > 0 || useless { Outcome::Found } else { Outcome::Good })
    }
}

impl Files {
    /// Makes all that was written safe, and notes how long the files are.
    fn end_part(&mut self, progress: &mut Progress) -> Result<(), ContainerError> {
        progress.outputs.insert("records".into(), self.records.end_part()?);
        progress.outputs.insert("aside".into(), self.aside.end_part()?);
        if let Some(findings) = &mut self.findings {
            progress.outputs.insert("findings".into(), findings.end_part()?);
        }
        Ok(())
    }
}

/// A record that could not be read, with the reason.
pub(super) fn aside(name: &str, number: u64, problem: &RecordError, line: &[u8]) -> Vec<u8> {
    let record = String::from_utf8_lossy(line);
    let record = record.trim_end_matches(['\n', '\r']);
    let text = json!({ "input": name, "line": number + 1, "problem": problem.to_string(), "record": record });
    format!("{text}\n").into_bytes()
}
