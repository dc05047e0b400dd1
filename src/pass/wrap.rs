//! Wrap and column: which line breaks are none. Both weigh the same evidence (see [`super::seam`]). Wrap sees the lines as the
//! page set them, and decides inside blocks and over column breaks; column sees the paragraphs that wrap and dedupe have made.

use super::Detector;
use super::page::{Item, Line, Page, PageCopy, Setting};
use super::seam::{Facts, KindShares, View, heads_article, kind_shares, never_joined, weighed};
use crate::edit::{Applicability, Evidence, Finding, Witness};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::is_han;
use crate::tree::{Forest, Plan, probability};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// Which breaks a detector decides on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// Lines that follow each other.
    Nothing,
    /// Lines with blank lines between.
    Blanks,
}

#[derive(Debug, Deserialize, JsonSchema)]
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

/// A probability for each kind of document. In kinds that are left out nothing is decided.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BySetting {
    /// Documents that have one paragraph a line, as far as one can see.
    flowing: Option<f32>,
    /// Narrow columns.
    columns: Option<f32>,
    /// Wide or indented lines.
    wide: Option<f32>,
}

impl BySetting {
    /// More than any probability where nothing is decided.
    pub(super) fn of(&self, setting: Setting) -> f32 {
        let probability = match setting {
            Setting::Flowing => self.flowing,
            Setting::Columns => self.columns,
            Setting::Wide => self.wide,
        };
        probability.unwrap_or(f32::INFINITY)
    }
}

/// Joins lines.
pub(super) struct Joiner {
    rule: Arc<Rule>,
    between: Between,
    params: Params,
    weigher: Arc<Weigher>,
}

/// Trees, ready to be asked.
pub(super) struct Weigher {
    trees: Forest,
    plan: Plan,
    /// What their reasons are found by: made when the first is asked for.
    shares: OnceLock<KindShares>,
}

/// The trees that rules of one pipeline share, by folder of rules and path.
pub(super) type Weighers = HashMap<(Option<PathBuf>, String), Arc<Weigher>>;

impl Weigher {
    fn new(trees: Forest) -> Weigher {
        Weigher { plan: Plan::new(&trees), trees, shares: OnceLock::new() }
    }
}

/// The scores of a page's breaks: found once for all rules that have the same trees.
#[derive(Default)]
pub(super) struct Scores {
    weigher: Option<Arc<Weigher>>,
    /// None for those that no rule has asked for.
    of: Vec<Option<Score>>,
}

#[derive(Debug, Clone, Copy)]
enum Score {
    /// No evidence is weighed for it.
    Closed,
    Weighed(i32),
}

impl Scores {
    /// Scores the breaks before those lines that are `wanted`.
    fn find(&mut self, page: &Page<'_>, weigher: &Arc<Weigher>, wanted: impl Fn(&Line) -> bool) {
        if !self.weigher.as_ref().is_some_and(|known| Arc::ptr_eq(known, weigher)) {
            *self = Scores { weigher: Some(weigher.clone()), of: vec![None; page.lines.len().saturating_sub(1)] };
        }
        let mut open = Vec::new();
        for (index, score) in self.of.iter_mut().enumerate().filter(|(index, _)| wanted(&page.lines[index + 1])) {
            if score.is_none() {
                *score = Some(Score::Closed);
                open.extend(is_open(page, index).then_some(index));
            }
        }
        if open.is_empty() {
            return;
        }
        let view = View::new(page);
        let (mut rows, mut scores) = (Vec::with_capacity(open.len().min(Plan::ROWS)), Vec::with_capacity(open.len()));
        for block in open.chunks(Plan::ROWS) {
            rows.clear();
            rows.extend(block.iter().map(|&index| weighed(&view.at(index))));
            weigher.plan.scores(&rows, &mut scores);
        }
        open.into_iter().zip(scores).for_each(|(index, score)| self.of[index] = Some(Score::Weighed(score)));
    }
}

/// Whether the evidence is to be weighed for the break after line `index`.
fn is_open(page: &Page<'_>, index: usize) -> bool {
    // A word may seem to run from a line that breaks off into the headline of the next article.
    !never_joined(page, index) && !heads_article(page, index + 1) && !is_heading(page, index)
}

/// Joins of one page, and what their reasons can be found from.
struct Joins {
    weigher: Arc<Weigher>,
    page: PageCopy,
    /// The lines that are joined with the next.
    lines: Vec<usize>,
    reasons: OnceLock<Vec<Vec<String>>>,
}

impl Witness for Joins {
    fn reasons(&self, decision: usize) -> Vec<String> {
        let reasons = self.reasons.get_or_init(|| {
            let page = self.page.page();
            let view = View::new(&page);
            let facts: Vec<Facts> = self.lines.iter().map(|&index| Facts::of(&view.at(index))).collect();
            let Weigher { trees, plan, shares } = &*self.weigher;
            Facts::tell_all(&facts, plan, shares.get_or_init(|| kind_shares(trees)))
        });
        reasons.get(decision).cloned().unwrap_or_default()
    }
}

impl Joiner {
    pub(super) fn new(rule: Arc<Rule>, between: Between, weighers: &mut Weighers) -> Result<Joiner, RuleError> {
        let params: Params = rule.params()?;
        let weigher = match weighers.entry((rule.root.clone(), params.trees.clone())) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(place) => {
                let text = rule.data("trees", &params.trees)?;
                let trees = Forest::parse(&text).and_then(|trees| super::seam::check(&trees).map(|()| trees));
                let trees = trees.map_err(|error| {
                    rule.error("trees", format!("{}: {error}", params.trees), "make the file anew with `jiaokan fit`")
                })?;
                place.insert(Arc::new(Weigher::new(trees))).clone()
            }
        };
        Ok(Joiner { between, params, weigher, rule })
    }

    /// Whether it decides on the break before a line.
    fn reaches(&self, line: &Line) -> bool {
        match self.between {
            Between::Nothing => line.blanks == 0,
            Between::Blanks => line.blanks > 0 && line.blanks <= self.params.most_blanks,
        }
    }

    /// A finding for each of `joins`, which are breaks with their probabilities.
    fn report(&self, page: &Page<'_>, joins: &[(usize, f32)]) -> Vec<Finding> {
        let lines = joins.iter().map(|join| join.0).collect();
        let witness = Joins { weigher: self.weigher.clone(), page: page.copy(), lines, reasons: OnceLock::new() };
        let witness: Arc<dyn Witness> = Arc::new(witness);
        let setting = page.profile.setting;
        let finding = |(decision, &(index, probability)): (usize, &(usize, f32))| {
            let sure = probability >= self.params.apply.of(setting) && !page.lines[index + 1].headline_zone;
            let limit = if sure { Applicability::Auto } else { Applicability::Review };
            let glue = glue(page, &page.lines[index], &page.lines[index + 1]);
            let mut finding = self.rule.replace(glue.0, glue.1, limit, self.rule.title.clone());
            finding.confidence = probability;
            finding.evidence = Evidence::witnessed(witness.clone(), decision);
            finding
        };
        joins.iter().enumerate().map(finding).collect()
    }
}

/// Whether line `index` is a heading, alone before a blank line: the document's title, or one with a number. A word may seem to
/// run from it into its text.
fn is_heading(page: &Page<'_>, index: usize) -> bool {
    /// Cells of a title and of a numbered heading at most.
    const LONGEST: [usize; 2] = [60, 40];
    let line = &page.lines[index];
    let titled = index == 0 && line.cells <= LONGEST[0];
    let numbered = line.blanks > 0 && line.list_item && line.cells <= LONGEST[1];
    let alone = page.lines[index + 1].blanks > 0 && page.profile.setting == Setting::Flowing;
    alone && (titled || numbered) && page.headline_like(index)
}

/// What stands between two joined lines, and what it replaces: nothing in Chinese, a space between Latin words, and what the
/// document itself does between Han and Latin. A hyphen that broke a Latin word goes.
pub(super) fn glue(page: &Page<'_>, a: &Line, b: &Line) -> (Span, &'static str) {
    let (left, right) = (page.text_of(a), page.text_of(b));
    let mut span = Span::new(a.span.end, b.span.start);
    let mut tail = left.chars().rev();
    let (Some(last), Some(first)) = (tail.next(), right.chars().next()) else { return (span, "") };
    if is_han(last) && is_han(first) {
        return (span, "");
    }
    let before = tail.next();
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
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let propose = self.params.propose.of(page.profile.setting);
        if propose > 1.0 || !page.lines.iter().skip(1).any(|line| self.reaches(line)) {
            return Vec::new();
        }
        let mut scores = page.scores.borrow_mut();
        // In hard-wrapped documents the rule about column breaks asks on the same page.
        let all = self.between == Between::Nothing && page.profile.setting != Setting::Flowing;
        scores.find(page, &self.weigher, |line| all || self.reaches(line));
        let mut joins = Vec::new();
        for (index, score) in scores.of.iter().enumerate().filter(|(index, _)| self.reaches(&page.lines[index + 1])) {
            if let Some(Score::Weighed(score)) = *score {
                let probability = probability(score);
                joins.extend((probability >= propose).then_some((index, probability)));
            }
        }
        if joins.is_empty() { Vec::new() } else { self.report(page, &joins) }
    }
}
