//! The doubtful characters of a page with how likely each is misread.

use super::bonds::Bonds;
use super::features::{Features, NAMES, features};
use super::letters::Letters;
use super::places::{Gate, Judge, Place, Places, STRETCH, Suspects};
use super::table::Confusions;
use super::{Misread, Quality};
use crate::pass::page::Page;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::tree::{Forest, Plan, probability};
use schemars::JsonSchema;
use serde::Deserialize;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The parameters of `garble/misread`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Params {
    /// The file of trees that weighs the evidence, from the folder of the rules.
    trees: String,
    /// The file of characters that are mistaken for others.
    confusions: String,
    gate: Gate,
    /// Told of anywhere are characters that are so likely misread, whatever the page, and that likely on it.
    pub sure: [f32; 2],
    /// Where the page is known to be bad, those are that are that likely misread on it.
    pub likely: f32,
    /// A document is bad when this share of its characters is likely misread.
    pub bad: f64,
    /// And so many surely are.
    pub proofs: usize,
    /// At least one of so many.
    pub proved: usize,
    /// Of characters so near to each other one is told of.
    pub apart: usize,
}

/// What is less likely misread does not tell whether a stretch is bad.
const STRONG: f32 = 0.3;

/// Of how many places, and of how many misread ones, a page is taken to have that has none.
const UNKNOWN: (f64, f64) = (30.0, 0.3);

/// Times that the share of a page is estimated anew; it hardly moves after so many.
const TURNS: usize = 30;

/// What probabilities become on a page where misreads are more, or less, common than where they were learnt: the share that
/// makes the most of all of them is found by expectation and maximisation (Saerens, Latinne and Decaestecker, 2002).
fn adjusted(probabilities: &[f32], usual: f32) -> Vec<f32> {
    let odds = |p: f64| p / (1.0 - p);
    let usual = f64::from(usual);
    let ratios: Vec<f64> = probabilities.iter().map(|&p| odds(f64::from(p).clamp(1e-4, 1.0 - 1e-4)) / odds(usual)).collect();
    let (mut share, mut here) = (usual, Vec::new());
    for _ in 0..TURNS {
        here = ratios.iter().map(|ratio| share * ratio / (share * ratio + 1.0 - share)).collect();
        share = (here.iter().sum::<f64>() + UNKNOWN.1) / (here.len() as f64 + UNKNOWN.0 + UNKNOWN.1);
    }
    here.into_iter().map(|p| p as f32).collect()
}

/// So few places are weighed faster one by one,
const FEW: usize = 24;
/// and so many together.
const BLOCK: usize = 4096;

/// Trees made ready, and how likely a doubtful character was misread where they were fitted.
struct Trees {
    forest: Forest,
    plan: Plan,
    usual: f32,
}

/// What doubts are found by: one for all rules of a pipeline.
pub(in crate::pass) struct Doubter {
    /// None when nothing but features is asked for.
    trees: Option<Trees>,
    table: Confusions,
    gate: Gate,
    bonds: OnceLock<Arc<Bonds>>,
}

/// The doubtful characters of a page.
pub(in crate::pass) struct Doubts {
    pub(super) letters: Letters,
    pub(super) places: Places,
    /// How likely each is misread, on a page of which nothing else is known, and on this one.
    pub(super) probabilities: Vec<f32>,
    pub(super) here: Vec<f32>,
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
        let trees = trees.map(|forest| Trees { plan: Plan::new(&forest), usual: probability(forest.bias()), forest });
        Ok(Doubter { trees, table, gate: params.gate, bonds: OnceLock::new() })
    }

    /// Which characters are mistaken for which.
    pub fn confusions(&self) -> &Confusions {
        &self.table
    }

    /// The doubtful characters of a page: the few that may be told of, or `all`, which tell of the page.
    pub fn doubts(&self, page: &Page<'_>, all: bool) -> Doubts {
        let letters = Letters::of(page);
        let bonds = self.bonds(page);
        let judge = self.judge(page, &bonds);
        let Suspects { doubtful: mut wanted, senseless, unseen } = judge.suspects(&letters);
        let mut places = judge.places(&letters, &wanted, unseen, Vec::new());
        let mut probabilities = self.probabilities(&places);
        let mut expected = vec![0.0; letters.chars.len().div_ceil(STRETCH)];
        for (place, probability) in places.list.iter().zip(&probabilities) {
            if *probability >= STRONG {
                expected[place.seq / STRETCH] += probability;
            }
        }
        // What is bad is read again, with a closer look.
        let is_bad = |stretch: usize| all || expected[stretch] >= self.gate.bad;
        if (0..expected.len()).any(is_bad) {
            wanted.extend(judge.open(&letters, is_bad));
            wanted.sort_unstable();
            wanted.dedup();
            places = judge.places(&letters, &wanted, unseen, places.list);
            probabilities = self.probabilities(&places);
        }
        let regions = judge.regions(&letters, &senseless);
        let usual = self.trees.as_ref().map_or(0.5, |trees| trees.usual);
        let here = adjusted(&probabilities, usual);
        Doubts { letters, places, probabilities, here, regions }
    }

    /// Those of the lexicon of a page: in a pipeline it is always the same.
    fn bonds(&self, page: &Page<'_>) -> Arc<Bonds> {
        let new = || Arc::new(Bonds::new(page.lexicon, &self.table, &self.gate));
        let first = self.bonds.get_or_init(new);
        if first.are_of(page.lexicon) { first.clone() } else { new() }
    }

    fn judge<'j>(&'j self, page: &Page<'j>, bonds: &'j Bonds) -> Judge<'j> {
        Judge { table: &self.table, lexicon: page.lexicon, bonds, gate: self.gate }
    }

    fn probabilities(&self, places: &Places) -> Vec<f32> {
        let Some(trees) = &self.trees else { return vec![0.0; places.list.len()] };
        if places.list.len() < FEW {
            let score = |index| probability(trees.forest.score(&features(places, index)));
            return (0..places.list.len()).map(score).collect();
        }
        let mut scores = Vec::new();
        // Rows are many and wide where the text is bad: a block at a time.
        for first in (0..places.list.len()).step_by(BLOCK) {
            let rows: Vec<Features> =
                (first..places.list.len().min(first + BLOCK)).map(|index| features(places, index)).collect();
            trees.plan.scores(&rows, &mut scores);
        }
        scores.into_iter().map(probability).collect()
    }

    /// The quality of a text, as a whole and page by page where form feeds part pages.
    pub fn quality(&self, page: &Page<'_>) -> (Quality, Vec<Quality>) {
        let doubts = self.doubts(page, true);
        let mut start = 0;
        let pages = page.text.split_inclusive('\u{C}').map(|text| {
            let span = Span::new(start, start + text.len());
            start = span.end;
            Quality::of(&doubts, span)
        });
        let pages = pages.collect();
        (Quality::of(&doubts, Span::new(0, page.text.len())), pages)
    }

    /// The share of misread characters, of what may be told of alone: a cheaper estimate, and a lower one.
    pub fn share(&self, page: &Page<'_>) -> f64 {
        Quality::of(&self.doubts(page, false), Span::new(0, page.text.len())).share
    }

    /// What rules are fitted on: the doubtful characters with their features.
    pub fn misreads(&self, page: &Page<'_>) -> Vec<Misread> {
        let bonds = self.bonds(page);
        let judge = self.judge(page, &bonds);
        let letters = Letters::of(page);
        let unseen = judge.suspects(&letters).unseen;
        let places = judge.places(&letters, &judge.open(&letters, |_| true), unseen, Vec::new());
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
        self.here.iter().fold(0.0, |sum, p| sum + p)
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
