//! The passes: each looks at a draft and reports findings. One file a pass; the order is [`PASSES`](crate::rule::PASSES).

pub mod cases;
mod page;
mod pipeline;
mod profile;

pub use page::{End, Line, Page, Start};
pub use pipeline::Pipeline;

use crate::edit::Finding;
use crate::rule::{Rule, RuleError};
use std::sync::Arc;

/// Finds one kind of defect on a page. A detector sees text and nothing else: no files, no threads, no other passes.
pub trait Detector: Send + Sync {
    /// Reports what it finds, in spans of `page.text`.
    fn find(&self, page: &Page<'_>) -> Vec<Finding>;
}

/// Makes the detector that `name` calls for within a pass, fed with the rule's parameters.
fn detector(name: &str, rule: &Arc<Rule>) -> Result<Box<dyn Detector>, RuleError> {
    let rule = rule.clone();
    Ok(match (rule.pass(), name) {
        ("profile", "document-profile") => Box::new(profile::DocumentProfile { rule }),
        _ => return Err(rule.error("detector", format!("the pass `{}` has no detector `{name}`", rule.pass()), "see docs/rules.md for the detectors of each pass")),
    })
}
