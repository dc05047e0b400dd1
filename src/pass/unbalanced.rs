//! Unbalanced pairs: quotes and brackets without their other half.

use super::Detector;
use super::page::Page;
use crate::edit::Finding;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::kind::Kind;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PairParams {
    /// Opening and closing marks, in pairs: `“”‘’`. Several forms of one mark are written as pairs of their own.
    pairs: String,
    /// Lines between the two halves, at most: quotations and brackets may hold several.
    farthest: usize,
}

/// Marks that can be open at once; more of them are no nesting but damage, and would take time to match.
const DEEPEST: usize = 32;

/// Quotes or brackets without their other half.
pub(super) struct Unbalanced {
    rule: Arc<Rule>,
    params: PairParams,
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
            params,
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

    /// Whether a closing mark closes nothing by its nature: of an item (`1)`), a smile (`:)`), an apostrophe before a year (’98).
    fn stands_alone(text: &str, at: usize, c: char) -> bool {
        let (before, after) = (&text[..at], &text[at + c.len_utf8()..]);
        match c {
            ')' | '）' => {
                // No more than three characters are looked at: a line may be long.
                let item = before.chars().nth(3).is_none() && !before.is_empty() && before.chars().all(char::is_alphanumeric);
                item || before.ends_with([':', '：', ';', '；']) || before.ends_with(":-") || before.ends_with(";-")
            }
            '’' => {
                let mut after = after.chars();
                let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || matches!(c, '０'..='９'));
                digit(after.next()) && digit(after.next()) || before.ends_with(|c: char| c.is_ascii_alphanumeric())
            }
            _ => false,
        }
    }
}

/// A mark that waits for its other half.
struct Open {
    family: char,
    span: Span,
    /// The line it stands in, or the last one that took it up again.
    line: usize,
}

impl Detector for Unbalanced {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(PairParams::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        for (index, line) in page.lines.iter().enumerate() {
            if line.markup || !line.kinds.is(Kind::OPENER | Kind::CLOSER) {
                continue;
            }
            let text = page.text_of(line);
            for (at, c) in text.char_indices().filter(|(_, c)| Kind::of(*c).is(Kind::OPENER | Kind::CLOSER)) {
                let span = Span::new(line.span.start + at, line.span.start + at + c.len_utf8());
                if self.open.contains(&c) {
                    let family = Self::family(c);
                    if let Some(found) = open.iter().rposition(|o| o.family == family) {
                        // A quotation of several paragraphs opens anew with each and closes with the last.
                        if at == 0 && open[found].line < index && is_quote(c) {
                            open[found].line = index;
                            continue;
                        }
                        // Brackets and corner quotes nest, curved quotes of one kind do not.
                        if matches!(c, '“' | '‘') || open[found].line < index {
                            findings.extend(open.drain(found..).map(|o| self.report(o.span, page, "closed")));
                        }
                    }
                    if open.len() == DEEPEST {
                        findings.push(self.report(open.remove(0).span, page, "closed"));
                    }
                    open.push(Open { family, span, line: index });
                } else if let Some(which) = self.close.iter().position(|&close| close == c) {
                    let family = Self::family(self.open[which]);
                    match open.iter().rposition(|o| o.family == family) {
                        Some(found) => {
                            findings.extend(open.drain(found..).skip(1).map(|o| self.report(o.span, page, "closed")));
                        }
                        None if Self::stands_alone(text, at, c) => {}
                        None => findings.push(self.report(span, page, "opened")),
                    }
                }
            }
            while let Some(lost) = open.iter().position(|o| index - o.line > self.params.farthest) {
                findings.push(self.report(open.remove(lost).span, page, "closed"));
            }
        }
        findings.extend(open.drain(..).map(|o| self.report(o.span, page, "closed")));
        findings
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '“' | '‘' | '「' | '『')
}
