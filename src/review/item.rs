//! What there is to decide in a document.

use super::decision::{Decision, now, rule_hash};
use super::key::{Key, keys, surroundings};
use super::ledger::{Ledger, Standing};
use crate::edit::{Applicability, Change, Finding, Revision, RuleId, Severity, State, Verdict};
use crate::rule::Pack;
use crate::text::Span;
use crate::text::lines::{CodePoints, LineIndex};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;

/// Characters of the surroundings of an item on either side.
const AROUND: usize = 24;

/// Where an item stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemState {
    /// Nobody has decided.
    Open,
    /// This was decided.
    Decided(Box<Decision>),
    /// People decided differently.
    Contradicted(Vec<Decision>),
}

impl From<Standing<'_>> for ItemState {
    fn from(standing: Standing<'_>) -> ItemState {
        match standing {
            Standing::Open => ItemState::Open,
            Standing::Decided(decision) => ItemState::Decided(Box::new(decision.clone())),
            Standing::Contradicted(decisions) => ItemState::Contradicted(decisions.to_vec()),
        }
    }
}

/// A finding, as a person is asked about it.
#[derive(Debug, Clone)]
pub struct Item {
    /// By what it is known.
    pub key: Key,
    /// The document, as decisions call it.
    pub document: Arc<str>,
    /// The rule that reports.
    pub rule: RuleId,
    /// A hash of that rule's file.
    pub rule_hash: Arc<str>,
    /// How bad it is.
    pub severity: Severity,
    /// How far its edit may go without a person.
    pub applicability: Applicability,
    /// What became of it; of a rejected one, what it was when the rule reported it.
    pub state: State,
    /// Whether it was rejected, so that it is not among the findings of the revision.
    pub rejected: bool,
    /// Where it is in the source, in bytes.
    pub span: Span,
    /// Its replacements, in the source.
    pub changes: Vec<Change>,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in code points, from 1.
    pub column: usize,
    /// The text that it speaks of.
    pub old: String,
    /// What may stand there instead, the first being what the rule would write; none when it has no edit to offer.
    pub readings: Vec<String>,
    /// The text before it.
    pub before: String,
    /// The text behind it.
    pub after: String,
    /// The estimated chance that it is right.
    pub confidence: f32,
    /// What is wrong.
    pub message: Arc<str>,
    /// Why the rule thinks so.
    pub evidence: Vec<String>,
    /// What people said of it.
    pub standing: ItemState,
}

/// What a person says of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The verdict.
    pub verdict: Verdict,
    /// What is to stand there: one of the readings, or what the person typed. None for the first reading.
    pub new: Option<String>,
    /// Why.
    pub note: String,
    /// Who says so; may be empty.
    pub who: String,
}

impl Item {
    /// Whether it waits for a person: nobody has decided or people disagree, and its edit was not made.
    pub fn is_pending(&self) -> bool {
        !matches!(self.standing, ItemState::Decided(_)) && matches!(self.state, State::Proposed | State::Flagged)
    }

    /// Whether another text may be typed for it. Several changes that belong together are taken as they are or not at all.
    pub fn takes_text(&self) -> bool {
        self.changes.len() <= 1
    }

    /// The decision that `answer` makes of it, as of now.
    pub fn decide(&self, answer: Answer) -> Decision {
        Decision {
            key: self.key,
            rule: self.rule.to_string(),
            rule_hash: self.rule_hash.to_string(),
            old: self.old.clone(),
            new: answer.new.or_else(|| self.readings.first().cloned()),
            verdict: answer.verdict,
            note: answer.note,
            time: now(),
            who: answer.who,
            document: self.document.to_string(),
            baseline: false,
            done: false,
            over: Vec::new(),
        }
    }
}

/// Everything of a revision that a person can decide about, in the order of its places: what was edited, proposed and flagged, and
/// what was rejected before. Findings that lost their place to another are not among it. `document` is the name for decisions:
/// see [`Ledger::document`].
pub fn items(revision: &Revision, document: &str, pack: &Pack, ledger: &Ledger) -> Vec<Item> {
    let text = revision.source().text();
    let reported = revision.findings.iter().filter(|finding| finding.state != State::Shadowed).map(|finding| (finding, false));
    let mut found: Vec<(&Finding, bool)> = reported.chain(revision.rejected.iter().map(|finding| (finding, true))).collect();
    if found.is_empty() {
        return Vec::new();
    }
    found.sort_by_key(|(finding, _)| (finding.span.start, finding.span.end));
    let keys = keys(text, found.iter().map(|(finding, _)| *finding));
    let (lines, points) = (LineIndex::new(text), CodePoints::new(text));
    let mut hashes: HashMap<RuleId, Arc<str>> = HashMap::new();
    let hash = |rule: &RuleId| pack.get(rule).map(rule_hash).unwrap_or_default().into();
    let document: Arc<str> = document.into();
    let mut item = |((finding, rejected), key): ((&Finding, bool), Key)| {
        let line = lines.line(finding.span.start);
        let (before, after) = surroundings(text, finding.span, AROUND);
        Item {
            key,
            document: document.clone(),
            rule: finding.rule.clone(),
            rule_hash: hashes.entry(finding.rule.clone()).or_insert_with_key(hash).clone(),
            severity: finding.severity,
            applicability: finding.applicability,
            state: finding.state,
            rejected,
            span: finding.span,
            changes: finding.changes.clone(),
            line: line + 1,
            column: points.at(finding.span.start) - points.at(lines.start(line)) + 1,
            old: finding.target(text),
            readings: readings(finding, text),
            before,
            after,
            confidence: finding.confidence,
            message: finding.message.clone(),
            evidence: finding.evidence.reasons(),
            standing: ledger.standing(key).into(),
        }
    };
    found.into_iter().zip(keys).map(&mut item).collect()
}

/// What the edit of a finding comes to with each of its choices.
fn readings(finding: &Finding, text: &str) -> Vec<String> {
    let mut readings: Vec<String> = finding.outcome(text).into_iter().collect();
    if let [change] = finding.changes.as_slice() {
        for choice in &finding.choices {
            let chosen = Finding { changes: vec![Change { span: change.span, text: choice.clone() }], ..finding.clone() };
            readings.extend(chosen.outcome(text).filter(|reading| !readings.contains(reading)));
        }
    }
    readings
}
