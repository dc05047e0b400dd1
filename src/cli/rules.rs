//! `rules`: the rules as a table or as data.

use super::Outcome;
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
enum Format {
    /// A table.
    #[default]
    Human,
    /// One JSON array.
    Json,
}

impl Rules {
    pub fn color(&self) -> Color {
        let RulesCommand::List(list) = &self.command;
        list.options.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        let RulesCommand::List(list) = &self.command;
        let pack = list.options.pack()?;
        let mut out = match list.format {
            Format::Human => {
                let (paint, mut out) = for_people(self.color());
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
