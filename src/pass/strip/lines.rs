//! Lines that are of a kind by what they say: notices, mastheads, credits, prompts.

use crate::edit::{Applicability, Finding};
use crate::pass::Detector;
use crate::pass::dedupe::removal;
use crate::pass::page::Page;
use crate::rule::{Regexes, Rule, RuleError, Sieve, Sifted};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LineParams {
    /// Characters of a line at most.
    longest: usize,
    /// Lines of this kind.
    lines: Regexes,
    /// Lines that head others of this kind: those that follow without a blank line.
    heads: Regexes,
    /// Lines that one head has at most.
    most_headed: usize,
    /// Lines that are of another kind all the same, and end what a head began.
    unless: Regexes,
}

/// Finds lines of one kind, for removal.
pub(in crate::pass) struct LineClass {
    rule: Arc<Rule>,
    params: LineParams,
    /// Tells which lines may head others, and which may be of this kind.
    sieve: Sieve,
}

impl LineClass {
    pub(in crate::pass) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        let params: LineParams = rule.params()?;
        let sieve = Regexes::sieve([&params.heads, &params.lines].into_iter(), std::iter::empty());
        Ok(LineClass { rule, params, sieve })
    }

    /// Whether a line heads others, and whether it is of this kind.
    fn class(&self, text: &str) -> (bool, bool) {
        let Sifted { may, does } = self.sieve.sift(text);
        let holds = |bit: u64, patterns: &Regexes| does & bit != 0 || may & bit != 0 && patterns.is_match_but_for_words(text);
        (holds(1, &self.params.heads), holds(2, &self.params.lines))
    }
}

impl Detector for LineClass {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(LineParams::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let p = &self.params;
        let allowed = |index: usize| {
            let line = &page.lines[index];
            line.chars <= p.longest && !line.markup && !line.opener
        };
        let mut findings = Vec::new();
        let mut index = 0;
        while index < page.lines.len() {
            let text = page.text_of(&page.lines[index]);
            let from = index;
            index += 1;
            if !allowed(from) {
                continue;
            }
            let (heads, is_line) = self.class(text);
            if !heads && !is_line || p.unless.is_match(text) {
                continue;
            }
            let mut headed = 0;
            while index < page.lines.len() && allowed(index) {
                let (line, text) = (&page.lines[index], page.text_of(&page.lines[index]));
                let (is_head, is_line) = self.class(text);
                let of_kind = is_line || heads && headed < p.most_headed && line.blanks == 0;
                if !of_kind || is_head || p.unless.is_match(text) {
                    break;
                }
                headed += 1;
                index += 1;
            }
            if heads && index == from + 1 && !is_line {
                continue;
            }
            let span = removal(page, from, index - 1);
            findings.push(self.rule.replace(span, "", Applicability::Auto, self.rule.title.clone()));
        }
        findings
    }
}
