//! Boilerplate: short paragraphs that stand in many documents.

use super::{Keep, known_lines, place};
use crate::edit::{Applicability, Finding, RuleId};
use crate::pass::Detector;
use crate::pass::dedupe::removal;
use crate::pass::page::{Item, Page};
use crate::rule::{Rule, RuleError};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::sync::Arc;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Params {
    /// Which copy stays.
    keep: Keep,
    /// In at least so many documents.
    documents: u32,
    /// Which are at least so many of 1000.
    of_thousand: u64,
    /// Characters that count, at least.
    least: u32,
    /// Characters that count, at most.
    longest: u32,
}

/// Takes boilerplate out of all documents but one.
pub(in crate::pass) struct Boilerplate {
    rule: Arc<Rule>,
    params: Params,
}

impl Boilerplate {
    pub(in crate::pass) fn new(rule: Arc<Rule>, known: &mut Option<(RuleId, Keep)>) -> Result<Self, RuleError> {
        let params: Params = rule.params()?;
        params.keep.agree(&rule, known)?;
        Ok(Boilerplate { rule, params })
    }
}

impl Detector for Boilerplate {
    fn parameters(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(Params::json_schema(generator))
    }

    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let Some(here) = page.here.filter(|here| !here.copies.is_empty()) else { return Vec::new() };
        let index = &here.index;
        let all = index.documents().len() as u64;
        let wanted =
            |documents: u32| documents >= self.params.documents && u64::from(documents) * 1000 >= all * self.params.of_thousand;
        let mut findings = Vec::new();
        for (at, copies) in known_lines(page, here) {
            let Some((copies, group)) = copies.and_then(|copies| Some((copies, copies.group?))) else { continue };
            let line = &page.lines[at];
            // Laws, forms and exams number what they have in common.
            let structure = line.markup || line.item != Item::None || line.list_item;
            if structure || !wanted(group.documents) || !(self.params.least..=self.params.longest).contains(&group.chars) {
                continue;
            }
            let kept = self.params.keep.of_group(copies, &group);
            if index.document_of(kept) == here.document {
                continue;
            }
            let limit = if self.params.keep == Keep::All { Applicability::Flag } else { Applicability::Auto };
            let message = match self.params.keep {
                Keep::All => format!("this stands in {} documents, first in {}", group.documents, place(index, kept)),
                _ => format!("this stands in {} documents and is kept in {}", group.documents, place(index, kept)),
            };
            let mut finding = self.rule.replace(removal(page, at, at), "", limit, message);
            finding.evidence.push(format!("{} times in {} documents of {all}", group.count, group.documents));
            findings.push(finding);
        }
        findings
    }
}
