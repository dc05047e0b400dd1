//! `decisions`: the ledger itself.

use super::Outcome;
use super::each::each_document;
use super::error::Failure;
use super::options::{Color, ReadOptions, RuleOptions, open_ledger};
use super::output::{for_people, for_programs};
use clap::{Args, Subcommand, ValueEnum};
use jiaokan::corpus::shown;
use jiaokan::edit::{Consent, Verdict};
use jiaokan::report::{Paint, counted, review};
use jiaokan::review::{Decision, Key, Ledger, Seen, Standing, precision, read_decisions, rule_hash};
use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

/// List, count, prune and merge what people decided
///
/// The ledger is the nearest .jiaokan/decisions in the current folder or above. Exit code: 0 done, 1 something to look at: a
/// contradiction, or stale decisions that are still there; 2 nothing could run.
#[derive(Debug, Args)]
pub(super) struct Decisions {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(List),
    Stats(Stats),
    Prune(Prune),
    Merge(Merge),
    Contradictions(Contradictions),
}

/// Which ledger, shown how.
#[derive(Debug, Args)]
struct Where {
    /// The folder of the ledger
    #[arg(long, value_name = "DIR")]
    ledger: Option<PathBuf>,

    /// When to colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people: a table.
    #[default]
    Human,
    /// One JSON object a line.
    Jsonl,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Accept,
    Reject,
    Later,
}

/// List the decisions
#[derive(Debug, Args)]
struct List {
    /// Those about findings of this rule
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,

    /// Those with this verdict
    #[arg(long, value_name = "VERDICT", value_enum)]
    verdict: Option<Kind>,

    /// Those made when the rule's file was another; they hold all the same
    #[arg(long)]
    outdated: bool,

    /// The form of the list
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    /// The folder of the ledger
    #[arg(long, value_name = "DIR")]
    ledger: Option<PathBuf>,

    #[command(flatten)]
    rules: RuleOptions,
}

/// Tell how often people agreed with each rule: accepted of decided, with the interval of 95 % (Wilson's)
#[derive(Debug, Args)]
struct Stats {
    /// The form of the table
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    #[command(flatten)]
    at: Where,
}

/// Name the stale decisions: those that match no finding in PATHS, and whose document is among them or gone
#[derive(Debug, Args)]
struct Prune {
    /// Forget them, instead of only naming them
    #[arg(long)]
    yes: bool,

    #[command(flatten)]
    read: ReadOptions,
}

/// Add the decisions of other ledgers, files of JSON Lines or folders, and name contradictions
#[derive(Debug, Args)]
struct Merge {
    /// Files of decisions, one JSON object a line, or folders of ledgers
    #[arg(required = true, value_name = "FILES")]
    files: Vec<PathBuf>,

    #[command(flatten)]
    at: Where,
}

/// List the findings that people decided differently about; they count as undecided until somebody decides anew
#[derive(Debug, Args)]
struct Contradictions {
    /// The form of the list
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    #[command(flatten)]
    at: Where,
}

impl Decisions {
    pub fn color(&self) -> Color {
        match &self.command {
            Command::List(list) => list.rules.color,
            Command::Stats(stats) => stats.at.color,
            Command::Prune(prune) => prune.read.rule.color,
            Command::Merge(merge) => merge.at.color,
            Command::Contradictions(contradictions) => contradictions.at.color,
        }
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        match self.command {
            Command::List(list) => list.run(),
            Command::Stats(stats) => stats.run(),
            Command::Prune(prune) => prune.run(),
            Command::Merge(merge) => merge.run(),
            Command::Contradictions(contradictions) => {
                let ledger = here(contradictions.at.ledger.as_deref())?;
                let (paint, mut out) = stream(contradictions.format, contradictions.at.color);
                let outcome = tell_contradictions(&ledger, contradictions.format, paint, &mut out)?;
                out.flush()?;
                Ok(outcome)
            }
        }
    }
}

/// The ledger that was named, or the nearest above the current folder.
fn here(named: Option<&Path>) -> Result<Ledger, Failure> {
    open_ledger(named, &[PathBuf::from(".")], false)?.ok_or_else(|| {
        Failure::Usage("there is no ledger in this folder or above: go to the corpus, or name one with --ledger".into())
    })
}

fn stream(format: Format, color: Color) -> (Paint, Box<dyn Write>) {
    match format {
        Format::Human => for_people(color),
        Format::Jsonl => (Paint::Plain, for_programs()),
    }
}

/// Every opinion on the findings that people disagree about.
fn tell_contradictions(ledger: &Ledger, format: Format, paint: Paint, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let opinions: Vec<&Decision> = ledger.contradictions().flat_map(|(_, decisions)| decisions).collect();
    match format {
        Format::Jsonl => review::decision_lines(&opinions, out)?,
        Format::Human if opinions.is_empty() => writeln!(out, "no contradictions")?,
        Format::Human => {
            review::decisions(&opinions, paint, out)?;
            let count = counted(ledger.contradictions().count(), "finding");
            writeln!(
                out,
                "{}",
                paint.bold(format!("{count} decided differently: decide anew with `jiaokan review accept` or `reject`"))
            )?;
        }
    }
    Ok(if opinions.is_empty() { Outcome::Good } else { Outcome::Found })
}

impl List {
    fn run(self) -> Result<Outcome, Failure> {
        let ledger = here(self.ledger.as_deref())?;
        let verdict = self.verdict.map(|kind| match kind {
            Kind::Accept => Verdict::Accept,
            Kind::Reject => Verdict::Reject,
            Kind::Later => Verdict::Later,
        });
        let mut decisions: Vec<&Decision> = ledger.entries().flat_map(|(_, decisions)| decisions).collect();
        decisions.retain(|decision| self.rule.as_ref().is_none_or(|rule| *rule == decision.rule));
        decisions.retain(|decision| verdict.is_none_or(|verdict| verdict == decision.verdict));
        if self.outdated {
            let pack = self.rules.pack()?;
            decisions.retain(|decision| pack.get(&decision.rule).is_none_or(|rule| rule_hash(rule) != decision.rule_hash));
        }
        decisions.sort_by(|a, b| (&a.document, &a.rule, &a.old, a.key).cmp(&(&b.document, &b.rule, &b.old, b.key)));
        let (paint, mut out) = stream(self.format, self.rules.color);
        match self.format {
            Format::Human => {
                review::decisions(&decisions, paint, &mut out)?;
                writeln!(out, "{}", paint.bold(counted(decisions.len(), "decision")))?;
            }
            Format::Jsonl => review::decision_lines(&decisions, &mut out)?,
        }
        out.flush()?;
        Ok(Outcome::Good)
    }
}

impl Stats {
    fn run(self) -> Result<Outcome, Failure> {
        let rules = precision(&here(self.at.ledger.as_deref())?);
        let (paint, mut out) = stream(self.format, self.at.color);
        match self.format {
            Format::Human => review::precision(&rules, paint, &mut out)?,
            Format::Jsonl => review::precision_lines(&rules, &mut out)?,
        }
        out.flush()?;
        Ok(Outcome::Good)
    }
}

impl Prune {
    fn run(self) -> Result<Outcome, Failure> {
        let mut ledger = open_ledger(self.read.ledger.as_deref(), &self.read.paths, false)?
            .ok_or_else(|| Failure::Usage("there is no ledger in the folders of these documents or above".into()))?;
        let inputs = self.read.gather_with(Some(ledger.clone()), None)?;
        let (paint, mut out) = for_people(self.read.rule.color);
        let mut seen = Seen::default();
        let consent = Consent { accepted: true, ..self.read.reading().consent };
        let failed = each_document(
            &self.read,
            None,
            inputs,
            &mut out,
            |document, revision| {
                // What shows only once accepted edits are made is not stale either.
                let name = ledger.document(&document.path);
                let mut seen = Seen::of(&revision, &name);
                seen.add(Seen::of(&document.setup.pipeline.revise(revision.source().clone(), consent), &name));
                Ok(seen)
            },
            |one, _| {
                seen.add(one);
                Ok(())
            },
        )?;
        if failed > 0 {
            return Err(Failure::Usage("nothing was pruned: not every document could be read, see above".into()));
        }
        let stale = seen.stale(&ledger);
        if !stale.is_empty() {
            review::decisions(&stale, paint, &mut out)?;
        }
        let count = counted(stale.len(), "stale decision");
        let keys: HashSet<Key> = stale.iter().map(|decision| decision.key).collect();
        let outcome = if keys.is_empty() || self.yes { Outcome::Good } else { Outcome::Found };
        if self.yes {
            ledger.forget(|decision| keys.contains(&decision.key))?;
        }
        let word = match outcome {
            Outcome::Found => ": forget them with --yes",
            _ if keys.is_empty() => "",
            _ => " forgotten",
        };
        writeln!(out, "{}", paint.bold(format!("{count}{word}")))?;
        out.flush()?;
        Ok(outcome)
    }
}

impl Merge {
    fn run(self) -> Result<Outcome, Failure> {
        let mut theirs: Vec<Decision> = Vec::new();
        for file in &self.files {
            if file.is_dir() {
                theirs.extend(Ledger::open(file)?.entries().flat_map(|(_, decisions)| decisions).cloned());
            } else {
                theirs.extend(read_decisions(file)?);
            }
        }
        let mut ledger = open_ledger(self.at.ledger.as_deref(), &[PathBuf::from(".")], true)?.unwrap_or_default();
        let agreed: HashSet<Key> = theirs.iter().map(|decision| decision.key).collect();
        let merged = ledger.merge(theirs)?;
        let (paint, mut out) = for_people(self.at.color);
        let (new, known, folder) = (counted(merged.new, "new decision"), merged.known, shown(ledger.folder()));
        writeln!(out, "{}", paint.bold(format!("{new}, {known} known, in {folder}")))?;
        let disputed = agreed.iter().any(|&key| matches!(ledger.standing(key), Standing::Contradicted(_)));
        let outcome = if disputed { tell_contradictions(&ledger, Format::Human, paint, &mut out)? } else { Outcome::Good };
        out.flush()?;
        Ok(outcome)
    }
}
