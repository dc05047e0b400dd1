//! `rules`: the rules as a table or as data.

use super::Outcome;
use super::alarms::CountAlarms;
use super::error::Failure;
use super::options::{Color, RuleOptions};
use super::output::{for_people, for_programs};
use clap::{Args, Subcommand, ValueEnum};
use jiaokan::report::rules;

/// Look at the rules
#[derive(Debug, Args)]
pub(super) struct Rules {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    List(List),
    Alarms(CountAlarms),
}

/// List the rules that hold in the current directory
#[derive(Debug, Args)]
struct List {
    /// The form of the list
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    #[command(flatten)]
    options: RuleOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    /// A table.
    #[default]
    Human,
    /// One JSON document.
    Json,
}

impl Rules {
    pub fn color(&self) -> Color {
        match &self.command {
            RulesCommand::List(list) => list.options.color,
            RulesCommand::Alarms(alarms) => alarms.color(),
        }
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        match self.command {
            RulesCommand::List(list) => list.run(),
            RulesCommand::Alarms(alarms) => alarms.run(),
        }
    }
}

impl List {
    fn run(self) -> Result<Outcome, Failure> {
        let pack = self.options.pack()?;
        let mut out = match self.format {
            Format::Human => {
                let (paint, mut out) = for_people(self.options.color);
                rules::table(&pack, paint, &mut out)?;
                out
            }
            Format::Json => {
                let mut out = for_programs();
                rules::json(&pack, &mut out)?;
                out
            }
        };
        out.flush()?;
        Ok(Outcome::Good)
    }
}
