//! The forms in which `check` reports: for people, for programs, for continuous integration.

use super::options::Color;
use super::output::tell;
use clap::ValueEnum;
use jiaokan::corpus::{Document, Entry, Setup, from_here, shown};
use jiaokan::edit::Revision;
use jiaokan::report::human::{Total, View};
use jiaokan::report::json::Array;
use jiaokan::report::{Highlights, Tally, github, gitlab, human, json, junit, rdjson, sarif, summary};
use jiaokan::rule::Rule;
use std::env;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    /// For people: by document, with excerpts.
    #[default]
    Human,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// SARIF 2.1.0, for code scanning and editors.
    Sarif,
    /// Annotations of GitHub Actions; the rest goes to the summary of the step.
    Github,
    /// A code quality report of GitLab.
    Gitlab,
    /// JUnit XML.
    Junit,
    /// The diagnostic format of reviewdog.
    Rdjson,
    /// A summary for a pull request.
    Markdown,
}

/// What is kept of one document.
pub(super) struct Part {
    /// What was found.
    pub tally: Tally,
    text: Vec<u8>,
    highlights: Highlights,
}

/// A report that is written document by document.
pub(super) struct Report {
    format: Format,
    view: View,
    array: Array,
    log: sarif::Log,
    highlights: Highlights,
    setups: Vec<Arc<Setup>>,
}

impl Format {
    /// Whether it speaks of what was left for later. Where findings stand beside a change, they would be told of again and again.
    pub fn tells_known(self) -> bool {
        matches!(self, Format::Human | Format::Json | Format::Jsonl)
    }

    /// One document in this form.
    pub fn part(self, document: &Document, revision: &Revision, view: View) -> Part {
        let path = if document.is_stdin() { document.path.clone() } else { from_here(&document.path) };
        let text = super::each::written(|text| match self {
            Format::Human => human::document(&document.name, revision, view, text),
            Format::Json | Format::Jsonl => json::lines(&document.name, revision, text),
            Format::Sarif => sarif::lines(&path, revision, text),
            Format::Gitlab => gitlab::lines(&path, revision, text),
            Format::Junit => junit::suite(&path, revision, text),
            Format::Rdjson => rdjson::lines(&path, revision, text),
            Format::Github | Format::Markdown => Ok(()),
        });
        let highlights = match self {
            Format::Github | Format::Markdown => Highlights::of(&path, revision),
            _ => Highlights::default(),
        };
        Part { tally: Tally::of(&revision.findings), text, highlights }
    }
}

impl Report {
    /// A report on `entries`.
    pub fn begin(format: Format, view: View, entries: &[Entry], out: &mut dyn Write) -> io::Result<Report> {
        let mut setups: Vec<Arc<Setup>> = Vec::new();
        for document in entries.iter().flatten() {
            // Neighbours share theirs.
            if !setups.last().is_some_and(|last| Arc::ptr_eq(last, &document.setup)) {
                setups.push(document.setup.clone());
            }
        }
        if format == Format::Junit {
            out.write_all(junit::HEAD.as_bytes())?;
        }
        let array = if format == Format::Rdjson { Array::after(rdjson::HEAD) } else { Array::default() };
        Ok(Report { format, view, array, log: sarif::Log::default(), highlights: Highlights::default(), setups })
    }

    /// Adds one document.
    pub fn add(&mut self, part: Part, mut out: &mut dyn Write) -> io::Result<()> {
        match self.format {
            Format::Json | Format::Gitlab | Format::Rdjson => self.array.add(&part.text, &mut out),
            Format::Sarif => self.log.add(&part.text, &mut out),
            Format::Human | Format::Jsonl | Format::Junit => out.write_all(&part.text),
            Format::Github | Format::Markdown => {
                self.highlights.add(part.highlights);
                Ok(())
            }
        }
    }

    /// Closes the report; `successful` says whether every input could be read.
    pub fn finish(self, total: &Total, successful: bool, color: Color, out: &mut dyn Write) -> io::Result<()> {
        match self.format {
            Format::Human if total.documents > 0 => total.write(self.view.paint, out),
            Format::Human | Format::Jsonl => Ok(()),
            Format::Json | Format::Gitlab => self.array.finish("]\n", out),
            Format::Rdjson => self.array.finish(rdjson::TAIL, out),
            Format::Junit => out.write_all(junit::TAIL.as_bytes()),
            Format::Markdown => summary::write(total, &self.highlights, out),
            Format::Github => {
                let elsewhere = match step_summary() {
                    Some(path) => self.summarise(&path, total, color),
                    None => "`--format sarif` and `--format jsonl` have all of them",
                };
                github::write(&self.highlights, elsewhere, out)
            }
            Format::Sarif => {
                let Report { log, setups, .. } = self;
                let tally = &total.tally;
                let mut ids: Vec<_> =
                    [&tally.applied, &tally.proposed, &tally.flagged].into_iter().flat_map(|c| c.keys()).collect();
                ids.sort();
                ids.dedup();
                let rule = |id: &&Arc<str>| -> Option<&Rule> { setups.iter().find_map(|setup| setup.pack.get(id)) };
                log.finish(ids.iter().filter_map(rule), successful, out)
            }
        }
    }

    /// Adds the summary to that of the step, and says where all findings are.
    fn summarise(&self, path: &Path, total: &Total, color: Color) -> &'static str {
        let text = super::each::written(|text| summary::write(total, &self.highlights, text));
        let written = OpenOptions::new().append(true).create(true).open(path).and_then(|mut file| file.write_all(&text));
        match written {
            Ok(()) => "the summary of this step counts all of them",
            Err(error) => {
                tell(color, |paint, out| {
                    let path = shown(path);
                    writeln!(out, "{} {path}: the summary of the step cannot be written: {error}", paint.removed("warning:"))
                });
                "`--format sarif` and `--format jsonl` have all of them"
            }
        }
    }
}

/// The file that a step of GitHub Actions shows as its summary.
fn step_summary() -> Option<PathBuf> {
    env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()).map(PathBuf::from)
}
