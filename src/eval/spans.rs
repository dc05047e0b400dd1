//! Marked spans against what was found.

use super::gold::Labelled;
use super::interval::{Share, f1};
use super::{Selection, place};
use crate::edit::{Finding, Revision, RuleId};
use crate::text::lines::CodePoints;
use std::collections::BTreeMap;
use std::ops::Range;

/// How what was found compares with what was marked.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    /// Findings that lie on a mark by half at least, of all that were found.
    pub precision: Share,
    /// Marks of which half at least was found.
    pub recall: Share,
    /// The same of characters: found and marked, of those found, and of those marked.
    pub characters: [Share; 2],
    /// Marks found, by their kind.
    pub kinds: BTreeMap<String, Share>,
    /// Findings that lie on a mark, by their rule.
    pub rules: BTreeMap<RuleId, Share>,
    /// Spans that must be left alone and that something was found in.
    pub touched: Share,
    /// What was found though nothing is marked there, and what was marked and not found.
    pub misses: Vec<Miss>,
}

/// An error.
#[derive(Debug, Clone, PartialEq)]
pub struct Miss {
    /// What kind of error.
    pub kind: MissKind,
    /// The document.
    pub document: String,
    /// Line and column, from 1.
    pub line: usize,
    /// See `line`; in code points.
    pub column: usize,
    /// What stands before, there, and after.
    pub excerpt: [String; 3],
}

/// Which way it went wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum MissKind {
    /// A finding of a rule, with its confidence, where nothing is marked.
    False(RuleId, f32),
    /// A mark of a kind that was not found.
    Missed(String),
    /// A finding of a rule in a span that must be left alone.
    Touched(RuleId),
}

/// Characters of an excerpt on either side.
const AROUND: usize = 14;
/// Characters of what is shown itself.
const SHOWN: usize = 30;

impl Spans {
    /// The harmonic mean of precision and recall.
    pub fn f1(&self) -> f64 {
        f1(self.precision.share().unwrap_or(0.0), self.recall.share().unwrap_or(0.0))
    }

    /// The same of characters.
    pub fn f1_of_characters(&self) -> f64 {
        let [precision, recall] = self.characters.map(|share| share.share().unwrap_or(0.0));
        f1(precision, recall)
    }

    pub(super) fn add(&mut self, other: Spans) {
        self.precision.add(other.precision);
        self.recall.add(other.recall);
        self.characters.iter_mut().zip(other.characters).for_each(|(share, more)| share.add(more));
        other.kinds.into_iter().for_each(|(kind, share)| self.kinds.entry(kind).or_default().add(share));
        other.rules.into_iter().for_each(|(rule, share)| self.rules.entry(rule).or_default().add(share));
        self.touched.add(other.touched);
        self.misses.extend(other.misses);
    }

    /// The most telling errors, `most` of each sort: false findings that were surest, misses of every kind in turn.
    pub fn telling(&self, most: usize) -> Vec<&Miss> {
        let mut wrong: Vec<&Miss> = self.misses.iter().filter(|miss| !matches!(miss.kind, MissKind::Missed(_))).collect();
        let surety = |miss: &Miss| match &miss.kind {
            MissKind::Touched(_) => f32::INFINITY,
            MissKind::False(_, confidence) => *confidence,
            MissKind::Missed(_) => 0.0,
        };
        wrong.sort_by(|a, b| surety(b).total_cmp(&surety(a)));
        wrong.truncate(most);
        let mut turns: BTreeMap<&str, usize> = BTreeMap::new();
        let mut missed: Vec<(usize, &Miss)> = Vec::new();
        for miss in &self.misses {
            if let MissKind::Missed(kind) = &miss.kind {
                let turn = turns.entry(kind).or_default();
                missed.push((*turn, miss));
                *turn += 1;
            }
        }
        missed.sort_by_key(|(turn, _)| *turn);
        wrong.extend(missed.into_iter().take(most).map(|(_, miss)| miss));
        wrong
    }
}

/// What is marked at a character.
const MARKED: u8 = 1;
/// What may be found there and need not be.
const OPTIONAL: u8 = 2;
const FOUND: u8 = 4;

/// A finding covers a mark when it covers half of it. Where something is missing, the characters beside it stand for it.
pub(super) fn judge(labelled: &Labelled, revision: &Revision, selection: &Selection) -> Spans {
    let points = CodePoints::new(&labelled.text);
    let length = labelled.text.chars().count();
    let mut chars = vec![0u8; length + 2];
    let set = |chars: &mut [u8], range: Range<usize>, bit: u8| chars[range].iter_mut().for_each(|c| *c |= bit);
    let mut wanted: Vec<(Range<usize>, &str, bool)> = Vec::new();
    for gold in &labelled.gold {
        let Range { start, end } = gold.place;
        let beside = start.saturating_sub(1)..start + 1;
        if !selection.wants(&gold.kind) {
            let from = if start == end { beside.start } else { start };
            set(&mut chars, from..end.max(start + 1), OPTIONAL);
        } else if start == end {
            set(&mut chars, beside.start..start + 1, OPTIONAL);
            wanted.push((beside, &gold.kind, true));
        } else {
            set(&mut chars, start..end, MARKED);
            wanted.push((start..end, &gold.kind, false));
        }
    }
    let findings: Vec<(&Finding, Range<usize>)> = revision
        .findings
        .iter()
        .filter(|finding| selection.counts(&finding.rule))
        .map(|finding| (finding, place(&points, finding.span)))
        .collect();
    findings.iter().for_each(|(_, place)| set(&mut chars, place.clone(), FOUND));

    let count = |range: Range<usize>, bits: u8| chars[range].iter().filter(|&&c| c & bits != 0).count();
    let mut spans = Spans::default();
    let miss = |kind, range: &Range<usize>| excerpt(labelled, kind, range);
    for (range, kind, missing) in &wanted {
        let covered = count(range.clone(), FOUND);
        let hit = if *missing { covered >= 1 } else { covered * 2 >= range.len() };
        spans.recall.count(hit);
        spans.kinds.entry((*kind).to_owned()).or_default().count(hit);
        if !hit {
            spans.misses.push(miss(MissKind::Missed((*kind).to_owned()), range));
        }
    }
    for (finding, range) in findings.iter().filter(|(_, range)| !range.is_empty()) {
        let good = count(range.clone(), MARKED | OPTIONAL) * 2 >= range.len();
        spans.precision.count(good);
        spans.rules.entry(finding.rule.clone()).or_default().count(good);
        if !good {
            spans.misses.push(miss(MissKind::False(finding.rule.clone(), finding.confidence), range));
        }
    }
    for c in &chars[..length] {
        let (found, marked) = (c & FOUND != 0, c & MARKED != 0);
        if found && (marked || c & OPTIONAL == 0) {
            spans.characters[0].count(marked);
        }
        if marked && (found || c & OPTIONAL == 0) {
            spans.characters[1].count(found);
        }
    }
    for range in &labelled.keep {
        let touched = count(range.clone(), FOUND) > 0;
        spans.touched.count(touched);
        let by = findings.iter().find(|(_, place)| place.start < range.end && range.start < place.end);
        if let Some((finding, place)) = by.filter(|_| touched) {
            spans.misses.push(miss(MissKind::Touched(finding.rule.clone()), place));
        }
    }
    spans
}

fn excerpt(labelled: &Labelled, kind: MissKind, range: &Range<usize>) -> Miss {
    let mut chars = labelled.text.chars();
    let (mut line, mut column) = (1, 1);
    let mut before: Vec<char> = Vec::new();
    for c in chars.by_ref().take(range.start) {
        (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        before.push(c);
    }
    let flat = |c: char| if c == '\n' { '⏎' } else { c };
    let before = before.iter().skip(before.len().saturating_sub(AROUND)).map(|&c| flat(c)).collect();
    let all: Vec<char> = chars.by_ref().take(range.len()).map(flat).collect();
    let shown = match all.as_slice() {
        all if all.len() > SHOWN => all[..SHOWN / 2].iter().chain(&['…']).chain(&all[all.len() - SHOWN / 2..]).collect(),
        all => all.iter().collect(),
    };
    let after = chars.take(AROUND).map(flat).collect();
    Miss { kind, document: labelled.name.clone(), line, column, excerpt: [before, shown, after] }
}
