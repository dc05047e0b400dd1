//! Wrap and column: which line breaks are none. Both weigh the same evidence (see [`super::seam`]). Wrap sees the lines as the
//! page set them, and decides inside blocks and over column breaks; column sees the paragraphs that wrap and dedupe have made.

use super::Detector;
use super::page::{Item, Line, Page, Setting};
use super::seam::{Break, Features, View, features, never_joined, words};
use crate::edit::{Applicability, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::is_han;
use crate::tree::{Forest, probability};
use serde::Deserialize;
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
    /// The file of trees that weighs the evidence, from the folder of the rules.
    trees: String,
    /// A join at least this probable is made.
    apply: BySetting,
    /// A join at least this probable is proposed.
    propose: BySetting,
    /// Blank lines that a join may cross at most.
    most_blanks: usize,
}

/// A probability for each kind of document.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BySetting {
    /// Documents that have one paragraph a line, as far as one can see.
    flowing: f32,
    /// Narrow columns.
    columns: f32,
    /// Wide or indented lines.
    wide: f32,
}

impl BySetting {
    pub(super) fn of(&self, setting: Setting) -> f32 {
        match setting {
            Setting::Flowing => self.flowing,
            Setting::Columns => self.columns,
            Setting::Wide => self.wide,
        }
    }
}

/// Joins lines.
pub(super) struct Joiner {
    rule: Arc<Rule>,
    between: Between,
    params: Params,
    trees: Forest,
}

impl Joiner {
    pub(super) fn new(rule: Arc<Rule>, between: Between) -> Result<Joiner, RuleError> {
        let params: Params = rule.params()?;
        let text = rule.data("trees", &params.trees)?;
        let trees = Forest::parse(&text).and_then(|trees| super::seam::check(&trees).map(|()| trees));
        let trees = trees.map_err(|error| {
            rule.error("trees", format!("{}: {error}", params.trees), "make the file anew with `jiaokan fit`")
        })?;
        Ok(Joiner { between, params, trees, rule })
    }

    fn consider(&self, view: &View<'_, '_>, index: usize) -> Option<Finding> {
        let page = view.page();
        let (a, b) = (&page.lines[index], &page.lines[index + 1]);
        let in_reach = match self.between {
            Between::Nothing => b.blanks == 0,
            Between::Blanks => b.blanks > 0 && b.blanks <= self.params.most_blanks,
        };
        if !in_reach || never_joined(page, index) {
            return None;
        }
        let seam = view.at(index);
        let mut values = features(&seam);
        words::fill(page, index, &mut values);
        let probability = probability(self.trees.score(&values));
        let setting = page.profile.setting;
        if probability < self.params.propose.of(setting) {
            return None;
        }
        let sure = probability >= self.params.apply.of(setting);
        let limit = if sure { Applicability::Auto } else { Applicability::Review };
        let glue = glue(page, a, b);
        let mut finding = self.rule.replace(glue.0, glue.1, limit, self.rule.title.clone());
        finding.confidence = probability;
        finding.evidence = self.evidence(&seam, &values);
        Some(finding)
    }

    /// The strongest reasons for the join, then the strongest against it.
    fn evidence(&self, seam: &Break<'_, '_, '_>, values: &Features) -> Vec<String> {
        let reasons = super::seam::reasons(seam, values, &self.trees.contributions(values));
        let say = |(weight, said): &(i32, String)| format!("{said} ({:+.1})", *weight as f32 / crate::tree::SCALE as f32);
        let mut said: Vec<String> = reasons.iter().filter(|r| r.0 > 0).take(3).map(say).collect();
        said.extend(reasons.iter().rev().filter(|r| r.0 < 0).take(2).map(say));
        said
    }
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
    // The number of a heading, alone on its line: `2.3.1`.
    let numbered = a.item == Item::Levels && left.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if numbered && page.profile.setting != Setting::Columns && is_han(first) {
        return (span, " ");
    }
    let latin_end = is_word(last) || matches!(last, ',' | '.' | ';' | ':' | '!' | '?' | ')' | '"' | '\'' | '%' | '>');
    let latin_start = is_word(first) || matches!(first, '(' | '"' | '\'' | '<' | '-' | '/' | '~' | '.');
    // An option or a path begins like a word.
    let opens_word = || {
        let second = right.chars().nth(1);
        is_word(first) || matches!(first, '-' | '/' | '~') && second.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let spaced = if latin_end && latin_start {
        !(last.is_ascii_digit() && first.is_ascii_digit() && a.han) && (before.is_none_or(|c| !is_han(c)) || is_word(last))
    } else {
        page.profile.spaced_latin && ((is_han(last) && opens_word()) || (is_word(last) && is_han(first)))
    };
    (span, if spaced { " " } else { "" })
}

impl Detector for Joiner {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let view = View::new(page);
        (0..page.lines.len().saturating_sub(1)).filter_map(|index| self.consider(&view, index)).collect()
    }
}
