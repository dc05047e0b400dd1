//! Counting findings.

use crate::edit::{Finding, RuleId, State, Verdict};
use std::collections::BTreeMap;

/// How many findings of each rule were applied, proposed, flagged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Findings whose edit is made, by rule.
    pub applied: BTreeMap<RuleId, usize>,
    /// Findings whose edit waits for a yes, by rule.
    pub proposed: BTreeMap<RuleId, usize>,
    /// Findings without an edit, by rule.
    pub flagged: BTreeMap<RuleId, usize>,
    /// Findings that a person left for later, by rule; in none of the others.
    pub known: BTreeMap<RuleId, usize>,
}

impl Tally {
    /// Counts `findings`. Those that lost their place are not counted: the winner is.
    pub fn of(findings: &[Finding]) -> Tally {
        let mut tally = Tally::default();
        for finding in findings {
            let counts = match finding.state {
                State::Proposed | State::Flagged if finding.decision == Some(Verdict::Later) => &mut tally.known,
                State::Applied => &mut tally.applied,
                State::Proposed => &mut tally.proposed,
                State::Flagged => &mut tally.flagged,
                State::Shadowed => continue,
            };
            *counts.entry(finding.rule.clone()).or_default() += 1;
        }
        tally
    }

    /// Adds the counts of `other`.
    pub fn add(&mut self, other: Tally) {
        let pairs = [
            (&mut self.applied, other.applied),
            (&mut self.proposed, other.proposed),
            (&mut self.flagged, other.flagged),
            (&mut self.known, other.known),
        ];
        for (counts, more) in pairs {
            for (rule, count) in more {
                *counts.entry(rule).or_default() += count;
            }
        }
    }

    /// Whether nothing was counted but what is known.
    pub fn is_empty(&self) -> bool {
        self.applied.is_empty() && self.proposed.is_empty() && self.flagged.is_empty()
    }

    /// The counts with their names, those that are not 0: `2 edits, 1 proposed`.
    pub fn in_words(&self) -> String {
        let sum = |counts: &BTreeMap<RuleId, usize>| counts.values().sum::<usize>();
        let (applied, proposed, flagged) = (sum(&self.applied), sum(&self.proposed), sum(&self.flagged));
        let known = sum(&self.known);
        let parts = [
            (applied, super::counted(applied, "edit")),
            (proposed, format!("{proposed} proposed")),
            (flagged, format!("{flagged} flagged")),
            (known, format!("{known} known")),
        ];
        let words: Vec<_> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
        if words.is_empty() { "nothing found".into() } else { words.join(", ") }
    }
}

/// `rule ×count` for every rule, the most frequent first.
pub(super) fn by_rule(counts: &BTreeMap<RuleId, usize>) -> String {
    let mut ranked: Vec<_> = counts.iter().collect();
    ranked.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    ranked.iter().map(|(rule, count)| format!("{rule} ×{count}")).collect::<Vec<_>>().join(", ")
}
