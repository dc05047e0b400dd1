//! `test`: the cases that rule files bring along.

use super::Outcome;
use super::error::Failure;
use super::options::{Color, RuleOptions, unknown_rule};
use super::output::for_people;
use super::snapshots::{self, Decide};
use clap::Args;
use jiaokan::pass::cases::run_cases;
use jiaokan::report::cases::{self, Score};
use jiaokan::rule::Rule;
use std::path::{Path, PathBuf};

/// Run the cases of the rules, each rule alone, whether it is switched on or not; or compare what all of them do to a corpus with
/// snapshots
///
/// Snapshots hold one finding a line, in the files of insta: NAME.edits.snap, and NAME.edits.snap.new beside it when something
/// changed.
///
/// Exit code: 0 all pass, 1 some fail or something changed, 2 nothing could run.
#[derive(Debug, Args)]
pub(super) struct Test {
    /// Rules to test: ids, or pass/* for all of a pass; all rules when none is named
    #[arg(value_name = "RULES")]
    wanted: Vec<String>,

    /// Compare what the rules do to the documents of this folder with their snapshots
    #[arg(long, value_name = "DIR", requires = "snapshots", conflicts_with = "wanted", help_heading = "Snapshots")]
    corpus: Option<PathBuf>,

    /// The folder of the snapshots
    #[arg(long, value_name = "DIR", requires = "corpus", help_heading = "Snapshots")]
    snapshots: Option<PathBuf>,

    /// Make what the rules do now the snapshots, and remove those of no document
    #[arg(long, requires = "corpus", conflicts_with = "review", help_heading = "Snapshots")]
    accept: bool,

    /// Ask for every snapshot that has changed whether to accept it
    #[arg(long, requires = "corpus", help_heading = "Snapshots")]
    review: bool,

    #[command(flatten)]
    options: RuleOptions,
}

impl Test {
    pub fn color(&self) -> Color {
        self.options.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        if let (Some(corpus), Some(folder)) = (&self.corpus, &self.snapshots) {
            let decide = match (self.accept, self.review) {
                (true, _) => Decide::Accept,
                (false, true) => Decide::Ask,
                (false, false) => Decide::Later,
            };
            return snapshots::run(corpus, folder, decide, &self.options);
        }
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
