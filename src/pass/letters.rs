//! Letters that look like other characters: digits written with letters, words that mix two alphabets.

use super::Detector;
use super::page::Page;
use crate::edit::{Applicability, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::kind::Kind;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DigitParams {
    /// The wrong character, and the digit it stands for.
    letters: HashMap<char, char>,
    /// What stands behind a number.
    units: String,
}

/// Finds `2O22年`.
pub(super) struct LetterForDigit {
    rule: Arc<Rule>,
    params: DigitParams,
}

impl LetterForDigit {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(LetterForDigit { params: rule.params()?, rule })
    }
}

impl Detector for LetterForDigit {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(DigitParams::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let counts = |c: char| c.is_ascii_digit() || self.params.letters.contains_key(&c);
        for line in page.lines.iter().filter(|line| line.kinds.is(Kind::LETTER | Kind::SIGN) && !line.markup) {
            let text = page.text_of(line);
            for run in runs(text, counts) {
                let number = run.of(text);
                let right: String = number.chars().map(|c| *self.params.letters.get(&c).unwrap_or(&c)).collect();
                let digits = number.chars().filter(char::is_ascii_digit).count();
                let unit = text[run.end..].starts_with(|c| self.params.units.contains(c));
                let word = text[..run.start].ends_with(|c: char| c.is_alphabetic() && c.is_ascii() || c == '.');
                if right != number && digits > 0 && unit && !word {
                    let span = Span::new(line.span.start + run.start, line.span.start + run.end);
                    let message = format!("`{number}` should be `{right}`");
                    findings.push(self.rule.replace(span, right, Applicability::Review, message));
                }
            }
        }
        findings
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AlphabetParams {
    /// Letters of other alphabets, each followed by the Latin one that it looks like.
    letters: String,
}

/// Finds `СPU` with a Cyrillic С.
pub(super) struct LookAlikeLetter {
    rule: Arc<Rule>,
    letters: HashMap<char, char>,
}

impl LookAlikeLetter {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        let params: AlphabetParams = rule.params()?;
        let letters: Vec<char> = params.letters.chars().collect();
        let wrong = letters.chunks(2).any(|pair| pair.len() < 2 || pair[0].is_ascii() || !pair[1].is_ascii_alphabetic());
        if letters.is_empty() || wrong {
            return Err(rule.error("letters", "a letter lacks its Latin look-alike", "write both in turn: `СCРP`"));
        }
        Ok(LookAlikeLetter { rule, letters: letters.chunks(2).map(|pair| (pair[0], pair[1])).collect() })
    }
}

impl Detector for LookAlikeLetter {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(AlphabetParams::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let both = |kinds: Kind| kinds.is(Kind::LETTER) && kinds.is(Kind::OTHER_LETTER);
        for line in page.lines.iter().filter(|line| both(line.kinds) && !line.markup) {
            let text = page.text_of(line);
            for run in runs(text, |c| Kind::of(c).is(Kind::LETTER) || self.letters.contains_key(&c)) {
                let word = run.of(text);
                let right: String = word.chars().map(|c| *self.letters.get(&c).unwrap_or(&c)).collect();
                // A word beside other letters is a word of their alphabet.
                let other = |c: Option<char>| c.is_some_and(|c| Kind::of(c).is(Kind::OTHER_LETTER));
                let foreign = other(text[..run.start].chars().next_back()) || other(text[run.end..].chars().next());
                if right != word && word.chars().any(|c| c.is_ascii()) && !foreign {
                    let span = Span::new(line.span.start + run.start, line.span.start + run.end);
                    let message = format!("`{word}` mixes two alphabets");
                    findings.push(self.rule.replace(span, right, Applicability::Review, message));
                }
            }
        }
        findings
    }
}

/// The longest runs of characters that are `wanted`.
fn runs(text: &str, wanted: impl Fn(char) -> bool) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for (at, c) in text.char_indices().filter(|&(_, c)| wanted(c)) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += c.len_utf8(),
            _ => runs.push(Span::new(at, at + c.len_utf8())),
        }
    }
    runs
}
