//! How often people agreed with rules.

use super::decision::Decision;
use super::ledger::{Ledger, Standing};
use crate::edit::{RuleId, Verdict};
use crate::eval::Share;
use std::collections::{BTreeMap, HashSet};

/// Findings that must have been decided before a rule is judged by them.
pub const LEAST_DECIDED: usize = 10;

/// What people decided about the findings of one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Precision {
    /// Accepted, of those that were accepted or rejected.
    pub right: Share,
    /// Left for later.
    pub later: usize,
    /// On which people disagree.
    pub contradicted: usize,
}

/// What was decided, by rule. A baseline is nobody's decision and does not count.
pub fn precision(ledger: &Ledger) -> BTreeMap<String, Precision> {
    let mut rules: BTreeMap<String, Precision> = BTreeMap::new();
    for (key, decisions) in ledger.entries() {
        let rule = decisions.first().map(|decision| decision.rule.clone()).unwrap_or_default();
        let counts = match ledger.standing(key) {
            Standing::Decided(Decision { baseline: true, .. }) | Standing::Open => continue,
            Standing::Decided(_) | Standing::Contradicted(_) => rules.entry(rule).or_default(),
        };
        match ledger.standing(key).verdict() {
            None => counts.contradicted += 1,
            Some(Verdict::Later) => counts.later += 1,
            Some(verdict) => counts.right.count(verdict == Verdict::Accept),
        }
    }
    rules
}

/// The rules that people have shown to be right less often than `least`: at least [`LEAST_DECIDED`] of their findings were accepted
/// or rejected, and the whole interval of 95 % (Wilson's) lies below.
pub fn unproven(ledger: &Ledger, least: f64) -> HashSet<RuleId> {
    let low = |precision: &Precision| {
        precision.right.of >= LEAST_DECIDED && precision.right.interval().is_some_and(|(_, high)| high < least)
    };
    precision(ledger).into_iter().filter(|(_, precision)| low(precision)).map(|(rule, _)| rule.into()).collect()
}
