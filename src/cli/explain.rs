//! `explain`: all about one rule.

use super::Outcome;
use super::error::Failure;
use super::options::{Color, RuleOptions, find_rule};
use super::output::for_people;
use clap::Args;
use jiaokan::report::rules;

/// Tell all about one rule: why it exists, what it finds, by what it decides, and its cases
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The rule's id, as `jiaokan rules list` prints it
    rule: String,

    #[command(flatten)]
    options: RuleOptions,
}

impl Explain {
    pub fn color(&self) -> Color {
        self.options.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        let pack = self.options.pack()?;
        let (paint, mut out) = for_people(self.color());
        rules::explain(find_rule(&pack, &self.rule)?, paint, &mut out)?;
        out.flush()?;
        Ok(Outcome::Good)
    }
}
