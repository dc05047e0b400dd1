//! Foreign words: function words of another language between Chinese words, and which Chinese word stood there.

use super::Detector;
use super::page::Page;
use crate::edit::{Applicability, Finding};
use crate::lexicon::Lexicon;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::{is_blank, is_han, is_unspaced};
use crate::text::kind::Kind;
use regex::Regex;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Each word with what may have stood in its place, the likeliest first. An empty text: nothing did.
    words: BTreeMap<String, Vec<String>>,
}

/// Finds the words.
pub(super) struct ForeignWord {
    rule: Arc<Rule>,
    params: Params,
    pattern: Regex,
}

/// What the place of a choice in the rule is worth, in eighths of a bit: each is so much less likely than the one before.
const RANK: i32 = 8;
/// What a word that the choice makes with its neighbour is worth.
const WORD: i32 = 60;

impl ForeignWord {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        let params: Params = rule.params()?;
        if params.words.is_empty() || params.words.values().any(Vec::is_empty) {
            return Err(rule.error("words", "a word has no choices", "write word = [\"choice\", ...], \"\" for nothing"));
        }
        let mut words: Vec<String> = params.words.keys().map(|word| regex::escape(word)).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        let words = words.join("|");
        // Words that are separated by blanks alone are one slip. In capitals they are operators: AND, OR.
        let pattern = Regex::new(&format!(r"(?:{words})(?:[ \u{{A0}}]+(?:{words}))*"));
        let pattern = pattern.map_err(|error| rule.error("words", error.to_string(), "write fewer or shorter words"))?;
        Ok(ForeignWord { rule, params, pattern })
    }

    /// The choices for `word` between `left` and `right`, the likeliest first.
    fn ranked(&self, lexicon: &Lexicon, word: &str, left: &str, right: &str) -> Vec<String> {
        let choices = &self.params.words[word];
        let worth = |(place, choice): (usize, &String)| {
            let mut worth = -(place as i32) * RANK;
            if let (Some(first), Some(last)) = (choice.chars().next(), choice.chars().last()) {
                let before = left.chars().next_back().filter(|&c| is_han(c));
                let after = right.chars().next().filter(|&c| is_han(c));
                worth += before.map_or(0, |c| i32::from(lexicon.association(c, first)));
                worth += after.map_or(0, |c| i32::from(lexicon.association(last, c)));
                // 以 and 时: the model put a word for the second half of 以及, or the first of 及时.
                let made = [before.map(|c| format!("{c}{choice}")), after.map(|c| format!("{choice}{c}"))];
                let common = made.into_iter().flatten().filter_map(|word| lexicon.frequency(&word)).max().unwrap_or(0);
                worth += if common >= 4 { WORD } else { 0 };
            } else if let (Some(a), Some(b)) = (left.chars().next_back(), right.chars().next()) {
                worth += i32::from(lexicon.association(a, b));
            }
            worth
        };
        let mut ranked: Vec<(i32, &String)> = choices.iter().enumerate().map(|choice| (-worth(choice), choice.1)).collect();
        ranked.sort_by_key(|choice| choice.0);
        ranked.into_iter().map(|(_, choice)| choice.clone()).collect()
    }
}

/// Whether Chinese stands at an end of `text`, or nothing but a name in Latin letters between it and Chinese.
fn side(text: &str, last: bool) -> Side {
    let end = |text: &str| if last { text.chars().next_back() } else { text.chars().next() };
    match end(text) {
        Some(c) if is_unspaced(c) || matches!(c, '%' | '(' | ')') => Side::Chinese,
        Some(c) if c.is_ascii_alphanumeric() => {
            let name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+' | '/');
            let rest = if last { text.trim_end_matches(name) } else { text.trim_start_matches(name) };
            match end(if last { rest.trim_end_matches(is_blank) } else { rest.trim_start_matches(is_blank) }) {
                Some(c) if is_unspaced(c) => Side::Name,
                _ => Side::Foreign,
            }
        }
        _ => Side::Foreign,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Chinese,
    Name,
    Foreign,
}

impl Detector for ForeignWord {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for line in page.lines.iter().filter(|line| line.kinds.is(Kind::LETTER | Kind::OTHER_LETTER) && !line.markup) {
            let text = page.text_of(line);
            for hit in self.pattern.find_iter(text) {
                let (left, right) = (&text[..hit.start()], &text[hit.end()..]);
                if left.ends_with(|c: char| c.is_alphanumeric() && !is_han(c))
                    || right.starts_with(|c: char| c.is_alphanumeric() && !is_han(c))
                {
                    continue;
                }
                let (left, right) = (left.trim_end_matches(is_blank), right.trim_start_matches(is_blank));
                let sides = (side(left, true), side(right, false));
                if !matches!(sides, (Side::Chinese, Side::Chinese) | (Side::Chinese, Side::Name) | (Side::Name, Side::Chinese)) {
                    continue;
                }
                let first = hit.as_str().split(is_blank).next().unwrap_or_default();
                let choices = self.ranked(page.lexicon, first, left, right);
                let span = Span::new(line.span.start + left.len(), line.span.end - right.len());
                let message = format!("`{}` between Chinese words", hit.as_str());
                let mut finding = self.rule.replace(span, choices[0].as_str(), Applicability::Review, message);
                finding.choices = choices;
                findings.push(finding);
            }
        }
        findings
    }
}
