//! Dedupe: text that stands twice in a document. Copies are found in the characters of all lines, whatever the lines are, and what
//! goes is whole lines: a paragraph, a block of them, one that was wrapped anew or stands inside a longer one.

mod copy;
mod reading;
mod stream;

use super::Detector;
use super::alike::Alignment;
use super::misread::Doubter;
use super::page::{Page, Setting};
use crate::edit::{Applicability, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::lines::LineIndex;
use copy::{Copy, Strength, Surroundings};
use reading::Readings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::cmp::Reverse;
use std::sync::Arc;
use stream::Stream;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Shorter paragraphs are never compared, in characters that count.
    least: usize,
    /// Shorter paragraphs that end with a colon are never compared.
    announcing: usize,
    /// Shorter paragraphs go to review unless they stand close to their copy, or in a run of copies.
    alone: usize,
    /// Copies with at most this many paragraphs between them are close.
    close: usize,
    /// Copies with at most this many are near.
    near: usize,
    /// Copies farther apart than this many characters, about what a page holds, are no misreading: nobody reads that far back.
    apart: usize,
    /// Shorter copies that are not the same count only in a run of copies: parallel verses differ in a character or two.
    least_noisy: usize,
}

/// Removes copies.
pub(super) struct Copies {
    rule: Arc<Rule>,
    params: Params,
    doubter: Option<Arc<Doubter>>,
}

impl Copies {
    /// What `doubter` knows of misreads helps to tell which of two readings is one.
    pub(super) fn new(rule: Arc<Rule>, doubter: Option<Arc<Doubter>>) -> Result<Self, RuleError> {
        Ok(Copies { params: rule.params()?, rule, doubter })
    }
}

impl Detector for Copies {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut stream = Stream::of(page, self.params.least, self.params.announcing);
        let candidates = stream.candidates();
        if candidates.is_empty() {
            return Vec::new();
        }
        let repeats = stream.repeats(&candidates, self.params.near);
        let readings = Readings::new(page.lexicon, self.doubter.as_deref().map(Doubter::confusions));
        let surroundings = Surroundings { page, stream: &stream, readings: &readings, params: &self.params };
        let mut found: Vec<Alignment> = Vec::new();
        // Lines of which an earlier copy is known already.
        let mut known = vec![false; page.lines.len()];
        let mut copies: Vec<Copy> = Vec::new();
        for of_one in candidates.chunk_by(|a, b| a.later == b.later) {
            let later = of_one[0].later;
            if known[later] {
                continue;
            }
            // Of several that it may be a copy of, the one that it most surely is, and differs least from.
            let mut best: Option<Ranked> = None;
            for candidate in of_one {
                let inside = |a: &Alignment| a.a.contains(&candidate.at.0) && a.b.contains(&candidate.at.1);
                if found.iter().rev().take(RECENT).any(inside) {
                    continue;
                }
                let line = stream.line(later);
                let alignment = Alignment::around(&stream.chars, candidate.at, line.start, |at| stream.is_border(at));
                let copy = surroundings.judge(&alignment);
                if surroundings.lines_within(&alignment.turned()).is_none_or(|lines| !(lines.0..=lines.1).contains(&later)) {
                    copies.extend(copy);
                    found.push(alignment);
                    continue;
                }
                let rank = (copy.as_ref().map(|copy| copy.strength), Reverse(alignment.edited(&line)));
                if best.as_ref().is_none_or(|best| rank > best.0) {
                    best = Some((rank, alignment, copy));
                }
            }
            if let Some((_, alignment, copy)) = best {
                if let Some(lines) = surroundings.lines_within(&alignment.turned()) {
                    known[lines.0..=lines.1].fill(true);
                }
                copies.extend(copy);
                found.push(alignment);
            }
        }
        self.report(page, copies, repeats)
    }
}

/// What a line may be a copy of: how surely and how little it differs, where both stand, and what is to be done.
type Ranked = ((Option<Strength>, Reverse<usize>), Alignment, Option<Copy>);

/// Alignments that a candidate may be a part of: those of the lines just before it.
const RECENT: usize = 8;

impl Copies {
    /// Findings for copies. What stays for the sake of one is not taken out for the sake of another.
    fn report(&self, page: &Page<'_>, copies: Vec<Copy>, repeats: bool) -> Vec<Finding> {
        let starts = LineIndex::new(page.text);
        let mut gone = vec![false; page.lines.len()];
        let mut findings = Vec::new();
        // Manuals repeat sentences word for word from one option to the next.
        let manual = page.profile.setting == Setting::Wide;
        for copy in copies {
            let (from, to) = copy.lines;
            if gone[from..=to].contains(&true) || gone[copy.kept.0..=copy.kept.1].contains(&true) {
                continue;
            }
            let (limit, confidence) = match copy.strength {
                Strength::Sure if !manual => (Applicability::Auto, 0.98),
                Strength::Near if !manual && !repeats => (Applicability::Auto, 0.96),
                Strength::Sure | Strength::Near => (Applicability::Review, 0.8),
                Strength::Likely if !repeats => (Applicability::Review, 0.7),
                Strength::Variant if !repeats => (Applicability::Flag, 0.6),
                Strength::Likely | Strength::Variant => continue,
            };
            if limit < Applicability::Flag {
                gone[from..=to].fill(true);
            }
            let what = match to - from + 1 {
                _ if copy.tail.is_some() => "the end of this paragraph stands".to_owned(),
                1 => "this paragraph stands".to_owned(),
                count => format!("these {count} paragraphs stand"),
            };
            let line = starts.line(page.lines[copy.kept.0].raw.start) + 1;
            let message = format!("{what} twice: {} at line {line}", copy.how);
            let mut finding = self.rule.replace(copy.tail.unwrap_or_else(|| removal(page, from, to)), "", limit, message);
            finding.confidence = confidence;
            copy.evidence.into_iter().for_each(|reason| finding.evidence.push(reason));
            findings.push(finding);
        }
        findings
    }
}

/// The span that takes the lines `from..=to` out and leaves their neighbours parted as before.
pub(super) fn removal(page: &Page<'_>, from: usize, to: usize) -> Span {
    match (page.lines.get(to + 1), from.checked_sub(1)) {
        (Some(next), _) => Span::new(page.lines[from].raw.start, next.raw.start),
        (None, Some(previous)) => Span::new(page.lines[previous].raw.end, page.lines[to].raw.end),
        (None, None) => Span::new(page.lines[from].raw.start, page.lines[to].raw.end),
    }
}
