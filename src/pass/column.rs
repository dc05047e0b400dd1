//! Column: a sentence that goes on behind a caption. Breaks with nothing but blank lines between are [`super::wrap`]'s.

use super::Detector;
use super::dedupe::removal;
use super::page::{End, Page};
use super::seam::across;
use crate::edit::{Applicability, Change, Finding};
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Captions that may stand between.
    most_captions: usize,
    /// The half before the caption is at least this long, in characters.
    least: usize,
}

/// Brings the halves together and leaves the caption after them.
pub(super) struct OverCaption {
    rule: Arc<Rule>,
    params: Params,
}

impl OverCaption {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(OverCaption { params: rule.params()?, rule })
    }
}

fn commas(text: &str) -> usize {
    text.chars().filter(|c| matches!(c, '，' | ',' | '、')).count()
}

/// Whether the line breaks off in running text.
pub(super) fn breaks_off(page: &Page<'_>, index: usize, least: usize) -> bool {
    let line = &page.lines[index];
    // A closing bracket ends a signature or a caption; a closing quote may stand anywhere in a sentence.
    let bracketed = line.closed && page.text_of(line).ends_with(['）', ')', '】', ']', '〕']);
    let unfinished =
        matches!(line.end, End::Han | End::Comma | End::Opener) && !bracketed || line.open > 0 && line.end != End::Sentence;
    unfinished
        && line.is_body()
        && line.chars >= least
        && !line.end_mark
        && !line.signature
        && (line.inner_sentence || line.chars >= 45 || line.chars >= 25 && commas(page.text_of(line)) >= 2)
        && !(page.headline_like(index) && (line.chars < 25 || line.commas == 0))
}

impl Detector for OverCaption {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        for index in 0..page.lines.len() {
            let captions =
                page.lines[index + 1..].iter().take(self.params.most_captions + 1).take_while(|line| line.caption).count();
            let head = index + 1 + captions;
            if captions == 0
                || captions > self.params.most_captions
                || head >= page.lines.len()
                || !breaks_off(page, index, self.params.least)
            {
                continue;
            }
            let (a, b) = (&page.lines[index], &page.lines[head]);
            if b.opener || b.markup || b.byline || page.headline_like(head) && b.end != End::Sentence {
                continue;
            }
            let ([_, strong], word) = across(page.lexicon, page.text_of(a), page.text_of(b));
            let Some(word) = word.filter(|_| strong > 0.0) else { continue };
            let changes = vec![
                Change { span: Span::new(a.span.end, a.span.end), text: page.text_of(b).to_owned() },
                Change { span: removal(page, head, head), text: String::new() },
            ];
            let span = Span::new(a.span.end, b.span.end);
            let message = format!("a caption stands inside `{word}`: the sentence goes on behind it");
            let mut finding = self.rule.change(span, changes, Applicability::Review, message);
            finding.evidence.push(format!("`{word}` runs across the caption"));
            findings.push(finding);
        }
        findings
    }
}
