//! What other rules do differently with the same document.

use crate::edit::{Finding, Revision, RuleId, State};
use std::collections::HashMap;

/// How a finding differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Only the new rules report it.
    Appears,
    /// Only the old rules report it.
    Vanishes,
    /// Both report the place, but not with the same extent, edit or state.
    Changes,
}

/// A finding that is not the same with both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The rule that reports.
    pub rule: RuleId,
    /// How it differs.
    pub sort: Sort,
    /// Its index with the old rules, when they report it.
    pub old: Option<usize>,
    /// Its index with the new rules.
    pub new: Option<usize>,
}

/// What makes two findings the same: confidence, message and evidence may differ.
fn same(a: &Finding, b: &Finding) -> bool {
    a.rule == b.rule && a.span == b.span && a.state == b.state && a.changes == b.changes
}

/// Compares what two sets of rules found in the same document, by rule and then by place. Findings that lost their place to
/// others count for neither.
pub fn compare(old: &Revision, new: &Revision) -> Vec<Difference> {
    let by_rule = |revision: &Revision| {
        let mut rules: HashMap<RuleId, Vec<usize>> = HashMap::new();
        for (index, finding) in revision.findings.iter().enumerate().filter(|(_, f)| f.state != State::Shadowed) {
            rules.entry(finding.rule.clone()).or_default().push(index);
        }
        rules.values_mut().for_each(|indexes| indexes.sort_by_key(|&index| revision.findings[index].span));
        rules
    };
    let (mut before, after) = (by_rule(old), by_rule(new));
    let mut differences = Vec::new();
    for (rule, now) in after {
        let then = before.remove(&rule).unwrap_or_default();
        rule_differs(&rule, (old, then), (new, now), &mut differences);
    }
    for (rule, then) in before {
        rule_differs(&rule, (old, then), (new, Vec::new()), &mut differences);
    }
    differences.sort_by(|a, b| (&a.rule, a.sort, a.new, a.old).cmp(&(&b.rule, b.sort, b.new, b.old)));
    differences
}

/// The differences of one rule: both lists are in the order of places, so those that are the same, and then those that lie on
/// each other, are met by going through them side by side.
fn rule_differs(
    rule: &RuleId,
    (old, mut then): (&Revision, Vec<usize>),
    (new, mut now): (&Revision, Vec<usize>),
    differences: &mut Vec<Difference>,
) {
    let (a, b) = (|index: usize| &old.findings[index], |index: usize| &new.findings[index]);
    side_by_side(&mut then, &mut now, |x, y| a(x).span.cmp(&b(y).span), |x, y| same(a(x), b(y)), |_, _| {});
    let overlap = |x: usize, y: usize| {
        let (x, y) = (a(x).span, b(y).span);
        x.start <= y.end && y.start <= x.end
    };
    let change = |x, y| {
        differences.push(Difference { rule: rule.clone(), sort: Sort::Changes, old: Some(x), new: Some(y) });
    };
    side_by_side(&mut then, &mut now, |x, y| a(x).span.cmp(&b(y).span), overlap, change);
    let alone = |sort, old, new| Difference { rule: rule.clone(), sort, old, new };
    differences.extend(now.into_iter().map(|index| alone(Sort::Appears, None, Some(index))));
    differences.extend(then.into_iter().map(|index| alone(Sort::Vanishes, Some(index), None)));
}

/// Takes out of both lists the pairs that belong together.
fn side_by_side(
    left: &mut Vec<usize>,
    right: &mut Vec<usize>,
    order: impl Fn(usize, usize) -> std::cmp::Ordering,
    together: impl Fn(usize, usize) -> bool,
    mut found: impl FnMut(usize, usize),
) {
    let (mut i, mut j) = (0, 0);
    let (mut rest_left, mut rest_right) = (Vec::new(), Vec::new());
    while i < left.len() && j < right.len() {
        if together(left[i], right[j]) {
            found(left[i], right[j]);
            (i, j) = (i + 1, j + 1);
        } else if order(left[i], right[j]).is_le() {
            rest_left.push(left[i]);
            i += 1;
        } else {
            rest_right.push(right[j]);
            j += 1;
        }
    }
    rest_left.extend_from_slice(&left[i..]);
    rest_right.extend_from_slice(&right[j..]);
    (*left, *right) = (rest_left, rest_right);
}
