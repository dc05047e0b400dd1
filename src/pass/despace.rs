//! De-space: blanks between Chinese characters that a justified line, an extractor or an OCR engine put there.

use super::Detector;
use super::gaps::{Features, Place, View, features};
use super::page::{Page, Setting};
use super::wrap::BySetting;
use crate::edit::{Applicability, Change, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::{is_han, is_number_char, is_sentence_end};
use crate::tree::{Forest, Plan, SCALE, probability};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GapParams {
    /// The file of trees that weighs the evidence, from the folder of the rules.
    trees: String,
    /// Blanks at least this probably spurious are removed.
    apply: BySetting,
    /// Blanks at least this probably spurious are proposed for removal.
    propose: BySetting,
}

/// Blanks between Chinese characters. Those of one line that are removed are one finding, and so are those that are proposed.
pub(super) struct Gaps {
    rule: Arc<Rule>,
    params: GapParams,
    trees: Forest,
    plan: Plan,
}

/// A gap that goes, or may go.
struct Judged {
    span: Span,
    probability: f32,
    values: Features,
}

impl Gaps {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        let params: GapParams = rule.params()?;
        let text = rule.data("trees", &params.trees)?;
        let trees = Forest::parse(&text).and_then(|trees| super::gaps::check(&trees).map(|()| trees));
        let trees = trees.map_err(|error| {
            rule.error("trees", format!("{}: {error}", params.trees), "make the file anew with `jiaokan fit --despace`")
        })?;
        Ok(Gaps { params, plan: Plan::new(&trees), trees, rule })
    }

    fn finding(&self, judged: &[(Place<'_, '_, '_>, Judged)], limit: Applicability) -> Option<Finding> {
        let (first, last) = (&judged.first()?.1, &judged.last()?.1);
        let changes = judged.iter().map(|(_, one)| Change { span: one.span, text: String::new() }).collect();
        let mut finding = self.rule.change(Span::new(first.span.start, last.span.end), changes, limit, self.rule.title.clone());
        finding.confidence = judged.iter().map(|(_, one)| one.probability).sum::<f32>() / judged.len() as f32;
        if judged.len() > 1 {
            finding.evidence.push(format!("{} blanks", judged.len()));
        }
        // The reasons of all, told of the one that is nearest to the mean.
        let nearest = |a: f32, b: f32| (a - finding.confidence).abs().total_cmp(&(b - finding.confidence).abs());
        let (place, one) = judged.iter().min_by(|a, b| nearest(a.1.probability, b.1.probability))?;
        let reasons = super::gaps::reasons(place, &self.trees.contributions(&one.values));
        let say = |(weight, said): &(i32, String)| format!("{said} ({:+.1})", *weight as f32 / SCALE as f32);
        reasons.iter().filter(|r| r.0 > 0).take(3).map(say).for_each(|said| finding.evidence.push(said));
        reasons.iter().rev().filter(|r| r.0 < 0).take(2).map(say).for_each(|said| finding.evidence.push(said));
        Some(finding)
    }
}

impl Detector for Gaps {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(GapParams::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let Some(view) = View::new(page) else { return Vec::new() };
        let setting = page.profile.setting;
        let (apply, propose) = (self.params.apply.of(setting), self.params.propose.of(setting));
        let mut findings = Vec::new();
        let (mut line, mut sure, mut unsure) = (0, Vec::new(), Vec::new());
        let mut end_line = |sure: &mut Vec<(Place<'_, '_, '_>, Judged)>, unsure: &mut Vec<(Place<'_, '_, '_>, Judged)>| {
            findings.extend(self.finding(sure, Applicability::Auto));
            findings.extend(self.finding(unsure, Applicability::Review));
            sure.clear();
            unsure.clear();
        };
        let mut places = view.places();
        let (mut block, mut scores) = (Vec::new(), Vec::new());
        loop {
            block.extend(places.by_ref().take(Plan::ROWS));
            if block.is_empty() {
                break;
            }
            let rows: Vec<Features> = block.iter().map(features).collect();
            scores.clear();
            self.plan.scores(&rows, &mut scores);
            for ((place, values), &score) in block.drain(..).zip(rows).zip(&scores) {
                if place.line() != line {
                    end_line(&mut sure, &mut unsure);
                    line = place.line();
                }
                let probability = probability(score);
                if probability >= propose.min(apply) {
                    let judged = Judged { span: place.span(), probability, values };
                    (if probability >= apply { &mut sure } else { &mut unsure }).push((place, judged));
                }
            }
        }
        end_line(&mut sure, &mut unsure);
        findings
    }
}

/// A gap of blanks inside a line with what stands around it.
struct Gap {
    span: Span,
    before: char,
    after: char,
}

/// The gaps of spaces inside a line, in order.
fn gaps(page: &Page<'_>, line: Span) -> Vec<Gap> {
    let text = line.of(page.text);
    let mut found: Vec<Gap> = Vec::new();
    // U+A0 begins with C2.
    if memchr::memchr2(b' ', 0xC2, text.as_bytes()).is_none() {
        return found;
    }
    let mut start = None;
    let mut before = None;
    for (at, c) in text.char_indices() {
        if c == ' ' || c == '\u{A0}' {
            start.get_or_insert(at);
            continue;
        }
        if let (Some(from), Some(previous)) = (start.take(), before) {
            let span = Span::new(line.start + from, line.start + at);
            found.push(Gap { span, before: previous, after: c });
        }
        before = Some(c);
    }
    found
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

#[derive(Debug, Deserialize, JsonSchema)]
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
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(NumberParams::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        if !is_print(page) {
            return Vec::new();
        }
        let mut tight = 0;
        let mut loose: Vec<(Span, bool)> = Vec::new();
        for line in page.lines.iter().filter(|line| !line.markup && !line.list_item) {
            let text = page.text_of(line);
            if !text.bytes().any(|byte| byte.is_ascii_digit()) {
                continue;
            }
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
