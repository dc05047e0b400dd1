//! How good decisions are.

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
