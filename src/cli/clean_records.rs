//! `clean` on collections: each record is a document, and a run that was stopped goes on.

use super::Outcome;
use super::error::Failure;
use super::options::{Color, HoldingOptions, Level, ReadOptions, size};
use super::output::tell;
use super::progress::{Meter, Progress as Shown};
use clap::Args;
use jiaokan::corpus::{Setup, run, shown, write_atomically};
use jiaokan::records::{
    Cleaned, Cleaner, Codec, ContainerError, Content, FieldPath, Identity, Item, Items, Named, Output, Progress, RecordError,
    Summary,
};
use jiaokan::report::{json, records as report};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Options for collections of records.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Collections (.jsonl, .ndjson, .parquet, .tar; also .gz, .zst, .xz)")]
pub(super) struct RecordOptions {
    #[command(flatten)]
    pub holding: HoldingOptions,

    /// Add this field to changed records: `[[start, end, "rules", "new"], ...]` in code points of the original text
    #[arg(long, value_name = "NAME")]
    annotate: Option<String>,

    /// Write everything that was found beside the output, as OUT.findings.jsonl
    #[arg(long)]
    findings: bool,

    /// Write the figures of the run to this file, as JSON
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,

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

/// Whether `path` names a collection.
pub(super) fn is_collection(path: &Path) -> bool {
    Named::of(path).is_some() && !path.is_dir()
}

/// What came of one piece.
struct Piece {
    /// What it was, and what takes its place.
    item: Item,
    content: Option<Content>,
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
        let stem = Named::of(&self.output).map_or_else(|| plain.to_owned(), |named| named.stem);
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
                    &self.options.holding.field,
                    &self.options.annotate,
                    self.options.findings,
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
        let named = Named::of(self.input).expect("only collections get here");
        let items = Items::stream(self.input, named.kind, &setup, progress.lines)?;
        let consumed = items.consumed.clone();
        let mut meter = Meter::new(self.options.progress, self.color, shown(self.input), progress.input.length, consumed);
        if progress.lines > 0 {
            meter.tell(&format!("goes on after {} lines", progress.lines));
        }
        let cleaner = Cleaner { field: FieldPath::new(&self.options.holding.field), annotate: self.options.annotate.clone() };
        let name = shown(self.input);
        let mut since = 0;
        let done = run(
            items.map(|item| item.map_err(Failure::from)),
            |item| item.content.weight(),
            self.options.holding.underway(),
            |item| self.piece(&cleaner, &setup, &name, item),
            |piece| -> Result<(), Failure> {
                for bytes in piece.content.as_ref().unwrap_or(&piece.item.content).bytes() {
                    files.records.write(bytes)?;
                }
                files.aside.write(&piece.aside)?;
                if let Some(findings) = &mut files.findings {
                    findings.write(&piece.findings)?;
                }
                progress.summary.add(&piece.summary);
                since += piece.item.content.weight() as u64;
                progress.lines += 1;
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
        done?;
        files.end_part(&mut progress)?;
        self.finish(files, &progress, &setup, &meter)
    }

    fn piece(&self, cleaner: &Cleaner, setup: &Arc<Setup>, container: &str, item: Item) -> Piece {
        let reading = self.read.reading();
        let name = item.name(container);
        let mut piece = Piece { item, content: None, findings: Vec::new(), aside: Vec::new(), summary: Summary::default() };
        match cleaner.clean(&piece.item, &name, reading, |source| setup.pipeline.revise(source, reading.consent)) {
            Ok(Cleaned { content, revision: Some(revision) }) => {
                piece.summary = Summary::of(&revision);
                if self.options.findings {
                    // Memory takes whatever is written to it.
                    let _ = json::lines(&name, &revision, &mut piece.findings);
                }
                piece.content = content;
            }
            Ok(Cleaned { .. }) => {
                let records = u64::from(piece.item.is_record());
                piece.summary = Summary { records, without_text: records, ..Summary::default() };
            }
            Err(problem) => {
                piece.summary = Summary { records: 1, put_aside: 1, ..Summary::default() };
                piece.aside = aside(container, &piece.item, &problem);
                if let Content::Line(_) = piece.item.content {
                    piece.content = Some(Content::Other(Vec::new()));
                }
            }
        }
        piece
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
                    self.options.holding.field
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
pub(super) fn aside(container: &str, item: &Item, problem: &RecordError) -> Vec<u8> {
    let problem = problem.to_string();
    let text = match &item.content {
        Content::Line(line) => {
            let record = String::from_utf8_lossy(line);
            let record = record.trim_end_matches(['\n', '\r']);
            json!({ "input": container, "line": item.number + 1, "problem": problem, "record": record })
        }
        Content::Member(member) => json!({ "input": container, "member": member.name, "problem": problem }),
        Content::Value { .. } | Content::Other(_) => json!({ "input": container, "row": item.number + 1, "problem": problem }),
    };
    format!("{text}\n").into_bytes()
}
