//! `explain`: all about one rule, or how it judges a document.

use super::Outcome;
use super::error::Failure;
use super::options::{Color, RuleOptions, find_rule};
use super::output::{for_people, width};
use clap::Args;
use jiaokan::corpus::{Document, gather};
use jiaokan::edit::{Applicability, Finding};
use jiaokan::pass::Pipeline;
use jiaokan::report::human::{self, View};
use jiaokan::report::{accounts, rules};
use jiaokan::rule::{PASSES, Rule};
use jiaokan::text::lines::{LineIndex, lines};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Tell all about one rule: why it exists, what it finds, by what it decides, and its cases
///
/// With --on, tell instead how the rule judges a document: what it finds there and why, and for a
/// rule that adds up points, every term of every sum with the text that gave rise to it.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The rule's id, as `jiaokan rules list` prints it
    rule: String,

    /// Tell how the rule judges this document, or one line of it
    #[arg(long, value_name = "FILE[:LINE]")]
    on: Option<String>,

    #[command(flatten)]
    options: RuleOptions,
}

impl Explain {
    pub fn color(&self) -> Color {
        self.options.color
    }

    pub fn run(self) -> Result<Outcome, Failure> {
        let (paint, mut out) = for_people(self.color());
        let Some(on) = &self.on else {
            let pack = self.options.pack()?;
            rules::explain(find_rule(&pack, &self.rule)?, width(), paint, &mut out)?;
            out.flush()?;
            return Ok(Outcome::Good);
        };
        let (path, line) = place(on);
        let document = self.document(&path)?;
        let pack = &document.setup.pack;
        let rule = find_rule(pack, &self.rule)?;
        let source = document.read(None, false)?;
        let length = lines(source.text()).count();
        if let Some(line) = line.filter(|line| !(1..=length.max(1)).contains(line)) {
            return Err(Failure::Usage(format!(
                "{}: there is no line {line}: lines are counted from 1 to {length}",
                path.display()
            )));
        }
        let turn = |rule: &Rule| PASSES.iter().position(|pass| *pass == rule.pass());
        let before = Pipeline::with(pack, |other| other.enabled && turn(other) < turn(rule))?;
        let revision = before.revise(source.clone(), Applicability::Auto);
        let weighed = Pipeline::with(pack, |other| other.id == rule.id)?.accounts(revision.cleaned());
        if weighed.is_empty() {
            let all = Pipeline::with(pack, |other| other.enabled || other.id == rule.id)?;
            let mut revision = all.revise(source, Applicability::Auto);
            let index = LineIndex::new(revision.source().text());
            let wanted = |finding: &Finding| {
                let (first, last) = (index.line(finding.span.start) + 1, index.line(finding.span.end) + 1);
                finding.rule == rule.id && line.is_none_or(|line| (first..=last).contains(&line))
            };
            revision.findings.retain(wanted);
            if revision.findings.is_empty() {
                writeln!(out, "{on}: nothing found")?;
            }
            human::document(&document.name, &revision, View { paint, all: true }, &mut out)?;
        } else if !accounts::write(&revision, &weighed, line, paint, &mut out)? {
            writeln!(out, "{on}: nothing that the rule would weigh stands here")?;
        }
        out.flush()?;
        Ok(Outcome::Good)
    }

    fn document(&self, path: &Path) -> Result<Document, Failure> {
        let mut entries = gather(&[path.to_owned()], &mut self.options.configs()?)?;
        match (entries.pop(), entries.is_empty()) {
            (Some(entry), true) => Ok(entry?),
            _ => Err(Failure::Usage(format!("`--on {}` must name one file: name it as FILE or FILE:LINE", path.display()))),
        }
    }
}

/// A file, and perhaps a line of it: `page.txt:12`.
fn place(on: &str) -> (PathBuf, Option<usize>) {
    match on.rsplit_once(':').map(|(path, line)| (path, line.parse())) {
        Some((path, Ok(line))) if !Path::new(on).exists() => (path.into(), Some(line)),
        _ => (on.into(), None),
    }
}
