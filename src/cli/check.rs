//! `check`: what was found, in the format asked for.

use super::Outcome;
use super::baseline::{self, Mode};
use super::each::each_document;
use super::error::Failure;
use super::fail::FailOn;
use super::forms::{Format, Report};
use super::options::{Color, HoldingOptions, ReadOptions};
use super::output::{for_people, for_programs, guarded};
use clap::Args;
use jiaokan::corpus::{InputError, Since, Spool, shown};
use jiaokan::edit::Verdict;
use jiaokan::report::Paint;
use jiaokan::report::human::{Total, View};
use std::io::Write;
use std::path::PathBuf;

/// Report what the rules find; change nothing
///
/// Exit code, whatever the format: 0 nothing found, 1 something found that --fail-on names, 2 some input could not be read or nothing
/// could run.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    /// Write the report to this file, whole or not at all, instead of the standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Report only what touches lines that were changed or added since this git revision parted from HEAD
    #[arg(long, value_name = "GIT-REF")]
    since: Option<String>,

    /// List the edits that need nobody's consent one by one, and those that lost their place to another
    #[arg(long)]
    all: bool,

    /// What makes the exit code 1
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    fail_on: FailOn,

    /// Take what is open now as known: the first run writes a baseline, later ones only take out what is gone. With `=renew`,
    /// begin a new one
    #[arg(long, value_name = "HOW", value_enum, num_args = 0..=1, require_equals = true, default_missing_value = "shrink")]
    baseline: Option<Mode>,

    #[command(flatten)]
    holding: HoldingOptions,

    #[command(flatten)]
    read: ReadOptions,
}

impl Check {
    pub fn color(&self) -> Color {
        self.read.rule.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        if let Some(outcome) = self.baseline.map(|mode| baseline::update(&self.read, mode)).transpose()?.flatten() {
            return Ok(outcome);
        }
        let since = self.since.as_deref().map(|revision| Since::new(revision, &self.read.paths)).transpose()?;
        let inputs = self.read.gather_collections(None)?;
        let unwritable = |path: &PathBuf| {
            let path = shown(path);
            move |source| InputError::Unwritable { path, source }
        };
        let mut file = None;
        if let Some(path) = &self.output {
            file = Some(Spool::create(path.clone()).map_err(unwritable(path))?);
        }
        let (paint, mut out): (Paint, Box<dyn Write + '_>) = match (&mut file, self.format) {
            (None, Format::Human) => for_people(self.color()),
            (None, _) => (Paint::Plain, for_programs()),
            (Some(file), Format::Human) => (Paint::Plain, guarded(file.writer(), Paint::Plain)),
            (Some(file), _) => (Paint::Plain, Box::new(file.writer())),
        };
        let (format, view) = (self.format, View { paint, all: self.all });
        let (mut total, mut fails) = (Total::default(), false);
        let mut report = Report::begin(format, view, &inputs.entries, &mut out)?;
        let failed = each_document(
            &self.read,
            Some(&self.holding),
            inputs,
            &mut out,
            |document, mut revision| {
                if let Some(since) = &since {
                    since.limit(&document.path, &mut revision);
                }
                if !format.tells_known() {
                    revision.retain_findings(|finding| finding.decision != Some(Verdict::Later));
                }
                Ok((format.part(document, &revision, view), self.fail_on.fails(&revision.findings)))
            },
            |(part, failing), out| {
                fails |= failing;
                total.add(part.tally.clone());
                Ok(report.add(part, out)?)
            },
        )?;
        report.finish(&total, failed == 0, self.color(), &mut out)?;
        out.flush()?;
        drop(out);
        if let (Some(file), Some(path)) = (file, &self.output) {
            file.finish().map_err(unwritable(path))?;
        }
        Ok(match (failed > 0, fails) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::Found,
            (false, false) => Outcome::Good,
        })
    }
}
