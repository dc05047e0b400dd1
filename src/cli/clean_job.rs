//! One collection cleaned: into its like or another container, and gone on with where a run was stopped.

use super::Outcome;
use super::clean_records::RecordOptions;
use super::error::Failure;
use super::options::ReadOptions;
use super::output::tell;
use super::progress::Meter;
use jiaokan::corpus::{Document, InputError, Mirror, STDIN, Setup, from_here, keep_beside, run, shown, write_atomically};
use jiaokan::edit::Revision;
use jiaokan::records::{
    Cleaned, Cleaner, Codec, ColumnKind, Columns, ContainerError, Content, FieldPath, Identity, Item, Items, Kind, Leftover,
    Named, Output, Parts, Progress, RecordError, Summary, Table, text_file,
};
use jiaokan::report::{json, records as report};
use jiaokan::rule::Pack;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

/// What is cleaned.
pub(super) enum From {
    /// A file, or the standard input.
    Collection(Document, Kind),
    /// The texts of a folder.
    Folder(PathBuf, Arc<Setup>, Vec<Document>),
}

impl From {
    pub fn path(&self) -> &Path {
        match self {
            From::Collection(document, _) => &document.path,
            From::Folder(path, ..) => path,
        }
    }

    /// What kind of collection it is; none for a folder.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            From::Collection(_, kind) => Some(*kind),
            From::Folder(..) => None,
        }
    }

    fn setup(&self) -> &Arc<Setup> {
        match self {
            From::Collection(document, _) => &document.setup,
            From::Folder(_, setup, _) => setup,
        }
    }

    /// What its documents are called after.
    fn name(&self) -> String {
        match self {
            From::Collection(document, _) => document.name.clone(),
            From::Folder(path, ..) => format!("{}/", shown(path).trim_end_matches('/')),
        }
    }
}

/// One collection to clean.
pub(super) struct Job<'a> {
    pub options: &'a RecordOptions,
    pub read: &'a ReadOptions,
    pub from: From,
    pub to: Kind,
    pub output: PathBuf,
    /// Where the input is kept when what comes out takes its place.
    pub backup: Option<PathBuf>,
}

/// How documents get from one container to the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Piece by piece into the same form.
    Same,
    /// The column of a table anew.
    Column,
    /// Rows become lines.
    Rows,
    /// Texts become records.
    Texts,
}

/// The files that a job writes.
struct Files {
    records: Records,
    findings: Option<Output>,
    aside: Output,
}

enum Records {
    Output(Output),
    Parts(Box<Parts>),
    /// A folder of texts.
    Folder(PathBuf),
    /// They are in other hands.
    Lent,
}

/// What came of one piece.
struct Piece {
    /// What it was, and what takes its place.
    item: Item,
    content: Option<Content>,
    /// The file for its text: the name and the content.
    file: Option<(String, String)>,
    findings: Vec<u8>,
    aside: Vec<u8>,
    summary: Summary,
}

/// What a run writes to and tells of.
struct Running<'a> {
    files: Files,
    progress: Progress,
    meter: Meter,
    cleaner: Cleaner,
    name: String,
    /// Bytes since the last point to go on from.
    since: u64,
    job: &'a Job<'a>,
}

impl Job<'_> {
    fn way(&self) -> Result<Way, Failure> {
        let way = match (self.from.kind(), self.to) {
            (Some(Kind::Table), Kind::Table) => Way::Column,
            (Some(Kind::Table), Kind::Lines) => Way::Rows,
            (Some(Kind::Archive) | None, Kind::Lines | Kind::Table) => Way::Texts,
            (Some(Kind::Lines), Kind::Lines | Kind::Table) | (Some(Kind::Archive), Kind::Archive) => Way::Same,
            (_, Kind::Archive) => {
                let problem = "only an archive becomes one: choose .jsonl or .parquet";
                return Err(Failure::Usage(format!("{}: {problem}", shown(&self.output))));
            }
        };
        if self.options.annotate.is_some() && (way == Way::Column || self.to == Kind::Archive) {
            return Err(Failure::Usage(
                "--annotate adds a field to records: clean into .jsonl, or list edits with --findings".into(),
            ));
        }
        Ok(way)
    }

    /// Whether a run that was stopped can go on.
    fn resumable(&self) -> bool {
        self.from.path().as_os_str() != STDIN && self.output.as_os_str() != STDIN
    }

    /// `OUT.WHAT.jsonl` with the compression of OUT.
    fn beside(&self, what: &str) -> PathBuf {
        if self.output.as_os_str() == STDIN {
            return format!("stdout.{what}.jsonl").into();
        }
        let name = self.output.file_name().unwrap_or_default().to_string_lossy();
        let plain = Codec::of_name(&name).1;
        let stem = Named::of(&self.output).map_or_else(|| plain.to_owned(), |named| named.stem);
        self.output.with_file_name(format!("{stem}.{what}.jsonl{}", &name[plain.len()..]))
    }

    pub fn run(&self, overwrite: bool) -> Result<Outcome, Failure> {
        let (way, setup) = (self.way()?, self.from.setup());
        let same = |other: &Path| fs::canonicalize(other).ok() == fs::canonicalize(self.from.path()).ok();
        let begun = Progress::path(&self.output).exists();
        if self.options.restart {
            Progress::forget(&self.output)?;
        }
        match &self.backup {
            // What is in its way is told before anything is done.
            Some(backup) if backup.exists() => self.keep_original(backup)?,
            Some(_) => {}
            None if self.options.texts.is_some() => {
                Mirror::plan(&self.output, &[self.from.path().to_owned()], &[], overwrite || begun)?;
            }
            None if self.output.exists() && (!overwrite && !Progress::path(&self.output).exists() || same(&self.output)) => {
                return Err(ContainerError::Exists { path: shown(&self.output) }.into());
            }
            None => {}
        }
        let fresh = Progress {
            input: self.identity()?,
            rules: setup.fingerprint(),
            options: format!(
                "{:?}",
                (
                    &self.options.holding.field,
                    &self.options.annotate,
                    &self.options.findings,
                    &self.options.texts,
                    self.options.checkpoint,
                    self.read.reading()
                )
            ),
            items: 0,
            outputs: BTreeMap::new(),
            summary: Summary::default(),
        };
        let progress = if self.resumable() { fresh.resume(&self.output)? } else { fresh };
        if self.resumable() && self.options.texts.is_some() {
            // Texts stand in their places at once: it is told whose they are before the first.
            progress.keep(&self.output)?;
        }
        let field = if way == Way::Texts { "text" } else { &self.options.holding.field };
        let cleaner = Cleaner { field: FieldPath::new(field), annotate: self.options.annotate.clone() };
        let columns = if self.to == Kind::Table && way != Way::Column { Some(self.columns(way)?) } else { None };
        let files = self.files(way, &progress, columns.as_ref(), &cleaner.field)?;
        let meter = Meter::new(self.options.progress, self.read.rule.color, shown(self.from.path()), progress.input.length);
        let mut running = Running { files, progress, meter, cleaner, name: self.from.name(), since: 0, job: self };
        let done = running.go(way);
        running.meter.end();
        let ended = done.and_then(|()| Ok(running.files.end_part(&mut running.progress)?));
        match ended {
            Ok(()) => self.finish(running),
            Err(failure) if self.resumable() => Err(failure),
            Err(failure) => {
                // Nobody can go on with it.
                running.files.discard();
                Err(failure)
            }
        }
    }

    /// Keeps the input, for what comes out to take its place.
    fn keep_original(&self, backup: &Path) -> Result<(), InputError> {
        keep_beside(&self.output, backup).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => {
                InputError::BackupExists { path: shown(self.from.path()), backup: shown(&from_here(backup)) }
            }
            _ => InputError::Unwritable { path: shown(backup), source },
        })
    }

    fn identity(&self) -> Result<Identity, ContainerError> {
        match &self.from {
            From::Folder(path, _, documents) => Identity::of_folder(path, documents),
            From::Collection(document, _) if document.is_stdin() => Ok(Identity { path: STDIN.into(), length: 0, modified: 0 }),
            From::Collection(document, _) => Identity::of(&document.path),
        }
    }

    fn files(&self, way: Way, progress: &Progress, columns: Option<&Columns>, field: &FieldPath) -> Result<Files, Failure> {
        let length = |name: &str| progress.outputs.get(name).copied().unwrap_or(0);
        let stream = |path: &Path, length| {
            let codec = Codec::of_name(&path.file_name().unwrap_or_default().to_string_lossy()).0;
            Output::stream(path, Named::of(path).map_or(codec, |named| named.codec), length)
        };
        let records = match (way, columns) {
            (Way::Column, _) => {
                let table = Table::open(self.from.path())?;
                let column = table.column(field)?;
                Records::Parts(Box::new(Parts::like(&self.output, &table, column, length("records"))))
            }
            _ if self.options.texts.is_some() => Records::Folder(self.output.clone()),
            (_, Some(columns)) => Records::Output(Output::rows(&self.output, columns, length("records"))),
            _ if self.output.as_os_str() == STDIN => Records::Output(Output::stdout()),
            _ => Records::Output(stream(&self.output, length("records"))?),
        };
        let findings = match self.options.findings.as_ref().map(|path| path.clone().unwrap_or_else(|| self.beside("findings"))) {
            None => None,
            Some(path) => Some(match Named::of(&path).map(|named| named.kind) {
                Some(Kind::Table) => Output::rows(&path, &json::columns(), length("findings")),
                _ => stream(&path, length("findings"))?,
            }),
        };
        Ok(Files { records, findings, aside: stream(&self.beside("put-aside"), length("aside"))? })
    }

    /// The pieces of what is cleaned, after the first `first`.
    fn items(&self, way: Way, first: u64) -> Result<Items, ContainerError> {
        match &self.from {
            From::Folder(_, _, documents) => Ok(Items::files(documents.clone(), first)),
            From::Collection(document, _) if way == Way::Rows => Items::rows(&document.path, first),
            From::Collection(document, kind) => Items::stream(&document.path, *kind, &document.setup, first),
        }
    }

    /// The columns that the records need, which are read once for it.
    fn columns(&self, way: Way) -> Result<Columns, Failure> {
        let mut columns = Columns::default();
        if way == Way::Texts {
            columns = Columns::of(&[("path", ColumnKind::Text), ("text", ColumnKind::Text)]);
        } else {
            if !self.resumable() {
                return Err(Failure::Usage("records are read twice to become a table: give them in a file".into()));
            }
            let items = self.items(way, 0)?;
            let of = |item: Item| match &item.content {
                Content::Line(line) => Columns::of_line(line).ok(),
                _ => None,
            };
            run(
                items,
                |item| item.content.weight(),
                self.options.holding.underway(),
                of,
                |found| -> Result<(), ContainerError> {
                    found.iter().for_each(|found| columns.join(found));
                    Ok(())
                },
            )?;
        }
        if let Some(name) = &self.options.annotate {
            columns.join(&Columns::of(&[(name, ColumnKind::Json)]));
        }
        Ok(columns)
    }

    fn piece(&self, way: Way, cleaner: &Cleaner, container: &str, item: Item) -> Piece {
        let reading = self.read.reading();
        let name = item.name(container);
        let (item, readable) = match way {
            Way::Texts => item.into_line(reading).map_or_else(|failed| (failed.0, Err(failed.1)), |item| (item, Ok(()))),
            _ => (item, Ok(())),
        };
        let mut piece =
            Piece { item, content: None, file: None, findings: Vec::new(), aside: Vec::new(), summary: Summary::default() };
        let revise = |source| self.from.setup().pipeline.revise(source, reading.consent);
        let (mut summary, mut findings) = (Summary::default(), Vec::new());
        let seen = |revision: &Revision, base| {
            summary.add_section(&Summary::of(revision));
            if self.options.findings.is_some() {
                // Memory takes whatever is written to it.
                let _ = json::lines_from(&name, revision, base, &mut findings);
            }
        };
        match readable.and_then(|()| cleaner.clean(&piece.item, &name, reading, revise, seen)) {
            Ok(Cleaned { content, has_text: true }) => {
                (piece.summary, piece.findings, piece.content) = (summary, findings, content);
                if let Some(called) = &self.options.texts {
                    let line: Vec<&[u8]> = piece.item.content.bytes(piece.content.as_ref()).collect();
                    let called = called.as_deref().or((way == Way::Texts).then_some("path")).map(FieldPath::new);
                    // It has been read before.
                    piece.file =
                        text_file(&line.concat(), piece.item.number + 1, &cleaner.field, called.as_ref()).unwrap_or_default();
                }
            }
            Ok(Cleaned { .. }) => {
                let records = u64::from(piece.item.is_record());
                piece.summary = Summary { records, without_text: records, ..Summary::default() };
            }
            Err(problem) => {
                piece.summary = Summary { records: 1, put_aside: 1, ..Summary::default() };
                piece.aside = aside(container, &piece.item, &problem);
                if way == Way::Texts || matches!(piece.item.content, Content::Line(_)) {
                    piece.content = Some(Content::Other(Vec::new()));
                }
            }
        }
        piece
    }

    fn finish(&self, running: Running<'_>) -> Result<Outcome, Failure> {
        let Running { files, progress, meter, .. } = running;
        let summary = &progress.summary;
        let aside = self.beside("put-aside");
        let same = self.backup.is_some() && summary.changed == 0 && summary.put_aside == 0;
        let permissions = match self.backup.as_ref().filter(|_| !same) {
            Some(backup) => {
                self.keep_original(backup)?;
                // Once the input is gone, nobody could go on with it.
                Progress::forget(&self.output)?;
                fs::metadata(backup).map(|about| about.permissions()).ok()
            }
            None => None,
        };
        let leftover = files.finish(&progress, !same)?;
        if let Some(permissions) = permissions {
            fs::set_permissions(&self.output, permissions).map_err(|error| ContainerError::write(&self.output, error))?;
        }
        Progress::forget(&self.output)?;
        leftover.into_iter().try_for_each(Leftover::remove)?;
        let pack = &self.from.setup().pack;
        if let Some(path) = &self.options.summary {
            write_figures(path, &shown(self.from.path()), &shown(&self.output), summary, pack)?;
        }
        let useless = summary.records > 0 && summary.without_text == summary.records;
        tell(self.read.rule.color, |paint, out| {
            let (input, output) = (paint.bold(shown(self.from.path())), paint.bold(shown(&self.output)));
            match &self.backup {
                None => writeln!(out, "{input} → {output}")?,
                Some(_) if same => writeln!(out, "{input} stays as it is")?,
                Some(backup) => writeln!(out, "{input}, which is kept as {}", shown(&from_here(backup)))?,
            }
            report::write(summary, pack, meter.seconds(), paint, out)?;
            let warning = paint.removed("warning:");
            if useless {
                let field = &self.options.holding.field;
                writeln!(out, "{warning} no record has a text in the field `{field}`: name the right one with --field")?;
            }
            if summary.put_aside > 0 {
                let (told, aside) = (report::unread(summary.put_aside), shown(&aside));
                writeln!(out, "{warning} {told} put aside: {aside}")?;
            }
            Ok(())
        });
        Ok(if summary.put_aside > 0 || useless { Outcome::Found } else { Outcome::Good })
    }
}

impl Running<'_> {
    fn go(&mut self, way: Way) -> Result<(), Failure> {
        let done = self.progress.items;
        if done > 0 {
            let what = if way == Way::Column { "row groups" } else { "records" };
            self.meter.tell(&format!("goes on after {done} {what}"));
        }
        match way {
            Way::Column => self.column(done),
            Way::Same | Way::Rows | Way::Texts => self.stream(way, done),
        }
    }

    /// Pieces of any container into a stream or rows.
    fn stream(&mut self, way: Way, done: u64) -> Result<(), Failure> {
        let job = self.job;
        let items = job.items(way, done)?;
        self.meter.watch(items.consumed.clone());
        let (cleaner, name) = (self.cleaner.clone(), self.name.clone());
        let work = |item| job.piece(way, &cleaner, &name, item);
        let items = items.map(|item| item.map_err(Failure::from));
        run(
            items,
            |item| item.content.weight(),
            job.options.holding.underway(),
            work,
            |piece: Piece| {
                match (&mut self.files.records, &piece.file) {
                    (Records::Output(output), _) => output.write_all(piece.item.content.bytes(piece.content.as_ref()))?,
                    (Records::Folder(folder), Some((name, text))) => {
                        let path = folder.join(name);
                        write_atomically(&path, text.as_bytes(), None).map_err(|error| ContainerError::write(&path, error))?;
                    }
                    _ => {}
                }
                self.note(&piece)?;
                self.progress.items += 1;
                self.since += piece.item.content.weight() as u64;
                self.keep()
            },
        )
    }

    /// A column of a table, row group by row group.
    fn column(&mut self, done: u64) -> Result<(), Failure> {
        let job = self.job;
        let table = Table::open(job.from.path())?;
        let (column, consumed) = (table.column(&self.cleaner.field)?, Arc::new(AtomicU64::new(0)));
        self.meter.watch(consumed.clone());
        let (cleaner, name) = (self.cleaner.clone(), self.name.clone());
        let work = |item| job.piece(Way::Column, &cleaner, &name, item);
        let mut first = 0;
        for group in 0..table.groups() {
            let (rows, bytes) = table.size(group);
            if group as u64 >= done {
                let items = Items::texts(&table, column, group, first, consumed.clone())?;
                // What is written while a row group is open goes to it alone.
                let Records::Parts(mut parts) = std::mem::replace(&mut self.files.records, Records::Lent) else { continue };
                let rewritten = parts.rewrite(&table, group, column, |put| -> Result<(), Failure> {
                    let items = items.map(|item| item.map_err(Failure::from));
                    run(
                        items,
                        |item| item.content.weight(),
                        job.options.holding.underway(),
                        work,
                        |piece: Piece| {
                            put(piece.content.as_ref().unwrap_or(&piece.item.content))?;
                            Ok(self.note(&piece)?)
                        },
                    )
                });
                self.files.records = Records::Parts(parts);
                rewritten?;
                self.progress.items += 1;
                self.since += bytes;
                self.keep()?;
            }
            first += rows;
        }
        Ok(())
    }

    /// Writes and counts what belongs to a piece beside itself.
    fn note(&mut self, piece: &Piece) -> Result<(), ContainerError> {
        self.files.aside.write(&piece.aside)?;
        if let Some(findings) = &mut self.files.findings {
            findings.write(&piece.findings)?;
        }
        self.progress.summary.add(&piece.summary);
        self.meter.show(&self.progress.summary);
        Ok(())
    }

    /// Makes a point to go on from, when it is time.
    fn keep(&mut self) -> Result<(), Failure> {
        if self.since >= self.job.options.checkpoint && self.job.resumable() {
            self.since = 0;
            self.files.end_part(&mut self.progress)?;
            self.progress.keep(&self.job.output)?;
        }
        Ok(())
    }
}

impl Files {
    /// Makes all that was written safe, and notes how much it is.
    fn end_part(&mut self, progress: &mut Progress) -> Result<(), ContainerError> {
        let records = match &mut self.records {
            Records::Output(output) => output.end_part()?,
            Records::Parts(parts) => parts.end_part()?,
            Records::Folder(_) | Records::Lent => 0,
        };
        progress.outputs.insert("records".into(), records);
        progress.outputs.insert("aside".into(), self.aside.end_part()?);
        if let Some(findings) = &mut self.findings {
            progress.outputs.insert("findings".into(), findings.end_part()?);
        }
        Ok(())
    }

    /// Puts everything in its place, the records last: those only when they are `wanted`.
    fn finish(self, progress: &Progress, wanted: bool) -> Result<Vec<Leftover>, ContainerError> {
        let length = |name: &str| progress.outputs.get(name).copied().unwrap_or(0);
        let mut leftover = Vec::new();
        match progress.summary.put_aside {
            0 => self.aside.discard()?,
            _ => leftover.push(self.aside.finish(length("aside"))?),
        }
        if let Some(findings) = self.findings {
            leftover.push(findings.finish(length("findings"))?);
        }
        leftover.push(match self.records {
            Records::Output(output) if !wanted => output.discard().map(|()| Leftover::default())?,
            Records::Parts(parts) if !wanted => parts.discard().map(|()| Leftover::default())?,
            Records::Output(output) => output.finish(length("records"))?,
            Records::Parts(parts) => parts.finish(length("records"))?,
            Records::Folder(_) | Records::Lent => Leftover::default(),
        });
        Ok(leftover)
    }

    /// Gives everything up. That something cannot be removed is no worse than what went before.
    fn discard(self) {
        let _ = self.aside.discard();
        let _ = self.findings.map(Output::discard);
        let _ = match self.records {
            Records::Output(output) => output.discard(),
            Records::Parts(parts) => parts.discard(),
            Records::Folder(_) | Records::Lent => Ok(()),
        };
    }
}

/// Writes the figures of a run.
pub(super) fn write_figures(
    path: &Path,
    input: &str,
    output: &str,
    summary: &Summary,
    pack: &Pack,
) -> Result<(), ContainerError> {
    let text = json!({
        "input": input, "output": output, "figures": summary, "found_nothing": summary.silent(pack),
        "passes_that_found_nothing": summary.silent_passes(pack),
    });
    write_atomically(path, format!("{text:#}\n").as_bytes(), None)
        .map_err(|source| ContainerError::Unwritable { path: shown(path), source })
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
        Content::Value { .. } | Content::Other(_) | Content::Spliced(_) => {
            json!({ "input": container, "row": item.number + 1, "problem": problem })
        }
    };
    format!("{text}\n").into_bytes()
}
