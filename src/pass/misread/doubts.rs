//! The doubtful characters of a page with how likely each is misread.

use super::{Misread, Quality};
use super::features::{NAMES, features};
use super::letters::Letters;
use super::places::{Gate, Judge, Place, Places, STRETCH};
use super::table::Confusions;
use crate::pass::page::Page;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::tree::{Forest, probability};
use serde::Deserialize;
use std::ops::Range;

/// The parameters of `garble/misread`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Params {
    /// The file of trees that weighs the evidence, from the folder of the rules.
    trees: String,
    /// The file of characters that are mistaken for others.
    confusions: String,
    gate: Gate,
    /// Doubts at least this sure are proposed anywhere.
    pub sure: f32,
    /// Doubts at least this sure are told of where the page is known to be bad,
    pub likely: f32,
    /// which it is when this share of its characters is likely misread.
    pub bad: f32,
    /// Of characters so near to each other one is told of.
    pub apart: usize,
}

/// What doubts are found by: one for all rules of a pipeline.
pub(in crate::pass) struct Doubter {
    /// None when nothing but features is asked for.
    trees: Option<Forest>,
    table: Confusions,
    gate: Gate,
}

/// The doubtful characters of a page.
pub(in crate::pass) struct Doubts {
    pub(super) letters: Letters,
    pub(super) places: Places,
    /// How likely each is misread.
    pub(super) probabilities: Vec<f32>,
    /// Where the text falls apart, in letters, ascending.
    pub(super) regions: Vec<Range<usize>>,
}

impl Doubter {
    /// Reads what `rule` names. Where nothing is to be weighed, the trees may be for another version.
    pub fn new(rule: &Rule, weighs: bool) -> Result<Doubter, RuleError> {
        let params: Params = rule.params()?;
        let text = if weighs { rule.data("trees", &params.trees)? } else { "".into() };
        let trees = Forest::parse(&text).map_err(|error| error.to_string()).and_then(|trees| {
            let same = trees.features().iter().map(String::as_str).eq(NAMES);
            if same { Ok(trees) } else { Err("the trees were fitted for other features than this version weighs".into()) }
        });
        let trees = trees.map(Some).or_else(|error| if weighs { Err(error) } else { Ok(None) }).map_err(|error: String| {
            rule.error("trees", format!("{}: {error}", params.trees), "make the file anew with `jiaokan fit --misreads`")
        })?;
        let table = Confusions::parse(&rule.data("confusions", &params.confusions)?).map_err(|line| {
            let title = format!("{}: line {line} is no row of characters", params.confusions);
            rule.error("confusions", title, "write the character read, what it was seen to stand for, and what it looks like")
        })?;
        Ok(Doubter { trees, table, gate: params.gate })
    }

    /// Which characters are mistaken for which.
    pub fn confusions(&self) -> &Confusions {
        &self.table
    }

    /// The doubtful characters of a page.
    pub fn doubts(&self, page: &Page<'_>) -> Doubts {
        let letters = Letters::of(page);
        let judge = Judge { table: &self.table, lexicon: page.lexicon, gate: self.gate };
        let mut wanted = judge.suspicious(&letters);
        let mut places = judge.places(&letters, &wanted);
        let mut probabilities = self.probabilities(&places);
        let mut expected = vec![0.0; letters.chars.len().div_ceil(STRETCH)];
        for (place, probability) in places.list.iter().zip(&probabilities) {
            expected[place.seq / STRETCH] += probability;
        }
        // What is bad is read again, with a closer look.
        let is_bad = |stretch: usize| expected[stretch] >= self.gate.bad;
        if (0..expected.len()).any(is_bad) {
            wanted.extend(judge.open(&letters, is_bad));
            wanted.sort_unstable();
            wanted.dedup();
            places = judge.places(&letters, &wanted);
            probabilities = self.probabilities(&places);
        }
        let regions = super::region::regions(&letters, &places);
        Doubts { letters, places, probabilities, regions }
    }

    fn probabilities(&self, places: &Places) -> Vec<f32> {
        let score = |trees: &Forest| (0..places.list.len()).map(|index| probability(trees.score(&features(places, index)))).collect();
        self.trees.as_ref().map_or_else(|| vec![0.0; places.list.len()], score)
    }

    /// The quality of a text, as a whole and page by page where form feeds part pages.
    pub fn quality(&self, page: &Page<'_>) -> (Quality, Vec<Quality>) {
        let doubts = self.doubts(page);
        let mut start = 0;
        let pages = page.text.split_inclusive('\u{C}').map(|text| {
            let span = Span::new(start, start + text.len());
            start = span.end;
            Quality::of(&doubts, span)
        });
        let pages = pages.collect();
        (Quality::of(&doubts, Span::new(0, page.text.len())), pages)
    }

    /// What rules are fitted on: the doubtful characters with their features.
    pub fn misreads(&self, page: &Page<'_>) -> Vec<Misread> {
        let judge = Judge { table: &self.table, lexicon: page.lexicon, gate: self.gate };
        let letters = Letters::of(page);
        let places = judge.places(&letters, &judge.open(&letters, |_| true));
        let misread = |(index, place): (usize, &Place)| {
            let values = features(&places, index).to_vec();
            Misread { span: place.span(), choice: place.choice, values }
        };
        places.list.iter().enumerate().map(misread).collect()
    }
}

impl Doubts {
    /// How many characters are expected to be misread.
    pub fn expected(&self) -> f32 {
        self.probabilities.iter().sum()
    }

    /// Whether a character stands where the text falls apart.
    pub fn in_region(&self, seq: usize) -> bool {
        let next = self.regions.partition_point(|region| region.end <= seq);
        self.regions.get(next).is_some_and(|region| region.start <= seq)
    }
}

impl Place {
    /// The character.
    pub(super) fn span(&self) -> Span {
        Span::new(self.at, self.at + self.c.len_utf8())
    }
}
