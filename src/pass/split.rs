//! Article split: an article's opening in the middle of a line.

use super::Detector;
use super::page::Page;
use crate::edit::{Applicability, Finding};
use crate::rule::{Regexes, Rule, RuleError};
use crate::text::Span;
use crate::text::chars::{is_blank, is_closer, is_han, is_sentence_end};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    /// How an article opens, wherever it stands.
    openers: Regexes,
}

/// Splits a line before an opener.
pub(super) struct GluedOpener {
    rule: Arc<Rule>,
    params: Params,
}

impl GluedOpener {
    pub(super) fn new(rule: Arc<Rule>) -> Result<Self, RuleError> {
        Ok(GluedOpener { params: rule.params()?, rule })
    }
}

impl Detector for GluedOpener {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let mut findings = Vec::new();
        let (mut line_start, mut read) = (0, 0);
        for opener in self.params.openers.find_iter(page.text) {
            if let Some(at) = page.text[read..opener.start].rfind(['\n', '\r']) {
                line_start = read + at + 1;
            }
            read = opener.start;
            let before = &page.text[line_start..opener.start];
            let kept = before.trim_end_matches(is_blank);
            let Some(last) = kept.chars().next_back() else { continue };
            let parted = kept.len() < before.len();
            let closes = is_sentence_end(last) || (is_closer(last) && last != '”') || last.is_ascii_digit();
            if !(closes || parted && (is_han(last) || is_closer(last))) {
                continue;
            }
            let span = Span::new(line_start + kept.len(), opener.start);
            let mut finding = self.rule.replace(span, page.newline.as_str(), Applicability::Auto, self.rule.title.clone());
            finding.evidence.push(format!("`{}` opens an article", opener.of(page.text)));
            findings.push(finding);
        }
        findings
    }
}
