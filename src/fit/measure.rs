//! How good decisions are.

use super::Document;
use crate::tree::score_of;

/// A break that trees have judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// The document's index.
    pub document: usize,
    /// The break's offset in it, in bytes.
    pub at: usize,
    /// What the trees say, in thousandths of log-odds.
    pub score: i32,
    /// Whether it is a join.
    pub join: bool,
}

/// Decisions counted against labels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Joins that were joined.
    pub joined: usize,
    /// Paragraphs' ends that were joined.
    pub joined_wrongly: usize,
    /// Paragraphs' ends that stayed.
    pub kept: usize,
    /// Joins that stayed.
    pub kept_wrongly: usize,
}

impl Tally {
    /// Counts decisions at the probability `apply`.
    pub fn of<'j>(judged: impl IntoIterator<Item = &'j Judged>, apply: f32) -> Tally {
        let limit = score_of(apply);
        let mut tally = Tally::default();
        for one in judged {
            *match (one.score >= limit, one.join) {
                (true, true) => &mut tally.joined,
                (true, false) => &mut tally.joined_wrongly,
                (false, false) => &mut tally.kept,
                (false, true) => &mut tally.kept_wrongly,
            } += 1;
        }
        tally
    }

    /// F1 of joins.
    pub fn join_f1(&self) -> f64 {
        f1(self.joined, self.joined_wrongly, self.kept_wrongly)
    }

    /// F1 of the breaks that stay.
    pub fn boundary_f1(&self) -> f64 {
        f1(self.kept, self.kept_wrongly, self.joined_wrongly)
    }

    /// Breaks counted.
    pub fn count(&self) -> usize {
        self.joined + self.joined_wrongly + self.kept + self.kept_wrongly
    }
}

fn f1(right: usize, wrong: usize, missed: usize) -> f64 {
    let all = 2 * right + wrong + missed;
    if all == 0 { 1.0 } else { 2.0 * right as f64 / all as f64 }
}

/// What is decided without a person when both thresholds are set for a precision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decided {
    /// All breaks.
    pub all: usize,
    /// Breaks joined, and those of them that are joins.
    pub joined: (usize, usize),
    /// Breaks kept, and those of them that are paragraphs' ends.
    pub kept: (usize, usize),
}

/// The lowest score from which joins are right in at least `precision` of the cases, and the highest down from which keeping is.
fn thresholds<'j>(judged: impl Iterator<Item = &'j Judged>, precision: f64) -> (i32, i32) {
    let mut sorted: Vec<(i32, bool)> = judged.map(|j| (j.score, j.join)).collect();
    sorted.sort_unstable();
    let reach = |scores: &mut dyn Iterator<Item = (i32, bool)>| {
        let (mut right, mut all, mut reached) = (0usize, 0usize, None);
        for (score, is_right) in scores {
            all += 1;
            right += usize::from(is_right);
            if right as f64 >= all as f64 * precision {
                reached = Some(score);
            }
        }
        reached
    };
    let high = reach(&mut sorted.iter().rev().copied()).unwrap_or(i32::MAX);
    let low = reach(&mut sorted.iter().map(|&(score, join)| (score, !join))).unwrap_or(i32::MIN);
    (high, low)
}

/// Sets both thresholds on all folds but one for `precision`, decides that fold's breaks by them, and counts over all folds.
pub fn decided(documents: &[Document], judged: &[&Judged], folds: usize, precision: f64) -> Decided {
    let mut sum = Decided::default();
    for fold in 0..folds {
        let here = |j: &&&Judged| documents[j.document].fold(folds) == fold;
        let (high, low) = thresholds(judged.iter().filter(|j| !here(j)).copied(), precision);
        for one in judged.iter().filter(here) {
            sum.all += 1;
            if one.score >= high {
                sum.joined = (sum.joined.0 + 1, sum.joined.1 + usize::from(one.join));
            } else if one.score <= low {
                sum.kept = (sum.kept.0 + 1, sum.kept.1 + usize::from(!one.join));
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_reach_the_precision_asked_for() {
        let judged: Vec<Judged> =
            (-50..50).map(|score| Judged { document: 0, at: 0, score, join: score > 10 || score == -20 }).collect();
        let (high, low) = thresholds(judged.iter(), 1.0);
        assert_eq!((high, low), (11, -21));
        let (_, low) = thresholds(judged.iter(), 0.97);
        assert_eq!(low, 10);
    }

    #[test]
    fn tallies_count_each_break_once() {
        let judged: Vec<Judged> = (0..10).map(|i| Judged { document: 0, at: i, score: i as i32 - 5, join: i > 4 }).collect();
        let tally = Tally::of(&judged, 0.5);
        assert_eq!((tally.joined, tally.kept, tally.count()), (5, 5, 10));
        assert_eq!((tally.join_f1(), tally.boundary_f1()), (1.0, 1.0));
    }
}
