//! Garble: marks that stand where characters were lost.

use super::Detector;
use super::page::Page;
use crate::edit::Finding;
use crate::rule::{Regexes, Rule, RuleError};
use crate::text::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// What stands where something was lost.
    marks: Regexes,
    /// Characters between two marks, at most, for them to be one place. What is left there is of little use.
    most_between: usize,
}

/// Finds places where characters were lost.
pub(super) struct Lost {
    rule: Arc<Rule>,
    params: Params,
}

impl Lost {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(Lost { params: rule.params()?, rule })
    }

    /// Whether what stands between two marks is so short, and of one line.
    fn is_close(&self, between: &str) -> bool {
        let mut chars = between.chars();
        (0..=self.params.most_between).any(|_| chars.next().is_none_or(|c| matches!(c, '\n' | '\r')))
            && !between.contains(['\n', '\r'])
    }
}

impl Detector for Lost {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        if !self.params.marks.may_match(page.inventory()) {
            return Vec::new();
        }
        // The places, with the number of marks in each.
        let mut places: Vec<(Span, usize)> = Vec::new();
        for mark in self.params.marks.find_iter(page.text) {
            match places.last_mut().filter(|(place, _)| self.is_close(&page.text[place.end..mark.start])) {
                Some((place, count)) => {
                    place.end = mark.end;
                    *count += 1;
                }
                None => places.push((mark, 1)),
            }
        }
        let findings = places.into_iter().map(|(place, count)| {
            let message = match count {
                1 => format!("{}: `{}`", self.rule.title, shown(place.of(page.text))),
                _ => format!("{}: {count} places close together", self.rule.title),
            };
            self.rule.flag(place, message)
        });
        findings.collect()
    }
}

/// The beginning of `text`; characters that cannot be seen by their numbers.
fn shown(text: &str) -> String {
    let mut chars = text.chars();
    let mut start = String::new();
    for c in chars.by_ref().take(8) {
        match c {
            '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. => start += &format!("U+{:04X} ", c as u32),
            c => start.push(c),
        }
    }
    let start = start.trim_end();
    if chars.next().is_some() { format!("{start}…") } else { start.to_owned() }
}
