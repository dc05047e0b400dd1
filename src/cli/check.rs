//! `check`: what was found, in the format asked for.

use super::Outcome;
use super::baseline::{self, Mode};
use super::each::{each_document, written};
use super::error::Failure;
use super::fail::FailOn;
use super::options::{Color, ReadOptions};
use super::output::{for_people, for_programs};
use clap::{Args, ValueEnum};
use jiaokan::report::human::{Total, View};
use jiaokan::report::{Paint, Tally, human, json};
use std::io::Write;

/// Report what the rules find; change nothing
///
/// Exit code: 0 nothing found, 1 something found that --fail-on names, 2 some input could not be read or nothing could run.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

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
    read: ReadOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people: by document, with excerpts.
    #[default]
    Human,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
}

impl Check {
    pub fn color(&self) -> Color {
        self.read.rule.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        if let Some(outcome) = self.baseline.map(|mode| baseline::update(&self.read, mode)).transpose()?.flatten() {
            return Ok(outcome);
        }
        let (paint, mut out) = match self.format {
            Format::Human => for_people(self.color()),
            Format::Json | Format::Jsonl => (Paint::Plain, for_programs()),
        };
        let inputs = self.read.gather()?;
        let view = View { paint, all: self.all };
        let (mut total, mut array, mut fails) = (Total::default(), json::Array::default(), false);
        let failed = each_document(
            &self.read,
            inputs,
            &mut out,
            |document, revision| {
                let text = written(|text| match self.format {
                    Format::Human => human::document(&document.name, &revision, view, text),
                    Format::Json | Format::Jsonl => json::lines(&document.name, &revision, text),
                });
                Ok((Tally::of(&revision.findings), text, self.fail_on.fails(&revision.findings)))
            },
            |(tally, text, failing), mut out| {
                fails |= failing;
                total.add(tally);
                match self.format {
                    Format::Json => array.add(&text, &mut out)?,
                    Format::Human | Format::Jsonl => out.write_all(&text)?,
                }
                Ok(())
            },
        )?;
        match self.format {
            Format::Human if total.documents > 0 => total.write(paint, &mut out)?,
            Format::Json => array.finish(&mut out)?,
            Format::Human | Format::Jsonl => {}
        }
        out.flush()?;
        Ok(match (failed > 0, fails) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::Found,
            (false, false) => Outcome::Good,
        })
    }
}
