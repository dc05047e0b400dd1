//! `rules`: the rules as a table or as data.

use super::Outcome;
use super::alarms::CountAlarms;
use super::error::Failure;
use super::options::{Color, RuleOptions, find_rule};
use super::output::{complain, for_people, for_programs};
use clap::{Args, Subcommand, ValueEnum};
use jiaokan::corpus::{Document, Reading, gather, revise_each};
use jiaokan::edit::{Applicability, Revision, State};
use jiaokan::pass::rule_schema;
use jiaokan::report::rules::{self, Hits};
use jiaokan::rule::{Pack, template};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

/// Look at the rules
#[derive(Debug, Args)]
pub(super) struct Rules {
    #[command(subcommand)]
    command: RulesCommand,
}

#[derive(Debug, Subcommand)]
enum RulesCommand {
    List(List),
    New(New),
    /// Print the JSON schema of rule files (draft 4), for editors to complete and check them by
    Schema,
    Alarms(CountAlarms),
}

/// List the rules that hold in the current directory; with PATHS, also how often each of them finds something there
///
/// Exit code: 0 listed, 2 some input could not be read or nothing could run.
#[derive(Debug, Args)]
struct List {
    /// Files or folders in which to count what the rules find
    #[arg(value_name = "PATHS")]
    paths: Vec<PathBuf>,

    /// The form of the list
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    #[command(flatten)]
    options: RuleOptions,
}

/// Write a rule to begin with: complete, commented, with two cases to fill in; or a copy of another rule to change
///
/// Exit code: 0 written, 2 the file is there already or cannot be written.
#[derive(Debug, Args)]
struct New {
    /// The rule's id: its pass and its name, such as garble/double-comma
    #[arg(value_name = "PASS/NAME")]
    id: String,

    /// The folder of rules to write it to
    #[arg(long, value_name = "DIR", default_value = "rules")]
    into: PathBuf,

    /// Copy this built-in rule, which the new one may take the place of
    #[arg(long, value_name = "RULE")]
    like: Option<String>,

    /// When to colour
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    color: Color,
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
            RulesCommand::New(new) => new.color,
            RulesCommand::Schema => Color::Never,
            RulesCommand::Alarms(alarms) => alarms.color(),
        }
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        match self.command {
            RulesCommand::List(list) => list.run(),
            RulesCommand::New(new) => new.run(),
            RulesCommand::Schema => {
                let mut out = for_programs();
                writeln!(out, "{:#}", rule_schema())?;
                out.flush()?;
                Ok(Outcome::Good)
            }
            RulesCommand::Alarms(alarms) => alarms.run(),
        }
    }
}

impl New {
    fn run(self) -> Result<Outcome, Failure> {
        let mut text = template(&self.id).map_err(|error| Failure::Usage(error.to_string()))?;
        if let Some(other) = &self.like {
            text = find_rule(&Pack::built_in()?, other)?.source.to_string();
        }
        let path = self.into.join(&self.id).with_extension("toml");
        let shown = path.display();
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(&self.into))?;
            File::create_new(&path)?.write_all(text.as_bytes())
        };
        write().map_err(|error| {
            Failure::Usage(match error.kind() {
                io::ErrorKind::AlreadyExists => format!("{shown} is there already: choose another name, or edit it"),
                _ => format!("{shown} cannot be written: {error}"),
            })
        })?;
        let (paint, mut out) = for_people(self.color);
        writeln!(out, "{}", paint.bold(format!("{shown} is written")))?;
        let next = if self.like.is_some() { "change it" } else { "fill it in" };
        writeln!(out, "{next}, then: jiaokan test {} --rules {}", self.id, self.into.display())?;
        out.flush()?;
        Ok(Outcome::Good)
    }
}

impl List {
    fn run(self) -> Result<Outcome, Failure> {
        let pack = self.options.pack()?;
        let mut failed = false;
        let hits = if self.paths.is_empty() { None } else { Some(self.hits(&mut failed)?) };
        let mut out = match self.format {
            Format::Human => {
                let (paint, mut out) = for_people(self.options.color);
                rules::table(&pack, hits.as_ref(), paint, &mut out)?;
                out
            }
            Format::Json => {
                let mut out = for_programs();
                rules::json(&pack, hits.as_ref(), &mut out)?;
                out
            }
        };
        out.flush()?;
        Ok(if failed { Outcome::Failed } else { Outcome::Good })
    }

    /// What every rule finds in the documents at the paths. What cannot be read is told.
    fn hits(&self, failed: &mut bool) -> Result<Hits, Failure> {
        let mut hits = Hits::new();
        let entries = gather(&self.paths, &mut self.options.configs()?)?;
        let reading = Reading { encoding: None, lossy: false, consent: Applicability::Auto.into() };
        let found = |_: &Document, revision: Revision| {
            let findings = revision.findings.into_iter().filter(|finding| finding.state != State::Shadowed);
            Ok(findings.map(|finding| finding.rule).collect::<Vec<_>>())
        };
        revise_each(entries, reading, found, |result| -> Result<(), Failure> {
            match result {
                Ok(rules) => rules.into_iter().for_each(|rule| *hits.entry(rule).or_default() += 1),
                Err(error) => {
                    *failed = true;
                    complain(&error.into(), self.options.color);
                }
            }
            Ok(())
        })?;
        Ok(hits)
    }
}
