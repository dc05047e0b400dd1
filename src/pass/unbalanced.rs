//! Unbalanced pairs: quotes and brackets without their other half.

use super::Detector;
use super::page::{Page, Setting, Start};
use crate::edit::Finding;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PairParams {
    /// Opening and closing marks, in pairs: `“”‘’`. Several forms of one mark are written as pairs of their own.
    pairs: String,
}

/// Marks that can be open at once; more of them are no nesting but damage, and would take time to match.
const DEEPEST: usize = 32;

/// Quotes or brackets without their other half.
pub(super) struct Unbalanced {
    rule: Arc<Rule>,
    open: Vec<char>,
    close: Vec<char>,
}

impl Unbalanced {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        let params: PairParams = rule.params()?;
        let marks: Vec<char> = params.pairs.chars().filter(|c| !c.is_whitespace()).collect();
        if !marks.len().is_multiple_of(2) || marks.is_empty() {
            return Err(rule.error("pairs", "a mark lacks its other half", "write opening and closing marks in turn"));
        }
        Ok(Unbalanced {
            rule,
            open: marks.iter().step_by(2).copied().collect(),
            close: marks.iter().skip(1).step_by(2).copied().collect(),
        })
    }

    /// A bracket of either width closes one of either width.
    fn family(c: char) -> char {
        match c {
            '（' => '(',
            '）' => ')',
            '［' => '[',
            '］' => ']',
            c => c,
        }
    }

    fn report(&self, span: Span, page: &Page<'_>, what: &str) -> Finding {
        self.rule.flag(span, format!("`{}` is never {what}", span.of(page.text)))
    }
}

impl Detector for Unbalanced {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut open: Vec<(char, Span)> = Vec::new();
        for (index, line) in page.lines.iter().enumerate() {
            if line.markup {
                continue;
            }
            let text = page.text_of(line);
            // The bracket of `1)` and `（一）`-like markers at a line's start opens nothing.
            let marker = text.char_indices().take(4).find(|(_, c)| matches!(c, ')' | '）')).map(|(at, _)| at);
            let marker = marker.filter(|&at| text[..at].chars().all(char::is_alphanumeric));
            for (at, c) in text.char_indices() {
                let span = Span::new(line.span.start + at, line.span.start + at + c.len_utf8());
                if self.open.contains(&c) {
                    if open.len() == DEEPEST {
                        findings.push(self.report(open.remove(0).1, page, "closed"));
                    }
                    open.push((Self::family(c), span));
                } else if let Some(which) = self.close.iter().position(|&close| close == c) {
                    if marker == Some(at) {
                        continue;
                    }
                    match open.iter().rposition(|o| o.0 == Self::family(self.open[which])) {
                        Some(found) => {
                            findings.extend(open.drain(found..).skip(1).map(|(_, span)| self.report(span, page, "closed")));
                        }
                        None => findings.push(self.report(span, page, "opened")),
                    }
                }
            }
            let next = page.lines.get(index + 1);
            let paragraph_goes_on = next.is_some_and(|n| n.blanks == 0) && page.profile.setting != Setting::Flowing;
            if !paragraph_goes_on {
                // A quotation of several paragraphs opens anew with each and closes with the last.
                let resumed = next.is_some_and(|n| n.start == Start::Quote);
                let quoted = |c: char| matches!(c, '“' | '「' | '『');
                findings.extend(
                    open.drain(..).filter(|o| !(resumed && quoted(o.0))).map(|(_, span)| self.report(span, page, "closed")),
                );
            }
        }
        findings.extend(open.drain(..).map(|(_, span)| self.report(span, page, "closed")));
        findings
    }
}
