//! Loops: a model that writes the same again and again, whatever it is and wherever it began.

use super::Detector;
use super::page::Page;
use crate::edit::{Applicability, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::{is_han, is_sentence_end};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// A loop is at least this long, in bytes.
    least: usize,
    /// What comes again must come at least this often when it is a few characters.
    often: usize,
    /// And this often when it is long.
    thrice: usize,
    /// From so many bytes on it is long.
    long: usize,
    /// Characters of which any number may stand in a row: laughter, and other sounds.
    sounds: String,
}

/// Finds runaway loops of any period.
pub(super) struct Loops {
    rule: Arc<Rule>,
    params: Params,
}

/// Bytes by which a text is found to come again.
const WINDOW: usize = 16;

impl Loops {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(Loops { params: rule.params()?, rule })
    }

    /// Whether a period is language, and not a ruled line, a row of a form, or laughter.
    fn is_language(&self, period: &str) -> bool {
        let (mut han, mut others, mut sounds) = (0, 0, 0);
        for c in period.chars() {
            han += usize::from(is_han(c));
            sounds += usize::from(self.params.sounds.contains(c));
            others += usize::from(!is_han(c) && !c.is_whitespace());
        }
        han > sounds && han >= others
    }

    fn finding(&self, page: &Page<'_>, span: Span, period: usize) -> Option<Finding> {
        let text = span.of(page.text);
        let count = text.len() / period;
        let needed = if period >= self.params.long { self.params.thrice } else { self.params.often };
        if text.len() < self.params.least || count < needed || !self.is_language(&text[..period]) {
            return None;
        }
        let first = text[..period].trim();
        let shown: String = first.chars().take(12).collect();
        let dots = if shown.len() < first.len() { "…" } else { "" };
        let message = format!("`{shown}{dots}` comes {count} times in a row");
        // Any place within the slack will do to cut: best is one where a sentence or a line has just ended.
        let from = span.start + period;
        let slack = &page.text[from..from + text.len() % period];
        let ends = |c: char| is_sentence_end(c) || matches!(c, '\n' | '，' | '、' | ',' | '；');
        let after =
            |wanted: &dyn Fn(char) -> bool| slack.char_indices().find(|&(_, c)| wanted(c)).map(|(at, c)| at + c.len_utf8());
        let shift = match page.text[..from].ends_with(ends) {
            true => 0,
            false => after(&|c| is_sentence_end(c) || c == '\n').or_else(|| after(&ends)).unwrap_or(0),
        };
        let cut = Span::new(from + shift, from + shift + (count - 1) * period);
        Some(self.rule.replace(cut, "", Applicability::Review, message))
    }
}

impl Detector for Loops {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let bytes = page.text.as_bytes();
        let mut findings = Vec::new();
        if bytes.len() < self.params.least {
            return findings;
        }
        // Where each window was last seen, by its hash. What is pushed out is forgotten: a loop comes again soon enough.
        let slots = (bytes.len() / 4).next_power_of_two().clamp(1 << 8, 1 << 15);
        let mut seen = vec![u32::MAX; slots];
        let shift = 64 - slots.trailing_zeros();
        let (mut at, mut tried) = (0, (0, 0));
        while at + WINDOW <= bytes.len() && at < u32::MAX as usize {
            let byte = bytes[at];
            // Loops begin with a character of the language often enough; others need not be looked at.
            if byte < 0xE3 {
                at += 1;
                continue;
            }
            let key = &bytes[at..at + WINDOW];
            let half = |from: usize| u64::from_le_bytes(key[from..from + 8].try_into().expect("eight bytes"));
            let hash = (half(0) ^ half(8).rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let slot = &mut seen[(hash >> shift) as usize];
            let before = std::mem::replace(slot, at as u32) as usize;
            if before < at && bytes[before..before + WINDOW] == *key {
                let period = at - before;
                // What was found too short with this period is not measured again at every character.
                if tried != (period, at) && tried.0 == period && at < tried.1 {
                    at += 3;
                    continue;
                }
                let more = bytes[at + WINDOW..].iter().zip(&bytes[at + WINDOW - period..]).take_while(|(a, b)| a == b).count();
                let mut end = at + WINDOW + more;
                while !page.text.is_char_boundary(end) {
                    end -= 1;
                }
                tried = (period, end);
                if let Some(finding) = self.finding(page, Span::new(before, end), period) {
                    findings.push(finding);
                    at = end;
                    continue;
                }
            }
            at += if byte < 0xF0 { 3 } else { 4 };
        }
        findings
    }
}
