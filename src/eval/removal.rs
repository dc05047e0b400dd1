//! What should be removed against what was.

use super::gold::Labelled;
use super::interval::{Share, f1};
use super::{Selection, place};
use crate::edit::{Revision, State};
use crate::text::lines::CodePoints;
use std::ops::Range;

/// How what was removed compares with what should be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removal {
    /// Characters that should be removed, of those that were.
    pub precision: Share,
    /// Characters removed, of those that should be.
    pub recall: Share,
    /// Marks of which four fifths at least were removed.
    pub marks: Share,
    /// Spans that must be left alone of which more than a fifth was removed.
    pub damaged: Share,
}

impl Removal {
    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        f1(self.precision.share().unwrap_or(0.0), self.recall.share().unwrap_or(0.0))
    }

    pub(super) fn add(&mut self, other: Removal) {
        self.precision.add(other.precision);
        self.recall.add(other.recall);
        self.marks.add(other.marks);
        self.damaged.add(other.damaged);
    }
}

/// White space does not count. Of a doubled text either copy may go.
pub(super) fn judge(labelled: &Labelled, revision: &Revision, selection: &Selection, proposed: bool) -> Removal {
    let mut removal = Removal::default();
    let wanted: Vec<_> = labelled.gold.iter().filter(|gold| gold.remove && selection.wants(&gold.kind)).collect();
    if wanted.is_empty() {
        return removal;
    }
    let text: Vec<char> = labelled.text.chars().collect();
    let points = CodePoints::new(&labelled.text);
    let mut gone = vec![false; text.len()];
    for finding in revision.findings.iter().filter(|finding| selection.counts(&finding.rule)) {
        let made = finding.state == State::Applied || proposed && finding.state == State::Proposed;
        let blank = |text: &str| text.trim().is_empty();
        if made && finding.becomes(&labelled.text).is_some_and(|text| blank(&text)) && !blank(finding.span.of(&labelled.text)) {
            gone[place(&points, finding.span)].fill(true);
        }
    }
    let (mut should, mut may) = (vec![false; text.len()], vec![false; text.len()]);
    wanted.iter().for_each(|gold| should[gold.place.clone()].fill(true));
    for gold in labelled.gold.iter().filter(|gold| !wanted.contains(gold)) {
        may[gold.place.clone()].fill(true);
    }
    let count = |range: &Range<usize>| gone[range.clone()].iter().filter(|&&gone| gone).count();
    let counted = |range: &Range<usize>| {
        let mut share = Share::default();
        range.clone().filter(|&at| !text[at].is_whitespace()).for_each(|at| share.count(gone[at]));
        share
    };
    for gold in &wanted {
        let twin = gold.twin.as_ref().filter(|twin| count(twin) > count(&gold.place));
        if let Some(twin) = twin {
            should[gold.place.clone()].fill(false);
            should[twin.clone()].fill(true);
        }
        let share = counted(twin.unwrap_or(&gold.place));
        removal.marks.count(share.hits * 5 >= share.of * 4);
    }
    for at in (0..text.len()).filter(|&at| !text[at].is_whitespace()) {
        if gone[at] && (should[at] || !may[at]) {
            removal.precision.count(should[at]);
        }
        if should[at] {
            removal.recall.count(gone[at]);
        }
    }
    for range in &labelled.keep {
        let share = counted(range);
        removal.damaged.count(share.hits * 5 > share.of.max(1));
    }
    removal
}
