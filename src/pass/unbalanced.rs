//! Unbalanced pairs: quotes and brackets without their other half.

use super::Detector;
use super::page::Page;
use crate::edit::Finding;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use crate::text::kind::Kind;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::collections::HashMap;
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

    /// What is told of marks without their other half. A long run of one mark is told of as one.
    fn report(&self, mut lost: Vec<Lost>, page: &Page<'_>) -> Vec<Finding> {
        lost.sort_by_key(|lost| lost.span.start);
        let mut messages: HashMap<(&str, &str), Arc<str>> = HashMap::new();
        let mark = |lost: &Lost| lost.span.of(page.text);
        let same = |a: &Lost, b: &Lost| a.span.end == b.span.start && a.never == b.never && mark(a) == mark(b);
        let mut findings = Vec::new();
        for run in lost.chunk_by(same) {
            let (first, last) = (&run[0], &run[run.len() - 1]);
            let told = || format!("`{}` is never {}", mark(first), first.never);
            if run.len() > DEEPEST {
                let message = format!("{}, {} times in a row", told(), run.len());
                findings.push(self.rule.flag(first.span.hull(last.span), message));
                continue;
            }
            let message = messages.entry((mark(first), first.never)).or_insert_with(|| told().into());
            findings.extend(run.iter().map(|lost| self.rule.flag(lost.span, message.clone())));
        }
        findings
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

/// A mark without its other half.
struct Lost {
    span: Span,
    /// What never happens to it.
    never: &'static str,
}

impl Open {
    /// When nothing comes that closes it.
    fn lost(self) -> Lost {
        Lost { span: self.span, never: "closed" }
    }
}

impl Detector for Unbalanced {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(PairParams::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut lost = Vec::new();
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
                            lost.extend(open.drain(found..).map(Open::lost));
                        }
                    }
                    if open.len() == DEEPEST {
                        lost.push(open.remove(0).lost());
                    }
                    open.push(Open { family, span, line: index });
                } else if let Some(which) = self.close.iter().position(|&close| close == c) {
                    let family = Self::family(self.open[which]);
                    match open.iter().rposition(|o| o.family == family) {
                        Some(found) => {
                            lost.extend(open.drain(found..).skip(1).map(Open::lost));
                        }
                        None if Self::stands_alone(text, at, c) => {}
                        None => lost.push(Lost { span, never: "opened" }),
                    }
                }
            }
            lost.extend(open.extract_if(.., |o| index - o.line > self.params.farthest).map(Open::lost));
        }
        lost.extend(open.into_iter().map(Open::lost));
        self.report(lost, page)
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '“' | '‘' | '「' | '『')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Applicability;
    use crate::pass::Pipeline;
    use crate::rule::Pack;
    use crate::text::Source;

    #[test]
    fn a_long_run_of_one_mark_is_one_finding() {
        let pipeline = Pipeline::with(&Pack::built_in().unwrap(), |rule| &*rule.id == "flag/unbalanced-bracket").unwrap();
        let found = |text: &str| pipeline.revise(Source::from_text("a", text), Applicability::Auto).findings;
        assert_eq!(found(&format!("全县{}", "（".repeat(DEEPEST))).len(), DEEPEST);
        for (marks, message) in
            [("（", "`（` is never closed, 100000 times in a row"), ("》", "`》` is never opened, 100000 times in a row")]
        {
            let run = marks.repeat(100_000);
            let findings = found(&format!("全县{run}共有【十二个乡镇。"));
            assert_eq!(findings.len(), 2);
            assert_eq!((findings[0].span, &*findings[0].message), (Span::new(6, 6 + run.len()), message));
            assert_eq!(&*findings[1].message, "`【` is never closed");
        }
        assert_eq!(found(&"（【".repeat(100)).len(), 200);
    }
}
