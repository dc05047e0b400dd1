//! `test`: the cases that rule files bring along.

use super::Outcome;
use super::error::Failure;
use super::options::{Color, RuleOptions, known};
use super::output::{for_people, for_programs};
use super::snapshots::{self, Decide};
use super::watch;
use clap::{Args, ValueEnum};
use jiaokan::pass::cases::run_cases;
use jiaokan::pass::pairs::run_pairs;
use jiaokan::report::cases::{self, Score};
use jiaokan::rule::{CONFIG_NAME, Rule};
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

    /// Run every pair of rules of one pass that are switched on in both orders on all cases, and list where the order matters
    #[arg(long, conflicts_with_all = ["corpus", "format"])]
    pairs: bool,

    /// The form of the outcome
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, conflicts_with = "corpus")]
    format: Format,

    /// Run again whenever a rule, the configuration or a document changes
    #[arg(long, conflicts_with_all = ["review", "format"])]
    watch: bool,

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

/// The forms of the outcome of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// What failed, and how many passed.
    #[default]
    Human,
    /// One JSON document.
    Json,
    /// JUnit XML.
    Junit,
}

impl Test {
    pub fn color(&self) -> Color {
        self.options.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        if !self.watch {
            return self.once();
        }
        let config = self.options.config.clone().unwrap_or_else(|| CONFIG_NAME.into());
        let watched: Vec<PathBuf> = self.options.rules.iter().chain(&self.corpus).cloned().chain([config]).collect();
        if self.options.rules.is_empty() && self.corpus.is_none() {
            return Err(Failure::Usage("--watch waits for changes of your rules: name their folder with --rules DIR".into()));
        }
        watch::again_and_again(&watched, self.color(), || self.once())
    }

    fn once(&self) -> Result<Outcome, Failure> {
        if let (Some(corpus), Some(folder)) = (&self.corpus, &self.snapshots) {
            let decide = match (self.accept, self.review) {
                (true, _) => Decide::Accept,
                (false, true) => Decide::Ask,
                (false, false) => Decide::Later,
            };
            return snapshots::run(corpus, folder, decide, &self.options);
        }
        let pack = self.options.configs()?.pack(Path::new("."))?;
        let names = known(&self.wanted, &pack)?;
        let wanted = |rule: &Rule| names.hold(&rule.id);
        if self.pairs {
            let pairs = run_pairs(&self.options.pack()?, wanted)?;
            let (paint, mut out) = for_people(self.color());
            cases::pairs::write(&pairs, paint, &mut out)?;
            out.flush()?;
            return Ok(if pairs.disagreements.is_empty() { Outcome::Good } else { Outcome::Found });
        }
        let outcomes = run_cases(&pack, wanted)?;
        let mut out = match self.format {
            Format::Human => {
                let (paint, mut out) = for_people(self.color());
                cases::human::write(&outcomes, paint, &mut out)?;
                out
            }
            Format::Json => {
                let mut out = for_programs();
                cases::json::write(&outcomes, &mut out)?;
                out
            }
            Format::Junit => {
                let mut out = for_programs();
                cases::junit::write(&outcomes, &mut out)?;
                out
            }
        };
        out.flush()?;
        Ok(if Score::of(&outcomes).failed > 0 { Outcome::Found } else { Outcome::Good })
    }
}
