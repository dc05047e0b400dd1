//! Wrap and column: which line breaks are none. Both weigh the same evidence (see [`super::seam`]). Wrap sees the lines as the
//! page set them, and decides inside blocks and over column breaks; column sees the paragraphs that wrap and dedupe have made.

use super::Detector;
use super::page::{End, Line, Page, Setting, Start, is_cut_anywhere};
use super::seam::{COUNT, FEATURES, Features, LEXICAL, features, lexical};
use crate::edit::{Applicability, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::is_han;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which breaks a detector decides on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// Lines that follow each other.
    Nothing,
    /// Lines with blank lines between.
    Blanks,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    /// A join at least this probable is made.
    apply: f32,
    /// A join at least this probable is proposed.
    propose: f32,
    /// Blank lines that a join may cross at most.
    most_blanks: usize,
    /// Log-odds of each feature.
    weights: BTreeMap<String, Weight>,
}

/// One weight, or one each for flowing documents, columns, and wide lines.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Weight {
    Same(f32),
    BySetting([f32; 3]),
}

/// Joins lines.
pub(super) struct Joiner {
    rule: Arc<Rule>,
    between: Between,
    apply: f32,
    propose: f32,
    most_blanks: usize,
    weights: [[f32; COUNT]; 3],
}

/// One break of a text with the values of its features: what weights are fitted on.
#[derive(Debug, Clone)]
pub struct Seam {
    /// The white space between the two lines, in bytes.
    pub span: Span,
    /// Blank lines in it.
    pub blanks: usize,
    /// How the document's lines are set.
    pub setting: Setting,
    /// The features by name; those that do not hold are left out.
    pub features: Vec<(&'static str, f32)>,
}

/// Every break of `page`.
pub(super) fn seams(page: &Page<'_>) -> Vec<Seam> {
    let breaks = 0..page.lines.len().saturating_sub(1);
    breaks
        .map(|index| {
            let mut values = features(page, index);
            let (words, _) = lexical(page, index);
            (values[LEXICAL[0]], values[LEXICAL[1]]) = (words[0], words[1]);
            let (a, b) = (&page.lines[index], &page.lines[index + 1]);
            let features = FEATURES.iter().zip(values).filter(|(_, v)| *v != 0.0).map(|((name, _), v)| (*name, v)).collect();
            Seam { span: Span::new(a.span.end, b.span.start), blanks: b.blanks, setting: page.profile.setting, features }
        })
        .collect()
}

impl Joiner {
    pub(super) fn new(rule: Arc<Rule>, between: Between) -> Result<Joiner, RuleError> {
        let params: Params = rule.params()?;
        let mut weights = [[0.0; COUNT]; 3];
        for (name, values) in &params.weights {
            let Some(at) = FEATURES.iter().position(|(known, _)| known == name) else {
                return Err(rule.error(
                    name,
                    format!("no feature is called `{name}`"),
                    "`jiaokan explain` lists the weights of the built-in rule",
                ));
            };
            let values = match *values {
                Weight::Same(value) => [value; 3],
                Weight::BySetting(values) => values,
            };
            for (setting, value) in values.into_iter().enumerate() {
                weights[setting][at] = value;
            }
        }
        Ok(Joiner { between, apply: params.apply, propose: params.propose, most_blanks: params.most_blanks, weights, rule })
    }

    fn weights(&self, setting: Setting) -> &[f32; COUNT] {
        &self.weights[match setting {
            Setting::Flowing => 0,
            Setting::Columns => 1,
            Setting::Wide => 2,
        }]
    }

    fn consider(&self, page: &Page<'_>, index: usize) -> Option<Finding> {
        let (a, b) = (&page.lines[index], &page.lines[index + 1]);
        let in_reach = match self.between {
            Between::Nothing => b.blanks == 0,
            Between::Blanks => b.blanks > 0 && b.blanks <= self.most_blanks,
        };
        if !in_reach || never_joined(page, a, b) {
            return None;
        }
        let flowing = self.between == Between::Nothing && page.profile.setting == Setting::Flowing;
        if flowing && (b.indent > a.indent || !measured(page, index)) {
            return None;
        }
        let weights = self.weights(page.profile.setting);
        let mut values = features(page, index);
        let mut score: f32 = values.iter().zip(weights).map(|(v, w)| v * w).sum();
        let from_words = weights[LEXICAL[0]].max(0.0) + weights[LEXICAL[1]].max(0.0);
        let mut word = None;
        if score + from_words >= logit(self.propose) && score < logit(self.apply) {
            let (found, seen) = lexical(page, index);
            (values[LEXICAL[0]], values[LEXICAL[1]]) = (found[0], found[1]);
            score += found[0] * weights[LEXICAL[0]] + found[1] * weights[LEXICAL[1]];
            word = seen;
        }
        let probability = 1.0 / (1.0 + (-score).exp());
        if probability < self.propose {
            return None;
        }
        let headlines = a.headline_zone || b.headline_zone;
        // After wrap and dedupe, lines are paragraphs and have no measure.
        let short = self.rule.pass() == "wrap" && stops_short(page, index);
        if short && (a.list_item || !a.punctuated) && b.start != Start::Forbidden {
            return None;
        }
        let ends = a.end == End::Sentence && (b.indent >= a.indent + 4 || b.start == Start::Quote);
        let new_paragraph = short || ends || (b.speaker && b.blanks > 0);
        let limit =
            if probability >= self.apply && !headlines && !new_paragraph { Applicability::Auto } else { Applicability::Review };
        let glue = glue(page, a, b);
        let mut finding = self.rule.replace(glue.0, glue.1, limit, self.rule.title.clone());
        finding.confidence = probability;
        finding.evidence = evidence(&values, weights, word);
        Some(finding)
    }
}

fn logit(p: f32) -> f32 {
    (p / (1.0 - p)).ln()
}

/// Breaks that no evidence outweighs: beside mark-up, before an article's opening, after its close, between speakers, records
/// and lines that end with a hard break of Markdown.
fn never_joined(page: &Page<'_>, a: &Line, b: &Line) -> bool {
    a.markup
        || b.markup
        || b.opener
        || a.end_mark
        || a.byline
        || b.byline
        || (a.speaker && b.speaker)
        || (a.trailing == 2 && page.profile.setting != Setting::Columns)
        || are_records(page.text_of(a), page.text_of(b))
}

/// Whether two lines begin with the same shape of digits and signs, as lines of a log, a table or data do.
fn are_records(a: &str, b: &str) -> bool {
    const SHAPE: usize = 5;
    let class = |c: char| match c {
        '0'..='9' => 'd',
        c if c.is_ascii_alphabetic() => 'a',
        c if is_han(c) => 'h',
        c => c,
    };
    let signs = |c: char| c == 'd' || c.is_ascii_punctuation();
    let shapes = a.chars().map(class).zip(b.chars().map(class)).take(SHAPE);
    let (mut same, mut telling) = (0, 0);
    for (x, y) in shapes {
        same += usize::from(x == y);
        telling += usize::from(x == y && signs(x));
    }
    let data = same == SHAPE && telling >= 3;
    let code = |text: &str| text.ends_with([';', '{', '}', ']']) || text.contains("//") && !text.contains("://");
    let listed = |text: &str| text.ends_with("},") || text.ends_with("],");
    data || (code(a) && code(b)) || (listed(a) && (listed(b) || b.ends_with('}')))
}

/// Whether the line before a break reaches an edge that lines of prose share: the document's, or one of at least three lines
/// around.
fn measured(page: &Page<'_>, index: usize) -> bool {
    let edge = page.lines[index].edge();
    if page.profile.page_edge.is_some_and(|m| (m.saturating_sub(10)..=m).contains(&edge)) {
        return true;
    }
    let block = &page.lines[index.saturating_sub(6)..(index + 7).min(page.lines.len())];
    let alike = || block.iter().filter(|l| !l.markup && l.edge().abs_diff(edge) <= 2);
    let count = alike().count();
    let longer = block.iter().filter(|l| l.edge() > edge + 3).count();
    let sentences = block.iter().filter(|l| l.end == End::Sentence || l.inner_sentence).count();
    edge >= 20
        && count >= 3
        && longer * 2 <= count
        && sentences * 8 >= block.len()
        && is_cut_anywhere(alike(), page.profile.marks)
}

/// Whether a line stops although the first unit of the next would have fitted: a heading, a signature, a paragraph's last line.
/// The edge is that of at least three lines behind, in the same article, or else of three ahead.
fn stops_short(page: &Page<'_>, index: usize) -> bool {
    let lines = &page.lines;
    let line = &lines[index];
    let shared = |window: &[Line]| {
        let mut edges: Vec<usize> = window.iter().filter(|l| !l.markup).map(Line::edge).collect();
        edges.sort_unstable();
        edges.windows(3).rev().find(|three| three[2] - three[0] <= 2).map(|three| three[0])
    };
    let behind = &lines[index.saturating_sub(6)..=index];
    let behind = shared(&behind[behind.iter().rposition(|l| l.opener).unwrap_or(0)..]);
    let Some(shared) = behind.or_else(|| shared(&lines[index + 1..(index + 8).min(lines.len())])) else { return false };
    // The first line of a paragraph lacks the indent that the extractor lost.
    let first = line.opener || index == 0 || line.blanks > 0 || lines[index - 1].end == End::Sentence;
    let lost_indent = if first && line.indent == 0 { 4 } else { 0 };
    let unit = super::seam::first_unit(page.text_of(&lines[index + 1]));
    // With a bracket open it breaks off, whatever the width: a headline may have stood on the same line.
    !line.spaced && line.open <= 0 && line.edge() + unit + 2 + lost_indent < shared
}

/// What stands between two joined lines, and what it replaces: nothing in Chinese, a space between Latin words, and what the
/// document itself does between Han and Latin. A hyphen that broke a Latin word goes.
pub(super) fn glue(page: &Page<'_>, a: &Line, b: &Line) -> (Span, &'static str) {
    let (left, right) = (page.text_of(a), page.text_of(b));
    let mut span = Span::new(a.span.end, b.span.start);
    let mut tail = left.chars().rev();
    let (Some(last), before) = (tail.next(), tail.next()) else { return (span, "") };
    let Some(first) = right.chars().next() else { return (span, "") };
    let is_word = |c: char| c.is_alphanumeric() && !is_han(c) || matches!(c, '`' | '$' | '@');
    if last == '-' && before.is_some_and(|c| c.is_ascii_lowercase()) && first.is_ascii_lowercase() {
        span.start -= 1;
        return (span, "");
    }
    let latin_end = is_word(last) || matches!(last, ',' | '.' | ';' | ':' | '!' | '?' | ')' | '"' | '\'' | '%' | '>');
    let latin_start = is_word(first) || matches!(first, '(' | '"' | '\'' | '<' | '-' | '/' | '~' | '.');
    let spaced = if latin_end && latin_start {
        !(last.is_ascii_digit() && first.is_ascii_digit() && a.han) && (before.is_none_or(|c| !is_han(c)) || is_word(last))
    } else {
        page.profile.spaced_latin && ((is_han(last) && is_word(first)) || (is_word(last) && is_han(first)))
    };
    (span, if spaced { " " } else { "" })
}

/// The strongest reasons for the join, then the strongest against it.
fn evidence(values: &Features, weights: &[f32; COUNT], word: Option<String>) -> Vec<String> {
    let mut reasons: Vec<(f32, usize)> =
        (1..COUNT).map(|i| (values[i] * weights[i], i)).filter(|(w, _)| w.abs() >= 0.3).collect();
    reasons.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let say = |&(weight, i): &(f32, usize)| match &word {
        Some(word) if LEXICAL.contains(&i) => format!("`{word}` runs across the break ({weight:+.1})"),
        _ => format!("{} ({weight:+.1})", FEATURES[i].1),
    };
    let mut said: Vec<String> = reasons.iter().filter(|r| r.0 > 0.0).take(3).map(say).collect();
    said.extend(reasons.iter().rev().filter(|r| r.0 < 0.0).take(2).map(say));
    said
}

impl Detector for Joiner {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        (0..page.lines.len().saturating_sub(1)).filter_map(|index| self.consider(page, index)).collect()
    }
}
