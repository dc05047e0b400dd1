//! De-space: blanks between Chinese characters that a justified line, an extractor or an OCR engine put there.

use super::Detector;
use super::page::{Page, Setting};
use crate::edit::{Applicability, Change, Finding};
use crate::lexicon::Lexicon;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::{is_han, is_number_char, is_sentence_end, is_unspaced};
use serde::Deserialize;
use std::sync::Arc;

/// A gap of blanks inside a line with what stands around it.
struct Gap {
    span: Span,
    /// Characters from the gap before, or the line's start, to this one.
    left: usize,
    before: char,
    after: char,
}

/// The gaps of spaces inside a line, in order.
fn gaps(page: &Page<'_>, line: Span) -> Vec<Gap> {
    let text = line.of(page.text);
    let mut found: Vec<Gap> = Vec::new();
    let (mut run, mut start) = (0, None);
    let mut before = None;
    for (at, c) in text.char_indices() {
        if c == ' ' || c == '\u{A0}' {
            start.get_or_insert(at);
            continue;
        }
        if let (Some(from), Some(previous)) = (start.take(), before) {
            let span = Span::new(line.start + from, line.start + at);
            found.push(Gap { span, left: run, before: previous, after: c });
            run = 0;
        }
        run += 1;
        before = Some(c);
    }
    found
}

fn removal(gap: &Gap) -> Change {
    Change { span: gap.span, text: String::new() }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunParams {
    /// Gaps that must follow each other with one character between.
    least_gaps: usize,
    /// The share of gaps that must part a word of two characters.
    words: f64,
    /// From so many gaps on, no words are asked for.
    long: usize,
}

fn is_word(lexicon: &Lexicon, gap: &Gap) -> bool {
    let word: String = [gap.before, gap.after].iter().collect();
    lexicon.frequency(&word).is_some()
}

/// Lines in which blanks stand between single characters.
pub(super) struct SpacedRun {
    rule: Arc<Rule>,
    params: RunParams,
}

impl SpacedRun {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(SpacedRun { params: rule.params()?, rule })
    }
}

impl Detector for SpacedRun {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        // Only columns are justified; elsewhere an engine that parts all characters does so on most lines.
        let (spaced, lines) = (page.lines.iter().filter(|l| l.spaced).count(), page.lines.iter().filter(|l| l.han).count());
        let sure = page.profile.setting != Setting::Flowing || page.profile.newspaper || spaced * 2 >= lines && spaced >= 8;
        let limit = if sure { Applicability::Auto } else { Applicability::Review };
        for line in page.lines.iter().filter(|line| !line.markup) {
            let gaps = gaps(page, line.span);
            if gaps.len() < self.params.least_gaps {
                continue;
            }
            let mut changes = Vec::new();
            let mut from = 0;
            while from < gaps.len() {
                let joinable = |g: &Gap| g.span.len() == 1 && is_unspaced(g.before) && is_unspaced(g.after);
                let mut to = from;
                while to < gaps.len() && joinable(&gaps[to]) && (to == from || gaps[to].left == 1) {
                    to += 1;
                }
                let run = &gaps[from..to];
                let marks = |g: &Gap| is_number_char(g.after) || is_number_char(g.before);
                let words = run.iter().filter(|g| is_word(page.lexicon, g)).count();
                let reads = words as f64 >= run.len() as f64 * self.params.words || run.len() >= self.params.long;
                if reads && run.len() >= self.params.least_gaps && run.iter().filter(|g| marks(g)).count() * 5 < run.len() * 4 {
                    changes.extend(run.iter().map(removal));
                }
                from = to.max(from + 1);
            }
            let (Some(first), Some(last)) = (changes.first(), changes.last()) else { continue };
            let span = Span::new(first.span.start, last.span.end);
            let mut finding = self.rule.change(span, changes, limit, self.rule.title.clone());
            finding.evidence.push(format!("{} single blanks between single characters", finding.changes.len()));
            findings.push(finding);
        }
        findings
    }
}

/// Whether a page was set in print: forms, tables and name lists of other documents use blanks on purpose.
fn is_print(page: &Page<'_>) -> bool {
    page.profile.setting == Setting::Columns || page.profile.newspaper
}

/// A word with one blank inside, each side a single character.
pub(super) struct SplitWord {
    pub rule: Arc<Rule>,
}

impl Detector for SplitWord {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let limit = if is_print(page) { Applicability::Auto } else { Applicability::Review };
        for line in page.lines.iter().filter(|line| !line.markup) {
            for gap in gaps(page, line.span) {
                if gap.span.len() != 1 || !is_han(gap.before) || !is_han(gap.after) {
                    continue;
                }
                let (left_at, right_at) = (gap.span.start - gap.before.len_utf8(), gap.span.end + gap.after.len_utf8());
                let (left, right) = (line.span.start..left_at, right_at..line.span.end);
                let parted = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
                let single = parted(page.text[left].chars().next_back()) && parted(page.text[right].chars().next());
                let word: String = [gap.before, gap.after].iter().collect();
                // Characters parted one by one are a list, a label or a justified line.
                let lone = |mut next: std::iter::Skip<std::vec::IntoIter<char>>| {
                    next.next().is_some_and(char::is_alphanumeric) && next.next().is_none_or(|c| !c.is_alphanumeric())
                };
                let ahead: Vec<char> = page.text[right_at..line.span.end].chars().take(3).collect();
                let behind: Vec<char> = page.text[line.span.start..left_at].chars().rev().take(3).collect();
                let in_row =
                    [ahead, behind].into_iter().any(|beside| beside.first() == Some(&' ') && lone(beside.into_iter().skip(1)));
                // Two characters alone on a line are a name set wide.
                let whole_line = gap.before.len_utf8() + gap.span.len() + gap.after.len_utf8() == line.span.len();
                let numbers = is_number_char(gap.before) || is_number_char(gap.after);
                if single && !in_row && !whole_line && !numbers && page.lexicon.frequency(&word).is_some_and(|f| f >= 4) {
                    let mut finding = self.rule.replace(gap.span, "", limit, self.rule.title.clone());
                    finding.evidence.push(format!("`{word}` is a word"));
                    findings.push(finding);
                }
            }
        }
        findings
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NumberParams {
    /// Numbers that touch Han must be this many times as many as those set apart.
    habit: usize,
    /// Characters of dates and times: in a newspaper's columns no habit sets these apart.
    date_units: String,
}

/// Blanks between Han and digits in a document that sets none.
pub(super) struct BesideNumber {
    rule: Arc<Rule>,
    params: NumberParams,
}

impl BesideNumber {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(BesideNumber { params: rule.params()?, rule })
    }
}

impl Detector for BesideNumber {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        if !is_print(page) {
            return Vec::new();
        }
        let mut tight = 0;
        let mut loose: Vec<(Span, bool)> = Vec::new();
        for line in page.lines.iter().filter(|line| !line.markup && !line.list_item) {
            let text = page.text_of(line);
            let pairs = text.chars().zip(text.chars().skip(1));
            let beside = |a: char, b: char| (is_han(a) && b.is_ascii_digit()) || (a.is_ascii_digit() && is_han(b));
            tight += pairs.filter(|&(a, b)| beside(a, b)).count();
            let after_number = |at: usize| {
                let rest = &page.text[at..line.span.end];
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                (digits, rest[digits..].trim_start_matches(' ').chars().next())
            };
            for gap in gaps(page, line.span) {
                if gap.span.len() != 1 || !beside(gap.before, gap.after) {
                    continue;
                }
                // A long number after a blank is a telephone, not a count.
                let (digits, unit) = if is_han(gap.before) { after_number(gap.span.end) } else { (1, Some(gap.after)) };
                if digits <= 5 && unit.is_some_and(|c| is_han(c) || is_sentence_end(c)) {
                    let in_date = |c: char| self.params.date_units.contains(c);
                    loose.push((gap.span, in_date(gap.before) || unit.is_some_and(in_date)));
                }
            }
        }
        let by_habit = tight >= loose.len() * self.params.habit;
        let newspaper_column = page.profile.newspaper && page.profile.setting == Setting::Columns;
        let why = format!("{tight} numbers of the document touch the characters beside them, {} do not", loose.len());
        let limit = if page.profile.setting == Setting::Columns { Applicability::Auto } else { Applicability::Review };
        let make = |(span, _): (Span, bool)| {
            let mut finding = self.rule.replace(span, "", limit, self.rule.title.clone());
            finding.evidence.push(why.clone());
            finding
        };
        loose.into_iter().filter(|&(_, date)| by_habit || date && newspaper_column).map(make).collect()
    }
}
