//! Strip: blocks of advertisements. Folio marks and prompts are patterns in the rule files.

use super::Detector;
use super::dedupe::removal;
use super::page::{End, Line, Page};
use crate::edit::{Applicability, Finding};
use crate::rule::{Regexes, Rule, RuleError};
use serde::Deserialize;
use std::sync::Arc;

/// One kind of evidence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Evidence {
    /// What it is called in findings.
    kind: String,
    /// Points for a line that holds it.
    weight: f32,
    /// Any of these.
    patterns: Regexes,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdParams {
    /// Points from which a line is an advertisement.
    line: f32,
    /// Points from which a line between or beside such lines belongs to them.
    weak: f32,
    /// Lines without points that may stand between two lines of one advertisement.
    most_between: usize,
    /// Characters of a line that can be absorbed, at most.
    longest_weak: usize,
    /// Points for a line that does not end a sentence, and for one that does.
    no_end: f32,
    sentence: f32,
    /// Points for a line longer than 90 characters.
    long: f32,
    /// Kinds of evidence that a block needs to be proposed, and to be removed.
    propose_kinds: usize,
    apply_kinds: usize,
    /// Points that the best line of a block needs for it to be removed.
    apply_points: f32,
    /// Kinds that keep a block in review, whatever its points.
    review_kinds: Vec<String>,
    evidence: Vec<Evidence>,
}

/// Removes advertisements.
pub(super) struct AdBlocks {
    rule: Arc<Rule>,
    params: AdParams,
}

/// A longer line is no advertisement, in characters; nor are whole sentences one after the other.
const LONGEST: usize = 240;

/// What one line scored.
#[derive(Debug, Clone, Copy, Default)]
struct Score {
    points: f32,
    /// A bit for each kind of evidence for an advertisement.
    kinds: u64,
    /// A bit for each kind of evidence against one.
    against: u64,
}

impl AdBlocks {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        let params: AdParams = rule.params()?;
        if params.evidence.len() > 64 {
            return Err(rule.error("[[params.evidence]]", "more than 64 kinds of evidence", "put patterns of one kind together"));
        }
        for kind in &params.review_kinds {
            if !params.evidence.iter().any(|e| e.kind == *kind) {
                return Err(rule.error(
                    "review_kinds",
                    format!("no evidence is of the kind `{kind}`"),
                    "name kinds that are listed below",
                ));
            }
        }
        Ok(AdBlocks { rule, params })
    }

    fn score(&self, page: &Page<'_>, line: &Line) -> Score {
        let text = page.text_of(line);
        let mut score = Score::default();
        let prose = line.inner_sentence && line.end == End::Sentence && line.chars > 80;
        if prose || line.chars > LONGEST {
            return Score { against: 1, ..score };
        }
        for (bit, evidence) in self.params.evidence.iter().enumerate() {
            if evidence.patterns.is_match(text) {
                score.points += evidence.weight;
                if evidence.weight > 0.0 {
                    score.kinds |= 1 << bit;
                } else {
                    score.against |= 1 << bit;
                }
            }
        }
        let phone_last = text.ends_with(|c: char| c.is_ascii_digit());
        score.points += if line.end == End::Sentence && !phone_last { self.params.sentence } else { self.params.no_end };
        if line.chars > 90 {
            score.points += self.params.long;
        }
        score
    }

    /// Blocks of lines that belong to advertisements: seeds, what is weak beside them, and what little stands between.
    fn blocks(&self, page: &Page<'_>, scores: &[Score]) -> Vec<(usize, usize)> {
        let p = &self.params;
        let seed = |i: usize| scores[i].points >= p.line && scores[i].kinds.count_ones() >= 1;
        let absorbable = |i: usize| {
            let line = &page.lines[i];
            line.chars <= p.longest_weak
                && line.end != End::Sentence
                && !line.opener
                && !line.markup
                && !line.byline
                && scores[i].against == 0
        };
        let weak = |i: usize| absorbable(i) && scores[i].points >= p.weak && scores[i].kinds != 0;
        let mut blocks: Vec<(usize, usize)> = Vec::new();
        for i in (0..scores.len()).filter(|&i| seed(i)) {
            let mut from = i;
            let floor = blocks.last().map_or(0, |b: &(usize, usize)| b.1 + 1);
            while from > floor && weak(from - 1) {
                from -= 1;
            }
            let mut to = i;
            while to + 1 < scores.len() && weak(to + 1) {
                to += 1;
            }
            match blocks.last_mut() {
                Some(last) if from <= last.1 + 1 + p.most_between && (last.1 + 1..from).all(absorbable) => {
                    last.1 = last.1.max(to)
                }
                _ => blocks.push((from, to)),
            }
        }
        blocks
    }
}

impl Detector for AdBlocks {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let scores: Vec<Score> =
            page.lines.iter().map(|line| if line.markup { Score::default() } else { self.score(page, line) }).collect();
        let mut findings = Vec::new();
        let blocks = self.blocks(page, &scores);
        let chars = |lines: &[Line]| lines.iter().map(|line| line.chars).sum::<usize>();
        let in_blocks: usize = blocks.iter().map(|&(from, to)| chars(&page.lines[from..=to])).sum();
        // A document of nothing but advertisements was collected for them.
        let collected = in_blocks * 2 > chars(&page.lines);
        for (from, to) in blocks {
            let block = &scores[from..=to];
            let kinds = block.iter().fold(0, |all, s| all | s.kinds);
            let against = block.iter().fold(0, |all, s| all | s.against);
            let best = block.iter().map(|s| s.points).fold(0.0, f32::max);
            let count =
                self.params.evidence.iter().enumerate().filter(|(bit, e)| kinds & (1 << bit) != 0 && e.weight > 1.0).count();
            if count < self.params.propose_kinds {
                continue;
            }
            let named: Vec<&Evidence> =
                self.params.evidence.iter().enumerate().filter(|(bit, _)| kinds & (1 << bit) != 0).map(|e| e.1).collect();
            let kept = named.iter().any(|e| self.params.review_kinds.contains(&e.kind));
            let sure =
                count >= self.params.apply_kinds && best >= self.params.apply_points && against == 0 && !kept && !collected;
            let limit = if sure { Applicability::Auto } else { Applicability::Review };
            let kinds = named.iter().map(|e| e.kind.as_str()).collect::<Vec<_>>().join(", ");
            let lines = to - from + 1;
            let message =
                format!("{} of an advertisement: {kinds}", if lines == 1 { "a line".into() } else { format!("{lines} lines") });
            let mut finding = self.rule.replace(removal(page, from, to), "", limit, message);
            finding.confidence = if sure { 0.97 } else { (0.4 + best / 20.0).clamp(0.3, 0.9) };
            finding.evidence.push(format!("best line {best:.1} points, {count} kinds of evidence"));
            findings.push(finding);
        }
        findings
    }
}
