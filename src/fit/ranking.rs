//! How well doubtful characters are ranked, and how well pages are.

use super::{Judged, Proofread};
use crate::tree::probability;
use std::collections::HashSet;

/// Shares of the characters that a person may be willing to look at.
const LOOKED_AT: [f64; 4] = [0.005, 0.01, 0.02, 0.05];

/// How well characters of some pages are ranked by how likely they are misread.
#[derive(Debug, Clone, Default)]
pub struct Ranking {
    /// Han characters, and how many of them are misread.
    pub characters: usize,
    /// See above.
    pub wrong: usize,
    /// How many misread characters were doubted at all, and how many characters.
    pub reached: usize,
    /// See above.
    pub doubted: usize,
    /// Average precision: over all misread characters, the mean of the precision down to each.
    pub average_precision: f64,
    /// For half a per cent, one, two and five of the characters: precision of so many at the top; and the share of misreads that
    /// a person meets who looks at so many, none next to another, and sees one character on either side.
    pub at: [(f64, f64); 4],
    /// Precision down to where a fifth of the misreads are found.
    pub precision_at_fifth: f64,
    /// Spearman's rank correlation of the estimated with the true share over pages.
    pub pages: f64,
    /// The estimated and the true share.
    pub estimated: f64,
}

impl Ranking {
    /// Ranks the characters of `pages`, of which `judged` tells the doubtful ones.
    pub fn of(pages: &[(usize, &Proofread)], judged: &[Judged]) -> Ranking {
        let mut ranking = Ranking::default();
        // Page, number of the character, score, whether it is misread.
        let mut doubted: Vec<(usize, usize, i32, bool)> = Vec::new();
        let (mut shares, mut expected) = (Vec::new(), 0.0);
        for (number, &(document, page)) in pages.iter().enumerate() {
            let first = judged.partition_point(|one| one.document < document);
            let mut scores = judged[first..].iter().take_while(|one| one.document == document).peekable();
            let (mut here, mut wrong, mut sum) = (0, 0, 0.0);
            for (index, (at, is_wrong)) in page.characters().enumerate() {
                here += 1;
                wrong += usize::from(is_wrong);
                while scores.next_if(|one| one.at < at).is_some() {}
                if let Some(one) = scores.next_if(|one| one.at == at) {
                    doubted.push((number, index, one.score, is_wrong));
                    sum += f64::from(probability(one.score));
                }
            }
            ranking.characters += here;
            ranking.wrong += wrong;
            expected += sum;
            shares.push((sum / here.max(1) as f64, wrong as f64 / here.max(1) as f64));
        }
        ranking.estimated = expected / ranking.characters.max(1) as f64;
        ranking.doubted = doubted.len();
        ranking.reached = doubted.iter().filter(|one| one.3).count();
        doubted.sort_by_key(|one| (std::cmp::Reverse(one.2), one.0, one.1));
        let (mut found, mut precisions) = (0, 0.0);
        for (rank, _) in doubted.iter().enumerate().filter(|(_, one)| one.3) {
            found += 1;
            let precision = f64::from(found) / (rank + 1) as f64;
            precisions += precision;
            if found as usize * 5 >= ranking.wrong && ranking.precision_at_fifth == 0.0 {
                ranking.precision_at_fifth = precision;
            }
        }
        ranking.average_precision = precisions / ranking.wrong.max(1) as f64;
        for (slot, share) in ranking.at.iter_mut().zip(LOOKED_AT) {
            let most = ((ranking.characters as f64 * share) as usize).max(1);
            let top = &doubted[..most.min(doubted.len())];
            slot.0 = top.iter().filter(|one| one.3).count() as f64 / most as f64;
            slot.1 = touched(&doubted, most, ranking.wrong);
        }
        ranking.pages = spearman(&shares);
        ranking
    }
}

/// The share of misreads, doubted or not, that are within one character of the best `most`, none of which is beside another.
fn touched(doubted: &[(usize, usize, i32, bool)], most: usize, wrong: usize) -> f64 {
    let mut looked = HashSet::new();
    for &(page, at, ..) in doubted {
        if looked.len() == most {
            break;
        }
        if !looked.contains(&(page, at.wrapping_sub(1))) && !looked.contains(&(page, at + 1)) {
            looked.insert((page, at));
        }
    }
    let near = |page: usize, at: usize| [at.wrapping_sub(1), at, at + 1].iter().any(|&at| looked.contains(&(page, at)));
    let met = doubted.iter().filter(|one| one.3 && near(one.0, one.1)).count();
    met as f64 / wrong.max(1) as f64
}

/// Spearman's rank correlation.
fn spearman(pairs: &[(f64, f64)]) -> f64 {
    let ranks = |values: Vec<f64>| -> Vec<f64> {
        let mean = |value: f64| {
            let (below, same) = values
                .iter()
                .fold((0, 0), |(below, same), &other| (below + usize::from(other < value), same + usize::from(other == value)));
            below as f64 + (same as f64 - 1.0) / 2.0
        };
        values.iter().map(|&value| mean(value)).collect()
    };
    let (a, b) = (ranks(pairs.iter().map(|p| p.0).collect()), ranks(pairs.iter().map(|p| p.1).collect()));
    let middle = (pairs.len() as f64 - 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| (x - middle) * (y - middle)).sum::<f64>();
    let spread = (product(&a, &a) * product(&b, &b)).sqrt();
    if spread > 0.0 { product(&a, &b) / spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn ranks_are_compared() {
        assert_eq!(spearman(&[(1.0, 10.0), (2.0, 30.0), (3.0, 90.0)]), 1.0);
        assert_eq!(spearman(&[(1.0, 3.0), (2.0, 2.0), (3.0, 1.0)]), -1.0);
        assert_eq!(spearman(&[(1.0, 1.0)]), 0.0);
    }

    #[test]
    fn the_first_of_two_is_right() {
        let text = "河道通了水就来".to_owned();
        let page = Proofread {
            name: "a".into(),
            group: "a".into(),
            kind: "k".into(),
            text,
            wrong: vec![Span::new(3, 6)],
            ignored: vec![Span::new(18, 21)],
            weight: 1.0,
        };
        let judged = [(3, 2000), (12, 500)].map(|(at, score)| Judged { document: 0, at, score, join: at == 3 });
        let ranking = Ranking::of(&[(0, &page)], &judged);
        assert_eq!((ranking.characters, ranking.wrong, ranking.reached), (6, 1, 1));
        assert_eq!((ranking.average_precision, ranking.precision_at_fifth, ranking.at[1]), (1.0, 1.0, (1.0, 1.0)));
    }
}
