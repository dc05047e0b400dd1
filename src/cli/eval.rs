//! `eval`: how right the rules are on labelled text.

use super::Outcome;
use super::error::Failure;
use super::options::{Color, LexiconOptions, OnlyOption, RuleOptions};
use super::output::{complain, for_people, for_programs};
use super::rules::Format;
use clap::Args;
use jiaokan::corpus::{Document, Entry, Reading, gather, revise_each};
use jiaokan::edit::{Applicability, Revision};
use jiaokan::eval::{Labelled, Selection, Tally, judge};
use jiaokan::report::alarms::{self, Alarms};
use jiaokan::report::{self, eval};
use jiaokan::rule::RuleNames;
use jiaokan::text::Source;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Measure how right the rules are on labelled text
///
/// Precision is the share of findings that lie on a mark, recall the share of marks that are found, each with the interval that
/// holds the true share with 95 % confidence (Wilson 1927). Labelled documents are *.json, or *.txt with ⟦ ⟧ around what should be
/// found; docs/eval.md describes both and every figure.
///
/// Exit code: 0 measured, 2 some input could not be read or nothing could run.
#[derive(Debug, Args)]
pub(super) struct Eval {
    /// Labelled documents, or folders of them
    #[arg(required = true, value_name = "GOLD")]
    gold: Vec<PathBuf>,

    /// Text that is clean: whatever is found in it is a false alarm
    #[arg(long, value_name = "PATHS", num_args = 1..)]
    clean: Vec<PathBuf>,

    #[command(flatten)]
    only: OnlyOption,

    /// Marks of these kinds must be found, those of others may be
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    kinds: Vec<String>,

    /// Marks of these kinds may be found and need not be
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    ignore_kinds: Vec<String>,

    /// List so many false findings and so many misses, the most telling first
    #[arg(long, value_name = "N", default_value_t = 10)]
    errors: usize,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    #[command(flatten)]
    rule: RuleOptions,

    #[command(flatten)]
    data: LexiconOptions,
}

impl Eval {
    pub fn color(&self) -> Color {
        self.rule.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        let mut configs = self.data.add_to(self.rule.configs()?);
        let setup = configs.setup(Path::new("."))?;
        let selection = Selection {
            rules: self.only.names(&setup.pack)?,
            kinds: self.kinds.iter().cloned().collect(),
            ignored: self.ignore_kinds.iter().cloned().collect(),
        };
        let documents = Labelled::read(&self.gold)?;
        self.check_kinds(&documents)?;
        let judged: Vec<Tally> = documents
            .par_iter()
            .map(|document| {
                let source = Source::from_text(&document.name, &document.text);
                judge(document, &setup.pipeline.revise(source, Applicability::Auto), &selection)
            })
            .collect();
        let mut tally = Tally::default();
        judged.into_iter().for_each(|one| tally.add(one));
        let (alarms, failed) = match self.clean.as_slice() {
            [] => (None, false),
            clean => {
                let (alarms, failed) = self.alarms(gather(clean, &mut configs)?, &selection.rules)?;
                (Some(alarms), failed)
            }
        };
        let mut out = match self.format {
            Format::Human => {
                let (paint, mut out) = for_people(self.color());
                eval::tables(&tally, self.errors, paint, &mut out)?;
                if let Some(alarms) = &alarms {
                    writeln!(out)?;
                    alarms::table(alarms, false, paint, &mut out)?;
                }
                out
            }
            Format::Json => {
                let mut out = for_programs();
                eval::json(&tally, alarms.as_ref(), self.errors, &mut out)?;
                out
            }
        };
        out.flush()?;
        Ok(if failed { Outcome::Failed } else { Outcome::Good })
    }

    /// Whether the kinds that are asked for are marked anywhere.
    fn check_kinds(&self, documents: &[Labelled]) -> Result<(), Failure> {
        let marked: BTreeSet<&str> =
            documents.iter().flat_map(|document| &document.gold).map(|gold| gold.kind.as_str()).collect();
        match self.kinds.iter().chain(&self.ignore_kinds).find(|kind| !marked.contains(kind.as_str())) {
            Some(kind) => {
                let there = marked.into_iter().collect::<Vec<_>>().join(", ");
                Err(Failure::Usage(format!("no mark is of the kind `{kind}`: the kinds are {there}")))
            }
            None => Ok(()),
        }
    }

    /// What the rules find in text that is clean, and whether some of it could not be read.
    fn alarms(&self, entries: Vec<Entry>, rules: &RuleNames) -> Result<(Alarms, bool), Failure> {
        let (mut alarms, mut failed) = (Alarms::default(), false);
        let reading = Reading { encoding: None, lossy: false, consent: Applicability::Auto.into() };
        let count = |document: &Document, revision: Revision| {
            let characters = revision.source().text().chars().count();
            Ok((document.setup.clone(), characters, report::Tally::of(&revision.findings)))
        };
        revise_each(entries, reading, count, |result| -> Result<(), Failure> {
            match result {
                Ok((setup, characters, tally)) => alarms.add(&setup.pack, rules, characters, &tally),
                Err(error) => {
                    failed = true;
                    complain(&error.into(), self.rule.color);
                }
            }
            Ok(())
        })?;
        Ok((alarms, failed))
    }
}
