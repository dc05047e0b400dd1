//! Reposts: documents that are the same as another, or nearly so.

use super::Keep;
use crate::edit::{Applicability, Finding, RuleId};
use crate::index::ROWS;
use crate::pass::Detector;
use crate::pass::page::Page;
use crate::rule::{Rule, RuleError};
use crate::text::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::cmp::Reverse;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Which document stays.
    keep: Keep,
    /// Shorter documents are not compared, in characters that count.
    least: u64,
    /// So many of a hundred rows of two sketches must agree for documents to be nearly the same.
    alike: u32,
}

/// Reports documents that are copies.
pub(in crate::pass) struct Reposts {
    rule: Arc<Rule>,
    params: Params,
}

impl Reposts {
    pub(in crate::pass) fn new(rule: Arc<Rule>, known: &mut Option<(RuleId, Keep)>) -> Result<Self, RuleError> {
        let params: Params = rule.params()?;
        params.keep.agree(&rule, known)?;
        Ok(Reposts { rule, params })
    }
}

impl Detector for Reposts {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let (Some(here), [first, .., last] | [first @ last]) = (page.here, page.lines.as_slice()) else { return Vec::new() };
        let index = &here.index;
        let document = |number: u32| index.documents().get(number as usize);
        if document(here.document).is_none_or(|document| document.chars < self.params.least) {
            return Vec::new();
        }
        let key = |number: u32| match (self.params.keep, document(number)) {
            (Keep::Best, Some(document)) => (document.defects, Reverse(document.chars), number),
            _ => (0, Reverse(0), number),
        };
        let best = |others: &mut dyn Iterator<Item = u32>| {
            others.min_by_key(|&other| key(other)).filter(|&other| key(other) < key(here.document))
        };
        let name = |number: u32| document(number).map_or("", |document| document.path.as_str());
        if let Some(kept) = best(&mut index.same_as(here.document).iter().copied()) {
            let count = index.same_as(here.document).len();
            let message = format!("this document is the same as {}, blanks and marks aside", name(kept));
            let only_report = self.params.keep == Keep::All || self.rule.applicability == Applicability::Flag;
            let mut finding = match only_report {
                // A report of the whole text would hold the whole text.
                true => self.rule.flag(first.span, message),
                false => self.rule.replace(Span::new(first.raw.start, last.raw.end), "", Applicability::Auto, message),
            };
            finding.evidence.push(format!("{count} documents are the same"));
            return vec![finding];
        }
        let near = index.near_document(here.document);
        let alike = |rows: u32| rows * 100 / ROWS as u32;
        let mut near = near.iter().filter(|near| alike(near.alike) >= self.params.alike);
        let rows = |number: u32| {
            index.near_document(here.document).iter().find(|near| near.other == number).map_or(0, |near| near.alike)
        };
        best(&mut near.by_ref().map(|near| near.other)).map_or_else(Vec::new, |kept| {
            let message = format!("this document is nearly the same as {}", name(kept));
            let mut finding = self.rule.flag(first.span, message);
            finding.applicability = Applicability::Flag;
            finding.confidence *= alike(rows(kept)) as f32 / 100.0;
            finding.evidence.push(format!("about {} of 100 sequences of characters are in both", alike(rows(kept))));
            vec![finding]
        })
    }
}
