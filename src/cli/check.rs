//! `check`: what was found, in the format asked for.

use super::Outcome;
use super::each::{each_document, written};
use super::error::Failure;
use super::options::{Color, ReadOptions};
use super::output::{for_people, for_programs};
use clap::{Args, ValueEnum};
use jiaokan::report::human::{Total, View};
use jiaokan::report::{Paint, Tally, human, json};
use std::io::Write;

/// Report what the rules find; change nothing
///
/// Exit code: 0 nothing found, 1 something found, 2 some input could not be read or nothing could run.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    /// List the edits that need nobody's consent one by one, and those that lost their place to another
    #[arg(long)]
    all: bool,

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
        let (paint, mut out) = match self.format {
            Format::Human => for_people(self.color()),
            Format::Json | Format::Jsonl => (Paint::Plain, for_programs()),
        };
        let inputs = self.read.gather()?;
        let view = View { paint, all: self.all };
        let (mut total, mut array) = (Total::default(), json::Array::default());
        let failed = each_document(
            &self.read,
            inputs,
            &mut out,
            |document, revision| {
                let text = written(|text| match self.format {
                    Format::Human => human::document(&document.name, &revision, view, text),
                    Format::Json | Format::Jsonl => json::lines(&document.name, &revision, text),
                });
                Ok((Tally::of(&revision.findings), text))
            },
            |(tally, text), mut out| {
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
        Ok(match (failed > 0, total.tally.is_empty()) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::Good,
            (false, false) => Outcome::Found,
        })
    }
}
