//! Runs the cases that rule files bring along.

use super::Pipeline;
use crate::edit::{Applicability, RuleId, State};
use crate::index::{CorpusIndex, IndexError};
use crate::rule::{Case, Expectation, Pack, Rule, RuleError};
use crate::text::{Source, Span};
use rayon::prelude::*;
use serde::Serialize;
use std::sync::Arc;

/// How one case went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseOutcome {
    /// The rule whose case it is.
    pub rule: RuleId,
    /// The case's name.
    pub case: String,
    /// Whether it is as it should be.
    pub verdict: Verdict,
    /// The case's text, without marks.
    pub text: String,
    /// What should be found.
    pub expectation: Expectation,
    /// The spans that were.
    pub found: Vec<Span>,
    /// The text it should become, when the case says.
    pub becomes_expected: Option<String>,
    /// The text it became.
    pub becomes_found: String,
}

/// How a span of a case compares with what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Compared {
    /// It should be found, and was.
    Hit,
    /// It should be found, and was not.
    Miss,
    /// It was found, and should not be.
    Noise,
}

impl CaseOutcome {
    /// The spans that should be found and those that were, by their places.
    pub fn spans(&self) -> Vec<(Span, Compared)> {
        let expected: &[Span] = match &self.expectation {
            Expectation::Spans(spans) => spans,
            // Wherever something is found will do.
            Expectation::Fires => &self.found,
            Expectation::Silent => &[],
        };
        let misses = expected.iter().filter(|span| !self.found.contains(span)).map(|&span| (span, Compared::Miss));
        let found = self.found.iter().map(|&span| match expected.contains(&span) {
            true => (span, Compared::Hit),
            false => (span, Compared::Noise),
        });
        let mut spans: Vec<(Span, Compared)> = found.chain(misses).collect();
        spans.sort();
        spans
    }

    /// Whether nothing should be found, and nothing was.
    pub fn is_quiet(&self) -> bool {
        self.expectation == Expectation::Silent && self.found.is_empty()
    }
}

/// Whether a case is as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Pass,
    /// It is not, and this is why.
    Fail(String),
    /// It is not, as its file says, and why.
    Gap(String),
    /// It is, though its file says it is not.
    GapCloses,
}

/// Runs the cases of those rules of `pack` that `wanted` picks, each rule alone. The outcomes are in the order of rules and cases.
///
/// # Errors
/// When a rule cannot be made to run.
pub fn run_cases(pack: &Pack, wanted: impl Fn(&Rule) -> bool) -> Result<Vec<CaseOutcome>, RuleError> {
    let rules: Vec<&Rule> = pack.rules().iter().filter(|rule| wanted(rule)).collect();
    let outcomes: Result<Vec<Vec<CaseOutcome>>, RuleError> = rules
        .par_iter()
        .map(|rule| {
            let mut pipeline = Pipeline::with(pack, |other| other.id == rule.id)?;
            let mut outcomes = Vec::new();
            for case in &rule.cases {
                pipeline = pipeline.with_index(corpus(rule, case)?);
                outcomes.push(run(&pipeline, rule, case));
            }
            Ok(outcomes)
        })
        .collect();
    Ok(outcomes?.into_iter().flatten().collect())
}

/// The name of a case's text among the documents of its corpus, the last of them.
const NAME: &str = "case";

/// The index of a case's corpus.
fn corpus(rule: &Rule, case: &Case) -> Result<Option<Arc<CorpusIndex>>, RuleError> {
    if case.corpus.is_empty() {
        return Ok(None);
    }
    let others = case.corpus.iter().enumerate().map(|(at, text)| (format!("{:03}", at + 1), text.clone()));
    let index = CorpusIndex::of_texts(others.chain([(NAME.to_owned(), case.text.clone())]).collect());
    let unable = |error: IndexError| rule.error("corpus", error.to_string(), "check the folder for temporary files");
    Ok(Some(Arc::new(index.map_err(unable)?)))
}

fn run(pipeline: &Pipeline, rule: &Rule, case: &Case) -> CaseOutcome {
    let revise = |text: &str| pipeline.revise(Source::from_text(NAME, text), Applicability::Review);
    let revision = revise(&case.text);
    let mut found: Vec<Span> = Vec::new();
    for finding in revision.findings.iter().filter(|f| f.rule == rule.id && matches!(f.state, State::Applied | State::Flagged)) {
        match finding.changes.as_slice() {
            [] | [_] => found.push(finding.span),
            several => found.extend(several.iter().map(|change| change.span)),
        }
    }
    found.sort();
    found.dedup();
    let becomes_found = revision.cleaned().to_owned();
    let complaint = match &case.expectation {
        Expectation::Spans(expected) if found != *expected => Some("the spans found are not those marked"),
        Expectation::Fires if found.is_empty() => Some("nothing was found"),
        Expectation::Silent if !found.is_empty() => Some("something was found in a text that should be left alone"),
        _ if case.becomes.as_ref().is_some_and(|becomes| *becomes != becomes_found) => Some("the text becomes something else"),
        _ if revise(&becomes_found).is_changed() => Some("run again on its own output, the rule edits once more"),
        _ => None,
    };
    let verdict = match (complaint, &case.gap) {
        (None, None) => Verdict::Pass,
        (None, Some(_)) => Verdict::GapCloses,
        (Some(_), Some(gap)) => Verdict::Gap(gap.clone()),
        (Some(complaint), None) => Verdict::Fail(complaint.into()),
    };
    CaseOutcome {
        rule: rule.id.clone(),
        case: case.name.clone(),
        verdict,
        text: case.text.clone(),
        expectation: case.expectation.clone(),
        found,
        becomes_expected: case.becomes.clone(),
        becomes_found,
    }
}
