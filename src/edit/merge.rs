//! The one merge: of all edits that rules want in the same places, which are made.

use super::decision::{Consent, Decisions, Verdict, accept};
use super::draft::Draft;
use super::finding::{Change, Finding, State};
use crate::text::Span;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

/// Decides over the findings that the rules of one pass made on `draft`, applies those that win, and adds all of them to
/// `ledger` as findings on the source. The order of `found` does not matter: where edits conflict, the one of higher
/// confidence wins, what a person accepted before all others, then the longer, then the earlier, then the one of the lesser rule id. Returns whether the text changed.
pub fn settle(draft: &mut Draft, mut found: Vec<Finding>, consent: Consent, ledger: &mut Vec<Finding>) -> bool {
    let base = ledger.len();
    found.sort_by(|a, b| position(a).cmp(&position(b)).then_with(|| a.rule.cmp(&b.rule)).then_with(|| a.message.cmp(&b.message)));
    let mut order: Vec<usize> = (0..found.len()).filter(|&i| !found[i].changes.is_empty()).collect();
    order.sort_by(|&a, &b| precedence(&found[a], &found[b], consent).then(a.cmp(&b)));

    let mut taken: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut edits: Vec<(Change, usize)> = Vec::new();
    for i in order {
        let rival = found[i].changes.iter().find_map(|change| occupant(&taken, change.span));
        let finding = &mut found[i];
        match rival {
            Some(winner) => {
                finding.state = State::Shadowed;
                finding.shadowed_by = Some(base + winner);
            }
            None => {
                for change in &finding.changes {
                    taken.insert(change.span.start, (change.span.end, i));
                }
                if consent.covers(finding) {
                    finding.state = State::Applied;
                    edits.extend(finding.changes.iter().map(|change| (change.clone(), base + i)));
                } else {
                    finding.state = State::Proposed;
                }
            }
        }
    }

    ledger.extend(found.into_iter().map(|finding| draft.finding_to_source(finding)));
    edits.sort_by_key(|(change, _)| (change.span.start, change.span.end));
    let edited = edits.iter().any(|(change, _)| change.span.of(draft.text()) != change.text);
    let swallowed = draft.apply(&edits);
    retire(swallowed, ledger);
    edited
}

/// Puts what people decided to the findings of one pass on `draft`: those rejected are taken out and returned, as they were in the
/// draft, and what was accepted becomes the edit of its finding.
pub fn heed(draft: &Draft, decisions: &dyn Decisions, found: &mut Vec<Finding>) -> Vec<Finding> {
    let in_source: Vec<Finding> = found.iter().map(|finding| draft.finding_to_source(finding.clone())).collect();
    let mut rejected = Vec::new();
    let rulings = decisions.rulings(draft.source(), &in_source);
    let decided = std::mem::take(found).into_iter().zip(&in_source).zip(rulings);
    for ((mut finding, in_source), ruling) in decided {
        match ruling {
            Some(ruling) if ruling.verdict == Verdict::Reject => {
                finding.decision = Some(Verdict::Reject);
                rejected.push(finding);
                continue;
            }
            Some(ruling) if ruling.verdict == Verdict::Accept => {
                let to_source = |change: &Change| draft.change_to_source(change);
                if accept(&mut finding, in_source, draft.source(), ruling.new.as_deref(), to_source) {
                    finding.decision = Some(Verdict::Accept);
                }
            }
            Some(ruling) => finding.decision = Some(ruling.verdict),
            None => {}
        }
        found.push(finding);
    }
    rejected
}

/// Marks as shadowed the findings of which every change was replaced by a later edit.
fn retire(swallowed: Vec<(usize, usize)>, ledger: &mut [Finding]) {
    let mut counts: HashMap<usize, (usize, usize)> = HashMap::new();
    for (old, new) in swallowed {
        let entry = counts.entry(old).or_insert((0, new));
        entry.0 += 1;
    }
    for (old, (count, new)) in counts {
        if ledger[old].state == State::Applied && count >= ledger[old].changes.len() && old != new {
            ledger[old].state = State::Shadowed;
            ledger[old].shadowed_by = Some(new);
        }
    }
}

fn position(finding: &Finding) -> (usize, usize) {
    (finding.span.start, finding.span.end)
}

fn precedence(a: &Finding, b: &Finding, consent: Consent) -> Ordering {
    let accepted = |finding: &Finding| finding.decision == Some(Verdict::Accept);
    consent
        .covers(b)
        .cmp(&consent.covers(a))
        .then_with(|| accepted(b).cmp(&accepted(a)))
        .then_with(|| b.confidence.total_cmp(&a.confidence))
        .then_with(|| b.span.len().cmp(&a.span.len()))
        .then_with(|| a.span.start.cmp(&b.span.start))
        .then_with(|| a.rule.cmp(&b.rule))
}

/// The finding that has already taken a place that `span` wants.
fn occupant(taken: &BTreeMap<usize, (usize, usize)>, span: Span) -> Option<usize> {
    let before = taken.range(..=span.start).next_back();
    let after = taken.range(span.start..).next();
    [before, after].into_iter().flatten().find(|&(&start, &(end, _))| span.conflicts(Span::new(start, end))).map(|(_, &(_, i))| i)
}
