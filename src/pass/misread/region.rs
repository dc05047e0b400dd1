//! Regions where recognition fell apart: one finding instead of hundreds.

use super::doubts::Doubter;
use super::letters::Letters;
use super::places::Judge;
use crate::edit::Finding;
use crate::lexicon::model::{BIT, EDGE, Model};
use crate::pass::Detector;
use crate::pass::page::Page;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::{is_cjk_punctuation, is_han};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::ops::Range;
use std::sync::Arc;

/// What a character costs in a text that fell apart over one in a text that did not: above this, it speaks for the former.
const USUAL: i32 = 11 * BIT;
/// What a character that is in its place speaks against it.
const IN_PLACE: i32 = -4 * BIT;
/// What a mark or letter speaks for it that stands between Han and belongs to no word, number or sentence.
const STRAY: i32 = 4 * BIT;
/// What the end of a line speaks against it: most regions are whole lines.
const BETWEEN: i32 = -12 * BIT;
/// Characters beside a senseless stretch that may belong to its region.
const BESIDE: usize = 15;
/// What all of a region must say together.
const ENOUGH: i32 = 60 * BIT;

/// What each letter of a region must say on average.
const DENSE: i32 = BIT / 2;
/// Characters of the longest clause of verse, and one more.
const LONGEST_FOOT: usize = 8;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Characters of a region, at least.
    least: usize,
    /// Particles of classical Chinese, whose words are seldom common together.
    particles: String,
    /// Text in which one of so many characters is a particle makes sense.
    one_of: usize,
}

/// Regions where the text fell apart.
pub(in crate::pass) struct GarbledRegions {
    rule: Arc<Rule>,
    params: Params,
    doubter: Arc<Doubter>,
}

impl GarbledRegions {
    pub(in crate::pass) fn new(rule: Arc<Rule>, doubter: Arc<Doubter>) -> Result<Self, RuleError> {
        Ok(GarbledRegions { params: rule.params()?, doubter, rule })
    }
}

impl Detector for GarbledRegions {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let doubts = page.doubts(&self.doubter);
        let letters = &doubts.letters;
        let classical = |region: &Range<usize>| {
            let chars = &letters.chars[region.clone()];
            chars.iter().filter(|&&c| self.params.particles.contains(c)).count() * self.params.one_of >= chars.len()
        };
        let long = doubts.regions.iter().filter(|region| region.len() >= self.params.least && !classical(region));
        let finding = |region: &Range<usize>| {
            let last = region.end - 1;
            let span = Span::new(letters.at[region.start] as usize, letters.at[last] as usize + letters.chars[last].len_utf8());
            self.rule.flag(span, format!("{} characters make no sense together", region.len()))
        };
        long.map(finding).collect()
    }
}

fn stray(letters: &Letters, index: usize) -> i32 {
    let at = |index: Option<usize>| index.and_then(|index| letters.chars.get(index)).copied().unwrap_or(EDGE);
    let (before, c, after) = (at(index.checked_sub(1)), letters.chars[index], at(Some(index + 1)));
    match c {
        EDGE => BETWEEN,
        c if is_han(c) => IN_PLACE,
        c if is_cjk_punctuation(c) && is_cjk_punctuation(before) => STRAY / 2,
        c if is_cjk_punctuation(c) => 0,
        _ if is_han(before) && is_han(after) => STRAY,
        _ => 0,
    }
}

/// Whether most clauses have the same few characters, as verse and couplets have, and rhymed prose: hardly any two of their
/// words are common together, and yet they make sense.
fn is_measured(letters: &[char]) -> bool {
    let mut lengths = [0usize; LONGEST_FOOT + 1];
    let mut clauses = 0;
    for clause in letters.split(|&c| !is_han(c)).filter(|clause| !clause.is_empty()) {
        clauses += 1;
        lengths[clause.len().min(LONGEST_FOOT)] += 1;
    }
    let common = lengths[3..LONGEST_FOOT].iter().max().copied().unwrap_or(0);
    clauses >= 2 && common * 2 >= clauses
}

impl Judge<'_> {
    /// Where the text falls apart: the parts of `senseless` stretches whose letters say so together, as long as they say more.
    pub(super) fn regions(&self, letters: &Letters, senseless: &[Range<usize>]) -> Vec<Range<usize>> {
        let mut regions: Vec<Range<usize>> = Vec::new();
        for stretch in senseless {
            let from = stretch.start.saturating_sub(BESIDE).max(regions.last().map_or(0, |last| last.end));
            let stretch = from..(stretch.end + BESIDE).min(letters.chars.len());
            self.regions_of(letters, stretch, &mut regions);
        }
        regions
    }

    fn regions_of(&self, letters: &Letters, stretch: Range<usize>, regions: &mut Vec<Range<usize>>) {
        let model = Model::builtin();
        let mut loose = self.loose(letters, stretch.clone()).map(|(index, _)| index).peekable();
        let (mut sum, mut best, mut start, mut end) = (0, 0, 0, 0);
        for index in stretch.clone() {
            // What each letter says for it.
            let weight = match loose.next_if_eq(&index) {
                Some(_) => (self.own_cost(&model, letters, index) - USUAL).clamp(IN_PLACE, 8 * BIT),
                None => stray(letters, index),
            };
            if sum == 0 {
                (start, best, end) = (index, 0, index);
            }
            sum = (sum + weight).max(0);
            if sum > best {
                (best, end) = (sum, index + 1);
            }
            // What went down as far as it had to rise does not come back.
            if sum == 0 || best - sum >= ENOUGH || index + 1 == stretch.end {
                if best >= ENOUGH && best >= DENSE * (end - start) as i32 && !is_measured(&letters.chars[start..end]) {
                    regions.push(start..end);
                }
                (sum, best) = (0, 0);
            }
        }
    }
}
