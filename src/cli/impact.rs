//! `impact`: what a change of rules does to a corpus.

use super::Outcome;
use super::each::each_document;
use super::error::Failure;
use super::options::{Color, ReadOptions};
use super::output::{for_people, for_programs};
use clap::{Args, ValueEnum};
use jiaokan::corpus::{Configs, Setup, gather};
use jiaokan::report::impact::{self, Impact as Differences};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;

/// Tell which findings appear, vanish or change over a corpus when rules change
///
/// The new rules are those of `check`: the built-in ones, those of the configuration, and those of --rules. The old ones are the
/// built-in ones with the folders of --against, or with those of --rules as they were at the revision --against-rev.
///
/// Exit code: 0 nothing differs, 1 something does, 2 some input could not be read or nothing could run.
#[derive(Debug, Args)]
pub(super) struct Impact {
    /// A folder of the old rules; may be given more than once
    #[arg(long, value_name = "DIR", conflicts_with = "against_rev", required_unless_present = "against_rev")]
    against: Vec<PathBuf>,

    /// Take the folders of --rules as they were at this git revision for the old rules
    #[arg(long, value_name = "REV", requires = "rules")]
    against_rev: Option<String>,

    /// Show so many findings of each rule that appear, that vanish and that change
    #[arg(long, value_name = "N", default_value_t = 5)]
    examples: usize,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    format: Format,

    #[command(flatten)]
    read: ReadOptions,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    /// For people: a table with examples.
    #[default]
    Human,
    /// Markdown, for a pull request.
    Markdown,
    /// One JSON object.
    Json,
}

impl Impact {
    pub fn color(&self) -> Color {
        self.read.rule.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        // Kept until the rules in it have been read.
        let (_folder, old_rules) = match &self.against_rev {
            Some(revision) => {
                let folder = tempfile::tempdir()?;
                let rules = self.read.rule.rules.iter().enumerate();
                let rules = rules.map(|(index, rules)| rules_at(revision, rules, &folder, index)).collect::<Result<_, _>>()?;
                (Some(folder), rules)
            }
            None => (None, self.against.clone()),
        };
        let inputs = self.read.gather()?;
        let configs = Configs::new(&old_rules, self.read.rule.config.as_deref())?
            .with_index(inputs.listed.index())
            .with_decisions(inputs.decisions());
        let old = gather(&self.read.paths, &mut self.read.data.add_to(configs))?;
        let old: HashMap<PathBuf, Arc<Setup>> =
            old.into_iter().flatten().map(|document| (document.path.clone(), document.setup)).collect();
        let mut differences = Differences::default();
        let (paint, mut out) = match self.format {
            Format::Human => for_people(self.color()),
            Format::Markdown | Format::Json => (jiaokan::report::Paint::Plain, for_programs()),
        };
        let reading = self.read.reading();
        let failed = each_document(
            &self.read,
            None,
            inputs,
            &mut out,
            |document, revision| {
                // Both look for the same documents.
                let setup = old.get(&document.path).unwrap_or(&document.setup);
                let before = setup.pipeline.revise(revision.source().clone(), reading.consent);
                Ok(Differences::of(&document.name, &before, &revision, self.examples))
            },
            |one, _| {
                differences.add(one, self.examples);
                Ok(())
            },
        )?;
        match self.format {
            Format::Human => impact::table(&differences, paint, &mut out)?,
            Format::Markdown => impact::markdown(&differences, &mut out)?,
            Format::Json => impact::json(&differences, &mut out)?,
        }
        out.flush()?;
        Ok(match (failed > 0, differences.rules.is_empty()) {
            (true, _) => Outcome::Failed,
            (false, false) => Outcome::Found,
            (false, true) => Outcome::Good,
        })
    }
}

/// Writes the rules of `folder` as git knows them at `revision` below `into`, and returns where.
fn rules_at(revision: &str, folder: &Path, into: &TempDir, index: usize) -> Result<PathBuf, Failure> {
    if revision.starts_with('-') {
        return Err(Failure::Usage(format!("`{revision}` is no revision: name a branch, a tag or a commit")));
    }
    let home = into.path().join(index.to_string());
    fs::create_dir_all(&home)?;
    let listed = git(folder, &["ls-tree", "-r", "-z", "--name-only", revision, "."])?;
    for name in listed.split(|&byte| byte == 0).filter(|name| !name.is_empty()) {
        let name = String::from_utf8_lossy(name);
        let path = home.join(&*name);
        fs::create_dir_all(path.parent().unwrap_or(&home))?;
        fs::write(path, git(folder, &["show", &format!("{revision}:./{name}")])?)?;
    }
    Ok(home)
}

/// What git prints when run in `folder`.
fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let failed = |why: &str| Failure::Usage(format!("{}: git {}: {}", folder.display(), arguments.join(" "), why.trim()));
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    let output = output.map_err(|error| failed(&error.to_string()))?;
    if output.status.success() { Ok(output.stdout) } else { Err(failed(&String::from_utf8_lossy(&output.stderr))) }
}
