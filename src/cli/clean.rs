//! `clean`: cleaned copies in a folder of their own, in place of the originals, or from stream to stream.

use super::Outcome;
use super::clean_job::write_figures;
use super::clean_records::{self, RecordOptions};
use super::error::Failure;
use super::listed::Inputs;
use super::options::{Color, Level, ReadOptions};
use super::output::{complain, for_programs, tell};
use super::progress::Meter;
use clap::{Args, ValueEnum};
use jiaokan::corpus::{
    Document, Entry, Form, InputError, Mirror, STDIN, Spool, back_up, from_here, revise_each, shown, write_atomically,
};
use jiaokan::edit::Revision;
use jiaokan::records::Summary as Figures;
use jiaokan::report::human::{self, Total};
use jiaokan::report::{Tally, counted, diff, json, records};
use jiaokan::review::{Decision, Expected, Ledger, Standing, carried, done};
use jiaokan::text::{Encoding, Newline};
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Write cleaned documents: copies in a new folder, in place, or - from standard input to standard output
///
/// Beside the copies, OUT/.jiaokan/changes.diff holds every edit as a unified diff and OUT/.jiaokan/findings.jsonl everything
/// the rules found. Exit code: 0 all done, 1 all but some inputs, 2 nothing could be done.
#[derive(Debug, Args)]
pub(super) struct Clean {
    /// The folder for the cleaned copies, new or empty; or a new collection (.jsonl, .parquet, .tar); or - for the standard output
    #[arg(short, long, value_name = "OUT", conflicts_with = "in_place")]
    output: Option<PathBuf>,

    /// Write over what is in OUT already
    #[arg(long, requires = "output")]
    overwrite: bool,

    /// Put the cleaned documents in place of the originals, which are kept as FILE.bak
    #[arg(long)]
    in_place: bool,

    /// What the name of a kept original ends in, instead of .bak
    #[arg(long, value_name = "SUFFIX", requires = "in_place", default_value = ".bak", hide_default_value = true)]
    backup_suffix: OsString,

    /// Write this encoding instead of each input's own; changes.diff is then in UTF-8, and what --lossy passed over is U+FFFD
    #[arg(long, value_name = "NAME")]
    to_encoding: Option<Encoding>,

    /// The line ends to write
    #[arg(long, value_name = "STYLE", value_enum, default_value_t)]
    newline: LineEnd,

    /// Make the edits and nothing else: what rules would only propose or flag is not looked for, which is faster
    #[arg(long)]
    edits_only: bool,

    #[command(flatten)]
    records: RecordOptions,

    #[command(flatten)]
    read: ReadOptions,

    /// Whether only what people accepted is made: the command `apply`.
    #[arg(skip)]
    accepted_only: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum LineEnd {
    /// As in each input.
    #[default]
    Keep,
    /// \n
    Lf,
    /// \r\n
    Crlf,
}

/// Where cleaned documents go.
enum Target {
    Stdout,
    InPlace { suffix: OsString },
    Folder(Mirror),
}

/// What is left of a document once it is written.
struct Done {
    tally: Tally,
    figures: Figures,
    changed: bool,
    /// The cleaned bytes, for the standard output alone.
    bytes: Vec<u8>,
    /// Decisions to keep: what the cleaned text needs, and what is done.
    decisions: Vec<Decision>,
    /// For the records of an output folder.
    diff: Vec<u8>,
    findings: Vec<u8>,
}

/// What is kept of a run, beside the copies.
struct Records {
    diff: Spool,
    findings: Spool,
    paths: [PathBuf; 2],
}

impl Clean {
    pub fn color(&self) -> Color {
        self.read.rule.color
    }

    pub fn run(mut self) -> Result<Outcome, Failure> {
        self.check_usage()?;
        self.read.edits_only = self.edits_only;
        if clean_records::concerns(&self.records, &self.read.paths, self.output.as_deref()) {
            let stream = self.read.paths.iter().any(|path| path.as_os_str() == STDIN).then(|| PathBuf::from(STDIN));
            let output = self.output.clone().or(stream);
            self.check_records(output.as_ref())?;
            return clean_records::clean(&self.records, &self.read, &output.unwrap_or_default(), self.overwrite);
        }
        let mut inputs = self.read.gather_collections(self.in_place.then_some(&self.backup_suffix))?;
        let named = self.records.holding.inputs();
        let is_collection = |entry: &Entry| entry.as_ref().is_ok_and(|document| named.kind(&document.path).is_some());
        let (found, entries): (Vec<_>, Vec<_>) = inputs.entries.drain(..).partition(is_collection);
        inputs.entries = entries;
        if found.is_empty() {
            return self.clean_texts(inputs);
        }
        self.check_records(self.output.as_ref())?;
        let texts = if inputs.entries.is_empty() { Outcome::Good } else { self.clean_texts(inputs)? };
        let output = self.output.clone().unwrap_or_default();
        let found = found.into_iter().flatten().collect();
        let collections = clean_records::clean_found(&self.records, &self.read, found, &output, self.overwrite)?;
        Ok(if texts == Outcome::Good { collections } else { texts })
    }

    fn clean_texts(&self, inputs: Inputs) -> Result<Outcome, Failure> {
        let Inputs { entries, listed, ledger } = inputs;
        let expected = match (&ledger, self.accepted_only) {
            (Some(ledger), true) => Some(Expected::of(ledger)),
            (None, true) => {
                return Err(Failure::Usage(
                    "nobody has decided anything about these documents: begin with `jiaokan review`".into(),
                ));
            }
            (_, false) => None,
        };
        let target = self.target(&entries)?;
        let mut records = match &target {
            Target::Folder(mirror) => Some(Records::begin(mirror).inspect_err(|_| mirror.abandon())?),
            Target::Stdout | Target::InPlace { .. } => None,
        };
        let form = self.form();
        let (mut total, mut changed, mut failed, mut moved) = (Total::default(), 0, 0, 0);
        let mut figures = Figures::default();
        let pack = entries.iter().flatten().next().map(|document| document.setup.clone());
        let length = |document: &Document| fs::metadata(&document.path).map_or(0, |about| about.len());
        let mut meter =
            Meter::new(self.records.progress, self.color(), String::new(), entries.iter().flatten().map(length).sum());
        let read = Arc::new(AtomicU64::new(0));
        meter.watch(read.clone());
        let mut keeper = ledger.as_deref().and_then(|ledger| target.keeper(ledger));
        revise_each(
            entries,
            self.read.reading(),
            |document, revision| {
                listed.note(revision.source());
                read.fetch_add(revision.source().bytes().len() as u64, Ordering::Relaxed);
                let revision = match (&expected, &ledger) {
                    (Some(expected), Some(ledger)) => accepted(document, revision, expected, ledger)?,
                    _ => revision,
                };
                let mut done = target.take(document, &revision, form)?;
                if let Some(ledger) = &ledger {
                    done.decisions = target.decisions(document, &revision, ledger);
                }
                Ok(done)
            },
            |result| -> Result<(), Failure> {
                match result {
                    Ok(done) => {
                        if let Some(keeper) = keeper.as_mut().filter(|_| !done.decisions.is_empty()) {
                            keeper.record(done.decisions.clone())?;
                        }
                        if let Some(records) = &mut records {
                            records.add(&done)?;
                        } else if matches!(target, Target::Stdout) {
                            let mut out = for_programs();
                            out.write_all(&done.bytes)?;
                            out.flush()?;
                        }
                        changed += usize::from(done.changed);
                        total.add(done.tally);
                        figures.add(&done.figures);
                        meter.show(&figures);
                    }
                    Err(error) => {
                        failed += 1;
                        moved += usize::from(matches!(error, InputError::Moved { .. }));
                        complain(&error.into(), self.read.rule.color);
                    }
                }
                Ok(())
            },
        )?;
        meter.end();
        listed.tell(self.color());
        if total.documents == 0 {
            drop(records);
            if let Target::Folder(mirror) = target {
                mirror.abandon();
            }
            return Ok(if moved > 0 && moved == failed { Outcome::Found } else { Outcome::Failed });
        }
        let kept = records.map(Records::finish).transpose()?;
        if let (Some(path), Some(setup)) = (&self.records.summary, &pack) {
            let paths: Vec<String> = self.read.paths.iter().map(|path| shown(path)).collect();
            let output = self.output.as_deref().map_or_else(|| paths.join(", "), shown);
            write_figures(path, &paths.join(", "), &output, &figures, &setup.pack)?;
        }
        if !matches!(target, Target::Stdout) {
            self.summarise(&total, changed, failed, kept.as_ref());
            // Of little text that nobody asks about, the time and what was not found tell nothing.
            let told = self.records.summary.is_some() || figures.characters >= 100_000 || meter.seconds() >= 1.0;
            if let Some(setup) = pack.as_ref().filter(|_| told) {
                tell(self.color(), |paint, out| records::end(&figures, &setup.pack, meter.seconds(), paint, out));
            }
        }
        Ok(if failed > 0 { Outcome::Found } else { Outcome::Good })
    }

    /// Collections have no place for what belongs to files.
    fn check_records(&self, output: Option<&PathBuf>) -> Result<(), Failure> {
        if output.is_none() {
            return Err(Failure::Usage(
                "a collection is cleaned into a new one: name it with -o OUT.jsonl, or a folder for it".into(),
            ));
        }
        if self.accepted_only || self.to_encoding.is_some() || self.newline != LineEnd::Keep {
            return Err(Failure::Usage(
                "`apply`, --to-encoding and --newline are not for collections: the text in them stays as it is kept there".into(),
            ));
        }
        Ok(())
    }

    /// The same, making only what people accepted.
    pub fn accepted_only(self) -> Clean {
        Clean { accepted_only: true, ..self }
    }

    fn check_usage(&self) -> Result<(), Failure> {
        let stdin = self.read.paths.iter().any(|path| path.as_os_str() == STDIN);
        let usage = |message: &str| Err(Failure::Usage(message.into()));
        if self.accepted_only && self.read.apply != Level::Auto {
            return usage("`apply` makes what people accepted and nothing else: drop --apply, or use `clean`");
        }
        let collection = self.records.holding.input_format.is_some();
        if stdin && (self.output.is_some() && !collection || self.in_place) {
            return usage(
                "`-` is cleaned from the standard input to the standard output: drop --output and --in-place, or say what \
                 collection it is with --input-format",
            );
        }
        if !stdin && self.output.is_none() && !self.in_place {
            return usage("where should the cleaned documents go? Name a new folder with -o DIR, or ask for --in-place");
        }
        let suffix = self.backup_suffix.as_encoded_bytes();
        if suffix.is_empty() || suffix.iter().any(|&byte| std::path::is_separator(byte.into())) {
            return usage("--backup-suffix is the end of a file name: give at least one character and no path separator");
        }
        Ok(())
    }

    fn target(&self, entries: &[Entry]) -> Result<Target, Failure> {
        Ok(match &self.output {
            Some(folder) => Target::Folder(Mirror::plan(folder, &self.read.paths, entries, self.overwrite)?),
            None if self.in_place => Target::InPlace { suffix: self.backup_suffix.clone() },
            None => Target::Stdout,
        })
    }

    fn form(&self) -> Form {
        let newline = match self.newline {
            LineEnd::Keep => None,
            LineEnd::Lf => Some(Newline::Lf),
            LineEnd::Crlf => Some(Newline::CrLf),
        };
        Form { encoding: self.to_encoding, newline }
    }

    fn summarise(&self, total: &Total, changed: usize, failed: usize, kept: Option<&[PathBuf; 2]>) {
        tell(self.color(), |paint, out| {
            human::summary(total, changed, paint, out)?;
            if failed > 0 {
                writeln!(out, "{}", paint.removed(format!("{} not cleaned, see above", counted(failed, "input"))))?;
            }
            if let Some([diff, findings]) = kept {
                writeln!(out, "every edit: {}\nevery finding: {}", shown(diff), shown(findings))?;
            }
            Ok(())
        });
    }
}

/// The accepted edits of `revision` alone, unless some are not to be found any more.
fn accepted(document: &Document, revision: Revision, expected: &Expected, ledger: &Ledger) -> Result<Revision, InputError> {
    match expected.lost(&revision, &ledger.document(&document.path)).len() {
        0 => Ok(revision.accepted_only()),
        count => Err(InputError::Moved { path: document.name.clone(), count: counted(count, "edit") }),
    }
}

impl Target {
    /// The ledger that goes with the cleaned documents.
    fn keeper(&self, ledger: &Ledger) -> Option<Ledger> {
        match self {
            Target::Stdout => None,
            Target::InPlace { .. } => Some(ledger.clone()),
            // Nothing is written to it before there is something to keep.
            Target::Folder(mirror) => Ledger::open(&mirror.record("decisions")).ok(),
        }
    }

    /// What that ledger needs to know of a document.
    fn decisions(&self, document: &Document, revision: &Revision, ledger: &Ledger) -> Vec<Decision> {
        match self {
            Target::Stdout => Vec::new(),
            Target::InPlace { .. } if !revision.is_changed() => Vec::new(),
            Target::InPlace { .. } => {
                let mut kept = carried(revision, ledger, &ledger.document(&document.path));
                kept.retain(|decision| ledger.standing(decision.key) == Standing::Open);
                kept.extend(done(revision, ledger));
                kept
            }
            Target::Folder(_) => carried(revision, ledger, &document.landing.to_string_lossy().replace('\\', "/")),
        }
    }

    /// Writes one document, and makes what the records need of it.
    fn take(&self, document: &Document, revision: &Revision, form: Form) -> Result<Done, InputError> {
        let unencodable = |source| InputError::Unencodable { path: document.name.clone(), source };
        let bytes = form.bytes(revision).map_err(unencodable)?;
        let changed = *bytes != *revision.source().bytes();
        let mut done = Done {
            tally: Tally::of(&revision.findings),
            figures: Figures::of(revision),
            changed,
            bytes: Vec::new(),
            decisions: Vec::new(),
            diff: Vec::new(),
            findings: Vec::new(),
        };
        match self {
            Target::Stdout => done.bytes = bytes.into_owned(),
            Target::InPlace { .. } if !changed => {}
            Target::InPlace { suffix } => replace(document, revision.source().bytes(), &bytes, suffix)?,
            Target::Folder(mirror) => {
                let label = diff::label(&document.landing);
                done.diff = match form.transcodes(revision) {
                    true => diff::of_text(&label, revision),
                    false => diff::of_bytes(&label, revision).map_err(unencodable)?,
                };
                let listed = json::lines(&document.name, revision, &mut done.findings);
                debug_assert!(listed.is_ok());
                let path = mirror.path(document);
                let permissions = fs::metadata(&document.path).map(|about| about.permissions()).ok();
                write_atomically(&path, &bytes, permissions).map_err(|error| unwritable(&path, error))?;
            }
        }
        Ok(done)
    }
}

/// Puts `new` in place of a document, which is kept beside it. Without a backup nothing is touched.
fn replace(document: &Document, old: &[u8], new: &[u8], suffix: &OsString) -> Result<(), InputError> {
    let path = document.path.canonicalize().map_err(|error| unwritable(&document.path, error))?;
    let permissions = fs::metadata(&path).map(|about| about.permissions()).ok();
    let mut backup = path.clone().into_os_string();
    backup.push(suffix);
    let backup = PathBuf::from(backup);
    back_up(&backup, old, permissions.clone()).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            InputError::BackupExists { path: document.name.clone(), backup: shown(&from_here(&backup)) }
        }
        _ => unwritable(&backup, error),
    })?;
    write_atomically(&path, new, permissions).map_err(|error| {
        let _ = fs::remove_file(&backup);
        unwritable(&document.path, error)
    })
}

impl Records {
    fn begin(mirror: &Mirror) -> Result<Records, Failure> {
        let paths = ["changes.diff", "findings.jsonl"].map(|name| mirror.record(name));
        let begin = |path: &Path| Spool::create(path.to_path_buf()).map_err(|error| unwritable(path, error));
        Ok(Records { diff: begin(&paths[0])?, findings: begin(&paths[1])?, paths })
    }

    fn add(&mut self, done: &Done) -> Result<(), Failure> {
        self.diff.write(&done.diff).map_err(|error| unwritable(&self.paths[0], error))?;
        self.findings.write(&done.findings).map_err(|error| unwritable(&self.paths[1], error))?;
        Ok(())
    }

    /// Closes the records and tells where they are.
    fn finish(self) -> Result<[PathBuf; 2], Failure> {
        self.diff.finish().map_err(|error| unwritable(&self.paths[0], error))?;
        self.findings.finish().map_err(|error| unwritable(&self.paths[1], error))?;
        Ok(self.paths)
    }
}

fn unwritable(path: &Path, source: io::Error) -> InputError {
    InputError::Unwritable { path: shown(path), source }
}
