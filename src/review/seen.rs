//! A ledger and the documents as they are now.

use super::decision::{Decision, now};
use super::key::{Key, keys};
use super::ledger::{Ledger, Standing};
use crate::edit::{Finding, Held, Revision, State, Verdict};
use std::collections::{HashMap, HashSet};

/// The findings and documents of a run, to hold a ledger against.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    keys: HashSet<Key>,
    documents: HashSet<String>,
}

impl Seen {
    /// Those of one document, named as decisions name it.
    pub fn of(revision: &Revision, document: &str) -> Seen {
        let text = revision.source().text();
        let keys = keys(text, revision.findings.iter().chain(&revision.rejected)).into_iter().collect();
        Seen { keys, documents: [document.to_owned()].into() }
    }

    /// Adds those of another.
    pub fn add(&mut self, other: Seen) {
        self.keys.extend(other.keys);
        self.documents.extend(other.documents);
    }

    /// Whether a finding was seen.
    pub fn has(&self, key: Key) -> bool {
        self.keys.contains(&key)
    }

    /// Whether a decision is stale: no finding matches it, and the document it was made in was looked at or is gone. A decision
    /// whose edit has been made is none: its finding went with it.
    pub fn is_stale(&self, decision: &Decision, ledger: &Ledger) -> bool {
        let known = || self.documents.contains(&decision.document) || !ledger.root().join(&decision.document).exists();
        !decision.done && !self.has(decision.key) && decision.document != crate::corpus::STDIN && known()
    }

    /// The findings about which every decision is stale, with one decision of each.
    pub fn stale<'l>(&self, ledger: &'l Ledger) -> Vec<&'l Decision> {
        let entries = ledger.entries().filter(|(_, decisions)| decisions.iter().all(|decision| self.is_stale(decision, ledger)));
        entries.filter_map(|(_, decisions)| decisions.last()).collect()
    }
}

/// The edits that were accepted and are still to be made, by the document they were accepted in.
#[derive(Debug, Clone, Default)]
pub struct Expected(HashMap<String, Vec<Key>>);

impl Expected {
    /// Those of a ledger.
    pub fn of(ledger: &Ledger) -> Expected {
        let mut expected: HashMap<String, Vec<Key>> = HashMap::new();
        let accepted = ledger.decided().filter(|decision| decision.effect() == Verdict::Accept && decision.new.is_some());
        for decision in accepted.filter(|decision| !decision.done) {
            expected.entry(decision.document.clone()).or_default().push(decision.key);
        }
        Expected(expected)
    }

    /// Those of `document` that match nothing in it any more: it was changed since they were accepted, or the rules were.
    pub fn lost(&self, revision: &Revision, document: &str) -> Vec<Key> {
        let Some(expected) = self.0.get(document) else { return Vec::new() };
        let accepted = revision.findings.iter().filter(|finding| finding.decision == Some(Verdict::Accept));
        let there: HashSet<Key> = keys(revision.source().text(), accepted).into_iter().collect();
        expected.iter().copied().filter(|key| !there.contains(key)).collect()
    }
}

/// The decisions on edits that `revision` makes, marked as done: for when it takes the place of its source.
pub fn done(revision: &Revision, ledger: &Ledger) -> Vec<Decision> {
    let made = |finding: &&Finding| finding.state == State::Applied && finding.decision == Some(Verdict::Accept);
    let keys = keys(revision.source().text(), revision.findings.iter().filter(made));
    let decisions = keys.into_iter().filter_map(|key| ledger.standing(key).decision());
    decisions.filter(|decision| !decision.done).map(|decision| Decision { done: true, time: now(), ..decision.clone() }).collect()
}

/// The decisions that a document's cleaned text needs: what holds there an edit back, known by what stands around it then. A
/// ledger for the cleaned text that has them leaves it as it is.
pub fn carried(revision: &Revision, ledger: &Ledger, document: &str) -> Vec<Decision> {
    let old = keys(revision.source().text(), revision.held.iter().map(|held| &held.in_source));
    let new = keys(revision.cleaned(), revision.held.iter().map(|held| &held.in_cleaned));
    let held = old.into_iter().zip(new).zip(&revision.held);
    let carry = |((old, new), held): ((Key, Key), &Held)| match ledger.standing(old) {
        Standing::Decided(decision) => {
            let (old, new_text) = (held.in_cleaned.target(revision.cleaned()), held.in_cleaned.outcome(revision.cleaned()));
            let (verdict, document) = (decision.effect(), document.to_owned());
            let new_text = if verdict == Verdict::Accept { new_text } else { decision.new.clone() };
            let over = Vec::new();
            Some(Decision { key: new, old, new: new_text, verdict, document, done: false, over, ..decision.clone() })
        }
        Standing::Open | Standing::Contradicted(_) => None,
    };
    held.filter_map(carry).collect()
}
