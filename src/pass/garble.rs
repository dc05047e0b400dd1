//! Garble: phrases that a model wrote twice. What patterns can say stands in the rule files.

use super::Detector;
use super::page::Page;
use crate::edit::{Applicability, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::chars::{is_han, is_number_char};
use serde::Deserialize;
use std::collections::HashSet;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Characters of the phrase, at least.
    least: usize,
    /// Characters of the phrase, at most.
    most: usize,
    /// Characters between the brackets of `X（y）X`, at most.
    most_bracketed: usize,
    /// Phrases that are said twice by intent.
    spared: HashSet<String>,
    /// A doubled phrase that begins with one of these is said twice by intent.
    spared_starts: String,
}

/// Finds `X、X、X`, `XX` and `X（y）X`.
pub(super) struct RepeatedPhrase {
    rule: Arc<Rule>,
    params: Params,
}

/// One character with its offset in the page.
type Spot = (usize, char);

impl RepeatedPhrase {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(RepeatedPhrase { params: rule.params()?, rule })
    }

    fn phrase(chars: &[Spot]) -> String {
        chars.iter().map(|c| c.1).collect()
    }

    fn spared(&self, phrase: &[Spot]) -> bool {
        let first = phrase[0].1;
        let all_same = phrase.iter().all(|c| c.1 == first);
        let numbers = phrase.iter().filter(|c| is_number_char(c.1)).count();
        all_same
            || self.params.spared_starts.contains(first)
            || numbers * 2 > phrase.len()
            || self.params.spared.contains(&Self::phrase(phrase))
    }

    /// The length of a phrase at `at` that follows itself, with how often, and where the last one ends.
    fn repetition(&self, chars: &[Spot], at: usize) -> Option<(usize, usize, usize)> {
        for length in self.params.least..=self.params.most {
            let &(_, after) = chars.get(at + length)?;
            let separated = matches!(after, '、' | '，' | ',' | ' ');
            let step = length + usize::from(separated);
            if !separated && after != chars[at].1 {
                continue;
            }
            let phrase = &chars[at..at + length];
            if !phrase.iter().all(|c| is_han(c.1)) {
                return None;
            }
            let same =
                |from: usize| chars.get(from..from + length).is_some_and(|next| next.iter().zip(phrase).all(|(a, b)| a.1 == b.1));
            let mut count = 1;
            while same(at + step * count) && (!separated || chars[at + step * count - 1].1 == after) {
                count += 1;
            }
            if count >= if separated { 3 } else { 2 } {
                return Some((length, count, at + step * (count - 1) + length));
            }
        }
        None
    }

    /// `X（y）X` around the opening bracket at `at`: the length of X and the end of the second.
    fn around_bracket(&self, chars: &[Spot], at: usize) -> Option<(usize, usize)> {
        let close = chars[at + 1..].iter().take(self.params.most_bracketed + 1).position(|c| matches!(c.1, ')' | '）'))? + at + 1;
        let inner = &chars[at + 1..close];
        if inner.is_empty() || !inner.iter().all(|c| is_han(c.1)) {
            return None;
        }
        let most = at.min(chars.len() - close - 1).min(self.params.most + 4);
        (self.params.least..=most).rev().find_map(|length| {
            let (before, after) = (&chars[at - length..at], &chars[close + 1..close + 1 + length]);
            let same = before.iter().zip(after).all(|(a, b)| a.1 == b.1 && is_han(a.1));
            same.then_some((length, close + 1 + length))
        })
    }
}

impl Detector for RepeatedPhrase {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut chars: Vec<Spot> = Vec::new();
        for line in page.lines.iter().filter(|line| !line.markup) {
            chars.clear();
            chars.extend(page.text_of(line).char_indices().map(|(at, c)| (line.span.start + at, c)));
            let end_of = |index: usize| chars.get(index).map_or(line.span.end, |c| c.0);
            let mut at = 0;
            while at < chars.len() {
                let c = chars[at].1;
                if matches!(c, '(' | '（') {
                    if let Some((length, end)) = self.around_bracket(&chars, at) {
                        let span = Span::new(chars[at - length].0, end_of(end));
                        let phrase = Self::phrase(&chars[at - length..at]);
                        let bracketed = &page.text[span.start..end_of(end - length)];
                        let message = format!("`{phrase}` stands on both sides of a bracket");
                        let mut finding = self.rule.replace(span, phrase.as_str(), Applicability::Review, message);
                        finding.choices = vec![phrase.clone(), bracketed.to_owned()];
                        findings.push(finding);
                        at = end;
                        continue;
                    }
                } else if is_han(c)
                    && let Some((length, count, end)) = self.repetition(&chars, at)
                {
                    let phrase = &chars[at..at + length];
                    let exclaimed = at > 0
                        && matches!(chars[at - 1].1, '“' | '「' | '‘')
                        && chars.get(end).is_some_and(|c| matches!(c.1, '！' | '!' | '…' | '？' | '?'));
                    if !self.spared(phrase) && !exclaimed {
                        let span = Span::new(chars[at].0, end_of(end));
                        let phrase = Self::phrase(phrase);
                        let message = format!("`{phrase}` stands {count} times in a row");
                        let mut finding = self.rule.replace(span, phrase.as_str(), Applicability::Review, message);
                        finding.choices = vec![phrase];
                        findings.push(finding);
                    }
                    at = end;
                    continue;
                }
                at += 1;
            }
        }
        findings
    }
}
