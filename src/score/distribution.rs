//! How signals are distributed in a collection, in memory that does not grow with it.

use super::Card;
use super::filter::FILTERS;
use super::fixed::Fixed;
use super::signal::SIGNALS;
use std::collections::BTreeMap;

/// How often each value of a signal came. Values of more than eleven binary digits are told apart by these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distribution {
    /// Of each bucket the number of values, and the greatest of them.
    counts: BTreeMap<i64, (u64, Fixed)>,
    all: u64,
}

/// Binary digits that values are told apart by.
const DIGITS: u32 = 11;

impl Distribution {
    /// Counts a value.
    pub fn add(&mut self, value: Fixed) {
        let raw = value.ten_thousandths();
        let spare = (i64::BITS - raw.unsigned_abs().leading_zeros()).saturating_sub(DIGITS).min(i64::BITS - 2);
        let (count, most) = self.counts.entry(raw >> spare << spare).or_insert((0, value));
        *count += 1;
        *most = value.max(*most);
        self.all += 1;
    }

    /// The value that `per_cent` of a hundred are no greater than; none of nothing.
    pub fn quantile(&self, per_cent: u64) -> Option<Fixed> {
        let rank = (self.all.saturating_sub(1) * per_cent + 50) / 100;
        let mut before = 0;
        let found = self.counts.values().find(|(count, _)| {
            before += count;
            before > rank
        });
        found.map(|(_, most)| *most)
    }
}

/// The scores at which it is told how much would be kept.
pub const LADDER: [u64; 9] = [10, 20, 30, 40, 50, 60, 70, 80, 90];

/// What a filter said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdicts {
    /// How many documents pass.
    pub passed: u64,
    /// By what threshold others failed first.
    pub failed: BTreeMap<&'static str, u64>,
}

/// One side of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collected {
    /// For each signal of [`SIGNALS`].
    pub signals: Vec<Distribution>,
    /// For each filter of [`FILTERS`].
    pub filters: Vec<Verdicts>,
    /// Documents of at least each score of [`LADDER`], and their Han characters.
    pub ladder: [(u64, u64); LADDER.len()],
    /// Han characters.
    pub han: u64,
}

impl Default for Collected {
    fn default() -> Self {
        Collected {
            signals: vec![Distribution::default(); SIGNALS.len()],
            filters: vec![Verdicts::default(); FILTERS.len()],
            ladder: Default::default(),
            han: 0,
        }
    }
}

impl Collected {
    fn add(&mut self, sheet: &super::Sheet) {
        for (signal, distribution) in SIGNALS.iter().zip(&mut self.signals) {
            distribution.add(signal.of(sheet));
        }
        for (failed, verdicts) in sheet.failed.iter().zip(&mut self.filters) {
            match failed.first() {
                None => verdicts.passed += 1,
                Some(failed) => *verdicts.failed.entry(failed.threshold).or_default() += 1,
            }
        }
        for (least, (documents, han)) in LADDER.iter().zip(&mut self.ladder) {
            if sheet.score >= Fixed::whole(*least) {
                *documents += 1;
                *han += sheet.han;
            }
        }
        self.han += sheet.han;
    }
}

/// A collection, before and after repair.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Distributions {
    /// Documents.
    pub documents: u64,
    /// Of these, those that repair changed.
    pub changed: u64,
    /// As they were.
    pub before: Collected,
    /// As repair left them.
    pub after: Collected,
}

impl Distributions {
    /// Counts a document.
    pub fn add(&mut self, card: &Card) {
        self.documents += 1;
        self.changed += u64::from(card.is_changed());
        self.before.add(&card.before);
        self.after.add(card.after());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_values() {
        let mut found = Distribution::default();
        assert_eq!(found.quantile(50), None);
        for value in 0..=100 {
            found.add(Fixed::raw(value * 10));
        }
        let quantiles = [0, 10, 50, 90, 100].map(|per_cent| found.quantile(per_cent).unwrap().ten_thousandths());
        assert_eq!(quantiles, [0, 100, 500, 900, 1000]);
        let mut found = Distribution::default();
        for value in [-7, 3, i64::MAX, i64::MIN] {
            found.add(Fixed::raw(value));
        }
        assert_eq!(found.quantile(0), Some(Fixed::raw(i64::MIN)));
        assert_eq!(found.quantile(100), Some(Fixed::raw(i64::MAX)));
    }
}
