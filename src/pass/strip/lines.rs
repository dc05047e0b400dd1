//! Lines that are of a kind by what they say: notices, mastheads, credits, prompts.

use crate::edit::{Applicability, Finding};
use crate::pass::Detector;
use crate::pass::dedupe::removal;
use crate::pass::page::Page;
use crate::rule::{Regexes, Rule, RuleError};
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
}

impl LineClass {
    pub(in crate::pass) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(LineClass { params: rule.params()?, rule })
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
            let heads = p.heads.is_match(text);
            if !heads && !p.lines.is_match(text) || p.unless.is_match(text) {
                continue;
            }
            let mut headed = 0;
            while index < page.lines.len() && allowed(index) {
                let (line, text) = (&page.lines[index], page.text_of(&page.lines[index]));
                let of_kind = p.lines.is_match(text) || heads && headed < p.most_headed && line.blanks == 0;
                if !of_kind || p.heads.is_match(text) || p.unless.is_match(text) {
                    break;
                }
                headed += 1;
                index += 1;
            }
            if heads && index == from + 1 && !p.lines.is_match(text) {
                continue;
            }
            let span = removal(page, from, index - 1);
            findings.push(self.rule.replace(span, "", Applicability::Auto, self.rule.title.clone()));
        }
        findings
    }
}
