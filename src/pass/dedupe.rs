//! Dedupe: paragraphs that stand twice in a document. Runs of them are judged as one, and the copy stays that reads on from its
//! neighbours.

use super::Detector;
use super::alike::{Comparison, Likeness, Skeleton, compare};
use super::page::{End, Page, Setting};
use super::seam::across;
use crate::edit::{Applicability, Finding};
use crate::lexicon::Lexicon;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::is_han;
use crate::text::lines::LineIndex;
use serde::Deserialize;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Shorter paragraphs are never compared, in characters that count.
    least: usize,
    /// Shorter paragraphs that end with a colon are never compared.
    announcing: usize,
    /// Shorter paragraphs go to review unless they stand close to their copy, or in a run of copies.
    alone: usize,
    /// Copies at most this many paragraphs apart are close.
    close: usize,
    /// Copies farther apart than this many characters, about what a page holds, are no misreading: nobody reads that far back.
    apart: usize,
    /// Shorter copies that are not the same count only in a run of copies: parallel verses differ in a character or two.
    least_noisy: usize,
    /// Paragraphs in a run of copies may be this short.
    least_in_run: usize,
    /// How alike paragraphs beside a copy must be to belong to its run (normalised Levenshtein).
    alike_in_run: f64,
    /// Whether noisy copies are removed or proposed.
    noisy: Applicability,
    /// Whether copies that lack their head or tail are removed or proposed.
    cut: Applicability,
}

/// Removes copies.
pub(super) struct Copies {
    rule: Arc<Rule>,
    params: Params,
}

/// A paragraph that can be compared.
struct Unit {
    line: usize,
    skeleton: Skeleton,
}

/// Two lines that are copies.
#[derive(Debug, Clone, Copy)]
struct Pair {
    first: usize,
    second: usize,
    comparison: Comparison,
    chars: usize,
}

/// Characters of the sequences by which candidates are found.
const SHINGLE: usize = 4;
/// A sequence in more paragraphs than this says nothing.
const COMMONEST: usize = 12;
/// Candidates compared for one paragraph.
const MOST_CANDIDATES: usize = 4;
/// Longer paragraphs are only found when they are the same.
const LONGEST: usize = 4000;

impl Copies {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(Copies { params: rule.params()?, rule })
    }

    fn units(&self, page: &Page<'_>) -> Vec<Unit> {
        let wanted = page.lines.iter().enumerate().filter(|(_, l)| !l.markup && !l.byline && l.chars >= self.params.least);
        wanted
            .map(|(line, l)| Unit { line, skeleton: Skeleton::of(page.text_of(l)) })
            .filter(|unit| {
                let least = if page.lines[unit.line].end == End::Colon { self.params.announcing } else { self.params.least };
                unit.skeleton.len() >= least && unit.skeleton.is_mostly_han()
            })
            .collect()
    }

    fn pairs(&self, lexicon: &Lexicon, units: &[Unit]) -> Vec<Pair> {
        let pair = |other: usize, index: usize, comparison| Pair {
            first: units[other].line,
            second: units[index].line,
            comparison,
            chars: units[index].skeleton.len().min(units[other].skeleton.len()),
        };
        let mut pairs: Vec<Pair> = Vec::new();
        let mut seen: HashMap<&Skeleton, usize> = HashMap::new();
        let mut fresh: Vec<usize> = Vec::new();
        for (index, unit) in units.iter().enumerate() {
            let same = Comparison { likeness: Likeness::Same, edits: 0, numeric: false, at_edge: false, first_worse: 0 };
            match seen.entry(&unit.skeleton) {
                Entry::Occupied(earlier) => pairs.push(pair(*earlier.get(), index, same)),
                Entry::Vacant(place) => {
                    place.insert(index);
                    if unit.skeleton.len() <= LONGEST {
                        fresh.push(index);
                    }
                }
            }
        }
        let mut candidates = candidates(units, &fresh);
        candidates.sort_unstable_by(|a, b| (a.later, b.shared, b.earlier).cmp(&(b.later, a.shared, a.earlier)));
        for of_one in candidates.chunk_by(|a, b| a.later == b.later) {
            let compared = of_one
                .iter()
                .take(MOST_CANDIDATES)
                .map(|c| pair(c.earlier, c.later, compare(lexicon, &units[c.earlier].skeleton, &units[c.later].skeleton)));
            let alike = compared.filter(|p| p.comparison.likeness != Likeness::Different);
            pairs.extend(alike.min_by_key(|p| (p.comparison.edits, p.second - p.first)));
        }
        pairs
    }

    /// Adds the lines before and after a pair that are alike too, though shorter than what is compared alone. Beside a sure copy,
    /// a character more or less at the beginning or end is noise.
    fn extend(&self, page: &Page<'_>, pairs: &mut Vec<Pair>) {
        let mut known: HashMap<usize, usize> = pairs.iter().map(|p| (p.second, p.first)).collect();
        let sure: HashSet<(usize, usize)> = pairs
            .iter()
            .filter(|p| matches!(p.comparison.likeness, Likeness::Same | Likeness::Noisy | Likeness::Cut))
            .map(|p| (p.first, p.second))
            .collect();
        for pair in pairs.iter_mut().filter(|p| !p.comparison.numeric && p.comparison.at_edge) {
            let neighbours = [(pair.first.wrapping_sub(1), pair.second.wrapping_sub(1)), (pair.first + 1, pair.second + 1)];
            if matches!(pair.comparison.likeness, Likeness::Variant | Likeness::Unsure)
                && neighbours.iter().any(|n| sure.contains(n))
            {
                pair.comparison.likeness = Likeness::Noisy;
            }
        }
        let mut at = 0;
        while at < pairs.len() {
            let Pair { first, second, .. } = pairs[at];
            at += 1;
            for (a, b) in [(first.wrapping_sub(1), second.wrapping_sub(1)), (first + 1, second + 1)] {
                if a >= page.lines.len() || b >= page.lines.len() || a >= b || a == second || b == first || known.contains_key(&b)
                {
                    continue;
                }
                let [x, y] = [a, b].map(|i| Skeleton::of(page.text_of(&page.lines[i])));
                let short = x.len().min(y.len());
                if short < self.params.least_in_run || short > LONGEST || page.lines[a].markup || page.lines[b].markup {
                    continue;
                }
                let long = x.len().max(y.len());
                let alike = 1.0 - strsim::generic_levenshtein(&x.0, &y.0) as f64 / long as f64;
                if alike >= self.params.alike_in_run {
                    let mut comparison = compare(page.lexicon, &x, &y);
                    match comparison.likeness {
                        Likeness::Same | Likeness::Noisy => {}
                        _ if comparison.at_edge && !comparison.numeric => comparison.likeness = Likeness::Noisy,
                        _ => continue,
                    }
                    known.insert(b, a);
                    pairs.push(Pair { first: a, second: b, comparison, chars: short });
                }
            }
        }
        pairs.sort_by_key(|p| (p.second, p.first));
    }

    /// How well the lines `from..=to` read on from what stands before and into what stands after. That a `cut` copy breaks off says
    /// nothing: only a word that runs into it speaks for it.
    fn reads_on(page: &Page<'_>, (from, to): (usize, usize), cut: bool) -> (i32, Option<String>) {
        let mut score = 0;
        let mut word = None;
        let mut seam = |a: usize, b: usize| {
            let (left, right) = (&page.lines[a], &page.lines[b]);
            let unfinished = matches!(left.end, End::Han | End::Comma | End::Alnum) && !left.caption && !left.byline;
            if !unfinished {
                return;
            }
            score += if cut || page.headline_like(a) { 0 } else { 2 };
            if let ([_, strong], Some(found)) = across(page.lexicon, page.text_of(left), page.text_of(right)) {
                score += 1 + (strong as i32) * 2;
                word.get_or_insert(found);
            }
        };
        if from > 0 {
            seam(from - 1, from);
        }
        if to + 1 < page.lines.len() && !cut {
            seam(to, to + 1);
        }
        (score, word)
    }

    /// Whether the document repeats itself by intent, as manuals do from one entry to the next: a paragraph stands in three places.
    /// What follows itself is a loop, and one place.
    fn repeats(units: &[Unit]) -> bool {
        let mut places: HashMap<&Skeleton, (usize, usize)> = HashMap::new();
        units.iter().enumerate().any(|(index, unit)| {
            let place = places.entry(&unit.skeleton).or_insert((1, index));
            place.0 += usize::from(index > place.1 + 1);
            place.1 = index;
            place.0 > 2
        })
    }

    fn judge(&self, page: &Page<'_>, starts: &LineIndex, run: &[Pair], repeats: bool) -> Option<Finding> {
        let (head, tail) = (run.first()?, run.last()?);
        let first = (head.first, tail.first);
        let second = (head.second, tail.second);
        let first_worse: i32 = run.iter().map(|p| p.comparison.first_worse.signum()).sum();
        let chars = |(from, to): (usize, usize)| page.lines[from..=to].iter().map(|l| l.chars).sum::<usize>() as i32;
        let cut = run.iter().any(|p| p.comparison.likeness == Likeness::Cut);
        let (first_reads, first_word) = Copies::reads_on(page, first, cut);
        let (second_reads, second_word) = Copies::reads_on(page, second, cut);
        // A cut copy stops in mid-sentence; a sentence that ends is a sentence, and its longer twin says more.
        let whole_sentence =
            cut && run.iter().all(|p| page.lines[p.first].end == End::Sentence && page.lines[p.second].end == End::Sentence);
        // Continuity with the neighbours first, then completeness, then defects; else the earlier copy stays.
        let (drop_first, reason) = if first_reads != second_reads {
            let word = if second_reads > first_reads { second_word } else { first_word };
            let joined = word.map_or_else(String::new, |w| format!(" (`{w}` runs across)"));
            (second_reads > first_reads, format!("the other copy reads on from its neighbours{joined}"))
        } else if cut && chars(first) != chars(second) {
            (chars(second) > chars(first), "the other copy is complete".to_owned())
        } else if first_worse != 0 {
            (first_worse > 0, "the other copy has fewer misreads".to_owned())
        } else {
            (false, "the other copy stands first".to_owned())
        };
        let ((from, to), (kept, _)) = if drop_first { (first, second) } else { (second, first) };
        if cut && from == to && kept == from + 1 && is_heading_of(page, from, kept) {
            return None;
        }

        let longest = run.iter().map(|p| p.chars).max().unwrap_or(0);
        let distance = second.0 - first.1;
        let sentences = page.lines[from..=to].iter().any(|l| l.end == End::Sentence && !page.text_of(l).ends_with(['？', '?']));
        let in_all: usize = run.iter().map(|p| p.chars).sum();
        let well_placed = longest >= self.params.alone
            || sentences && distance <= self.params.close
            || run.len() > 1 && in_all >= self.params.alone;
        let worst = run.iter().map(|p| p.comparison.likeness).fold(Likeness::Same, |worst, l| match (worst, l) {
            (Likeness::Variant, _) | (_, Likeness::Variant) => Likeness::Variant,
            (Likeness::Unsure, _) | (_, Likeness::Unsure) => Likeness::Unsure,
            (Likeness::Cut, _) | (_, Likeness::Cut) => Likeness::Cut,
            (Likeness::Noisy, _) | (_, Likeness::Noisy) => Likeness::Noisy,
            _ => Likeness::Same,
        });
        let (mut limit, how, confidence) = match worst {
            Likeness::Same => (Applicability::Auto, "the same", 0.99),
            Likeness::Noisy => (self.params.noisy, "the same but for misread characters", 0.97),
            Likeness::Cut => (self.params.cut, "the same, cut short", 0.96),
            Likeness::Unsure => (Applicability::Review, "the same but for characters that may be misread", 0.8),
            _ => (Applicability::Flag, "nearly the same, and both read well", 0.6),
        };
        let between = page.lines[second.0].raw.start - page.lines[first.1].raw.end;
        let far = between > self.params.apart * '一'.len_utf8();
        let parallel = worst != Likeness::Same && run.len() == 1 && longest < self.params.least_noisy;
        if far || parallel || repeats {
            return None;
        }
        // The items of one list end alike, so the shorter one looks like a copy that lost its head.
        let item = cut && page.lines[from..=to].iter().any(|line| line.list_item);
        // Manuals repeat sentences word for word from one option to the next.
        let manual = page.profile.setting == Setting::Wide;
        if !well_placed || item || manual || whole_sentence && longest < self.params.alone {
            limit = limit.max(Applicability::Review);
        }
        let count = to - from + 1;
        let what = if count == 1 { "this paragraph stands".to_owned() } else { format!("these {count} paragraphs stand") };
        let message = format!("{what} twice: {how} at line {}", starts.line(page.lines[kept].raw.start) + 1);
        let mut finding = self.rule.replace(removal(page, from, to), "", limit, message);
        finding.confidence = if well_placed { confidence } else { confidence * 0.7 };
        finding.evidence.push(reason);
        let differ = run.iter().map(|p| p.comparison.edits).sum::<usize>();
        finding.evidence.push(format!("{longest} characters, {differ} differ"));
        Some(finding)
    }
}

/// Two units that share enough sequences to be compared.
struct Candidate {
    earlier: usize,
    later: usize,
    shared: usize,
}

/// Finds candidates by sorting: all sequences of [`SHINGLE`] characters with their units, then all pairs of units that share one.
fn candidates(units: &[Unit], fresh: &[usize]) -> Vec<Candidate> {
    let mut shingles: Vec<(u64, u32)> = Vec::new();
    for &index in fresh {
        // Sixteen bits a character: what lies beyond the basic plane only ever makes a few candidates more.
        let key = |window: &[char]| window.iter().fold(0u64, |key, &c| key << 16 | (c as u64 & 0xFFFF));
        shingles.extend(units[index].skeleton.0.windows(SHINGLE).map(|window| (key(window), index as u32)));
    }
    shingles.sort_unstable();
    shingles.dedup();
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    for holders in shingles.chunk_by(|a, b| a.0 == b.0).filter(|holders| (2..=COMMONEST).contains(&holders.len())) {
        for (n, later) in holders.iter().enumerate() {
            pairs.extend(holders[..n].iter().map(|earlier| (later.1, earlier.1)));
        }
    }
    pairs.sort_unstable();
    let windows = |index: usize| units[index].skeleton.len().saturating_sub(SHINGLE - 1);
    pairs
        .chunk_by(|a, b| a == b)
        .map(|equal| Candidate { earlier: equal[0].1 as usize, later: equal[0].0 as usize, shared: equal.len() })
        .filter(|c| c.shared * 3 >= windows(c.earlier).min(windows(c.later)))
        .collect()
}

/// Whether a line is the headline that the next one repeats: a clause of it.
fn is_heading_of(page: &Page<'_>, line: usize, next: usize) -> bool {
    let heading = Skeleton::of(page.text_of(&page.lines[line])).len();
    let counts = |c: char| is_han(c) || c.is_alphanumeric();
    let mut lead = page.text_of(&page.lines[next]).chars();
    let clause = heading > 0 && lead.by_ref().filter(|&c| counts(c)).nth(heading - 1).is_some();
    clause && page.headline_like(line) && lead.next().is_some_and(|c| !counts(c))
}

/// The span that takes the lines `from..=to` out and leaves their neighbours parted as before.
pub(super) fn removal(page: &Page<'_>, from: usize, to: usize) -> Span {
    match (page.lines.get(to + 1), from.checked_sub(1)) {
        (Some(next), _) => Span::new(page.lines[from].raw.start, next.raw.start),
        (None, Some(previous)) => Span::new(page.lines[previous].raw.end, page.lines[to].raw.end),
        (None, None) => Span::new(page.lines[from].raw.start, page.lines[to].raw.end),
    }
}

impl Detector for Copies {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let units = self.units(page);
        if units.len() < 2 {
            return Vec::new();
        }
        let mut pairs = self.pairs(page.lexicon, &units);
        if pairs.is_empty() {
            return Vec::new();
        }
        self.extend(page, &mut pairs);
        let starts = LineIndex::new(page.text);
        let repeats = Copies::repeats(&units);
        let mut findings = Vec::new();
        let mut from = 0;
        while from < pairs.len() {
            let mut to = from + 1;
            let follows = |a: &Pair, b: &Pair| b.first == a.first + 1 && b.second == a.second + 1 && b.first < pairs[from].second;
            while to < pairs.len() && follows(&pairs[to - 1], &pairs[to]) {
                to += 1;
            }
            findings.extend(self.judge(page, &starts, &pairs[from..to], repeats));
            from = to;
        }
        findings
    }
}
