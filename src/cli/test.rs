//! `test`: the cases that rule files bring along.

use super::Outcome;
use super::error::Failure;
use super::options::{Color, RuleOptions, unknown_rule};
use super::output::for_people;
use clap::Args;
use jiaokan::pass::cases::run_cases;
use jiaokan::report::cases::{self, Score};
use jiaokan::rule::Rule;
use std::path::Path;

/// Run the cases of the rules, each rule alone, whether it is switched on or not
///
/// Exit code: 0 all pass, 1 some fail, 2 nothing could run.
#[derive(Debug, Args)]
pub(super) struct Test {
    /// Rules to test: ids, or pass/* for all of a pass; all rules when none is named
    #[arg(value_name = "RULES")]
    wanted: Vec<String>,

    #[command(flatten)]
    options: RuleOptions,
}

impl Test {
    pub fn color(&self) -> Color {
        self.options.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        let pack = self.options.configs()?.pack(Path::new("."))?;
        let names = |rule: &Rule, name: &str| name.strip_suffix("/*").map_or(&*rule.id == name, |pass| rule.pass() == pass);
        if let Some(name) = self.wanted.iter().find(|name| !pack.rules().iter().any(|rule| names(rule, name))) {
            return Err(unknown_rule(&pack, name));
        }
        let outcomes = run_cases(&pack, |rule| self.wanted.is_empty() || self.wanted.iter().any(|name| names(rule, name)))?;
        let (paint, mut out) = for_people(self.color());
        cases::write(&outcomes, paint, &mut out)?;
        out.flush()?;
        Ok(if Score::of(&outcomes).failed > 0 { Outcome::Found } else { Outcome::Good })
    }
}
