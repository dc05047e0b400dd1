//! `fit`: trees that weigh line breaks, made from a user's own material.

use super::Outcome;
use super::error::Failure;
use super::options::Color;
use super::output::for_people;
use clap::Args;
use jiaokan::corpus::write_atomically;
use jiaokan::fit::{Document, FitError, TREES, cross_validate, examples, fit, make_pages, rules_with_trees};
use jiaokan::pass::{Pipeline, Seam};
use jiaokan::report;
use jiaokan::rule::Pack;
use jiaokan::tree::Growth;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Fit the trees that decide which lines are joined to material of your own
///
/// Writes wrap/joins.trees and the rules that use it into DIR, for `--rules DIR`. Says how well trees decide on documents that
/// were left out of the fit.
///
/// Exit code: 0 written, 2 nothing could be fitted.
#[derive(Debug, Args)]
pub(super) struct Fit {
    /// Folders of clean texts (*.txt), one paragraph a line: pages of all kinds are made from them
    #[arg(long, value_name = "DIR", num_args = 1..)]
    text: Vec<PathBuf>,

    /// Folders of pairs: NAME.txt, wrapped, beside NAME.clean.txt, one paragraph a line
    #[arg(long, value_name = "DIR", num_args = 1..)]
    pairs: Vec<PathBuf>,

    /// Folders of labelled pages (*.json)
    #[arg(long, value_name = "DIR", num_args = 1..)]
    labelled: Vec<PathBuf>,

    /// Folders of texts (*.txt, *.md) none of whose lines are to be joined
    #[arg(long, value_name = "DIR", num_args = 1..)]
    kept: Vec<PathBuf>,

    /// How many pages are made from the clean texts
    #[arg(long, value_name = "N", default_value_t = 900)]
    pages: usize,

    /// Parts of the documents, each left out once to see how well the others decide on it; 0 to see nothing
    #[arg(long, value_name = "N", default_value_t = 5)]
    folds: usize,

    /// Leave one part, counted from 1, out of the trees that are written; DIR/held-out.txt names its documents
    #[arg(long, value_name = "PART")]
    hold_out: Option<usize>,

    /// Write the decisions that were wrong to FILE, the surest first
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,

    /// How many trees
    #[arg(long, value_name = "N", default_value_t = Growth::default().trees)]
    trees: usize,

    /// Leaves of each tree
    #[arg(long, value_name = "N", default_value_t = Growth::default().leaves)]
    leaves: usize,

    /// Fit the trees that decide which blanks inside lines are spurious instead: from --labelled and --kept, into
    /// despace/gaps.trees
    #[arg(long)]
    despace: bool,

    /// Fit the trees that tell misread characters instead: from --labelled, --text and --kept, into garble/misreads.trees
    #[arg(long, conflicts_with = "despace")]
    misreads: bool,

    /// Where the rules and their trees are written
    #[arg(short, long, value_name = "DIR")]
    output: PathBuf,

    /// When to write in color
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    color: Color,
}

impl Fit {
    pub fn color(&self) -> Color {
        self.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        let growth = Growth { trees: self.trees, leaves: self.leaves.clamp(2, 200), ..Growth::default() };
        if self.misreads {
            return super::fit_misreads::run(&super::fit_misreads::Request {
                labelled: &self.labelled,
                text: &self.text,
                kept: &self.kept,
                pages: self.pages,
                folds: self.folds,
                errors: self.errors.as_deref(),
                growth,
                output: &self.output,
                color: self.color,
            });
        }
        if self.despace {
            return super::fit_gaps::run(&super::fit_gaps::Request {
                labelled: &self.labelled,
                kept: &self.kept,
                folds: self.folds,
                hold_out: self.hold_out,
                errors: self.errors.as_deref(),
                growth,
                output: &self.output,
                color: self.color,
            });
        }
        let documents = self.documents()?;
        let pack = Pack::built_in()?;
        // No rule is needed to see the breaks, least of all those whose trees are to be made.
        let pipeline = Pipeline::with(&pack, |_| false)?;
        let examples = examples(&pipeline, &documents);
        if !(examples.iter().flatten().any(|e| e.sample.label) && examples.iter().flatten().any(|e| !e.sample.label)) {
            return Err(Failure::Usage(
                "there is nothing to learn: give lines to join and lines to keep with --text, --pairs or --labelled".into(),
            ));
        }
        let (paint, mut out) = for_people(self.color);
        if self.folds > 1 && self.hold_out.is_none() {
            let judged =
                cross_validate(&Seam::FEATURES, &examples, self.folds, |index| documents[index].fold(self.folds), &growth);
            report::fit::table(&documents, &judged, self.folds, paint, &mut out)?;
            if let Some(path) = &self.errors {
                let mut list = Vec::new();
                report::fit::errors(&documents, &judged, &mut list)?;
                write(path, &list)?;
            }
        }
        let held = |index: usize| self.hold_out.is_some_and(|part| documents[index].fold(self.folds) + 1 == part);
        let trees = fit(&Seam::FEATURES, &examples, |index| !held(index), &growth, self.remarks(&documents, &examples));
        for rule in rules_with_trees(&pack) {
            write(&self.output.join(format!("{}.toml", rule.id)), rule.source.as_bytes())?;
        }
        write(&self.output.join(TREES), trees.to_string().as_bytes())?;
        if self.hold_out.is_some() {
            let mut names: Vec<&str> = (0..documents.len()).filter(|&i| held(i)).map(|i| &*documents[i].name).collect();
            names.sort_unstable();
            names.dedup();
            write(&self.output.join("held-out.txt"), names.join("\n").as_bytes())?;
        }
        writeln!(out, "wrote {}", self.output.join(TREES).display())?;
        out.flush()?;
        Ok(Outcome::Good)
    }

    fn documents(&self) -> Result<Vec<Document>, Failure> {
        let mut documents = Vec::new();
        for dir in &self.labelled {
            documents.extend(Document::labelled(dir)?);
        }
        for dir in &self.pairs {
            documents.extend(Document::pairs(dir)?);
        }
        // What is joined must stay as it is when it is read again.
        let joined: Vec<Document> = documents.iter().map(Document::joined).collect();
        for dir in &self.kept {
            documents.extend(Document::kept(dir)?);
        }
        let mut texts = Vec::new();
        for dir in &self.text {
            texts.extend(Document::texts(dir)?);
        }
        documents.extend(make_pages(&texts, self.pages, 1));
        documents.extend(joined);
        Ok(documents)
    }

    fn remarks(&self, documents: &[Document], examples: &[Vec<jiaokan::fit::Example>]) -> Vec<String> {
        let count = |dirs: &[PathBuf], option: &str| match dirs {
            [] => String::new(),
            dirs => format!(" {option} {}", vec!["DIR"; dirs.len()].join(" ")),
        };
        let sources = [(&self.labelled, "--labelled"), (&self.pairs, "--pairs"), (&self.text, "--text"), (&self.kept, "--kept")];
        let sources: String = sources.iter().map(|(dirs, option)| count(dirs, option)).collect();
        let (version, pages, trees, leaves) = (env!("CARGO_PKG_VERSION"), self.pages, self.trees, self.leaves);
        let breaks: usize = examples.iter().map(Vec::len).sum();
        vec![
            format!("jiaokan {version}: fit{sources} --pages {pages} --trees {trees} --leaves {leaves}"),
            format!("{} documents, {breaks} breaks; see docs/fit.md", documents.len()),
        ]
    }
}

/// Writes a file whole, with the folders it stands in.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Result<(), FitError> {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| write_atomically(path, bytes, None)).map_err(|source| FitError::Write { path: path.to_owned(), source })
}
