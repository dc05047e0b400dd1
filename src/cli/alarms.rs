//! `rules alarms`: what the rules find in text that is clean.

use super::Outcome;
use super::each::{each_document, written};
use super::error::Failure;
use super::options::{Color, OnlyOption, ReadOptions};
use super::output::{for_people, for_programs};
use super::rules::Format;
use clap::Args;
use jiaokan::report::alarms::{self, Alarms};
use jiaokan::report::human::View;
use jiaokan::report::{Paint, Tally, human, json};
use std::io::Write;

/// Count what the rules find in clean text, and compare it with the false alarms that they allow themselves
///
/// The inputs are taken for clean, so whatever is found in them is a false alarm. A rule exceeds its rate when so many findings would
/// come by chance in fewer than 5 of 100 texts of this length; it keeps to it when the bound below which its true rate lies with 95 %
/// confidence (Garwood 1936, exact) is no higher. In between the text is too short to tell.
///
/// Exit code: 0 no rule exceeds its rate, 1 some rule does, 2 some input could not be read or nothing could run.
#[derive(Debug, Args)]
pub(super) struct CountAlarms {
    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    /// List the findings too
    #[arg(long)]
    list: bool,

    #[command(flatten)]
    only: OnlyOption,

    #[command(flatten)]
    read: ReadOptions,
}

impl CountAlarms {
    pub fn color(&self) -> Color {
        self.read.rule.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        let (paint, mut out) = match self.format {
            Format::Human => for_people(self.color()),
            Format::Json => (Paint::Plain, for_programs()),
        };
        let names = self.only.names(&self.read.rule.pack()?)?;
        let view = View { paint, all: true };
        let (mut alarms, mut findings) = (Alarms::default(), Vec::new());
        let failed = each_document(
            &self.read,
            None,
            self.read.gather()?,
            &mut out,
            |document, mut revision| {
                revision.findings.retain(|finding| names.hold(&finding.rule));
                let text = written(|text| match self.format {
                    _ if !self.list => Ok(()),
                    Format::Human => human::document(&document.name, &revision, view, text),
                    Format::Json => json::lines(&document.name, &revision, text),
                });
                let characters = revision.source().text().chars().count();
                Ok((document.setup.clone(), characters, Tally::of(&revision.findings), text))
            },
            |(setup, characters, tally, text), out| {
                alarms.add(&setup.pack, &names, characters, &tally);
                match self.format {
                    Format::Human => out.write_all(&text)?,
                    Format::Json => findings.extend(serde_json::Deserializer::from_slice(&text).into_iter().flatten()),
                }
                Ok(())
            },
        )?;
        match self.format {
            Format::Human => alarms::table(&alarms, true, paint, &mut out)?,
            Format::Json => alarms::json(&alarms, self.list.then_some(findings), &mut out)?,
        }
        out.flush()?;
        Ok(match (failed > 0, alarms.exceeds()) {
            (true, _) => Outcome::Failed,
            (false, true) => Outcome::Found,
            (false, false) => Outcome::Good,
        })
    }
}
