//! Document profile: says once that a document is hard-wrapped. What it measures is in [`super::page`].

use super::Detector;
use super::page::{Page, Setting};
use crate::edit::Finding;
use crate::rule::Rule;
use crate::text::Span;
use std::sync::Arc;

/// Reports the kind of producer that made the document's lines.
pub(super) struct DocumentProfile {
    pub rule: Arc<Rule>,
}

impl Detector for DocumentProfile {
    fn find(&self, page: &Page<'_>) -> Vec<Finding> {
        let profile = &page.profile;
        let kind = match profile.setting {
            Setting::Flowing => return Vec::new(),
            Setting::Columns => "columns",
            Setting::Wide => "lines",
        };
        let message = format!("hard-wrapped in {kind} of about {} Han characters", profile.measure.div_ceil(2));
        let mut finding = self.rule.flag(Span::new(0, 0), message);
        finding.evidence.push(format!(
            "{:.0} % of {} adjacent lines stop in mid-sentence at the measure",
            profile.cut_share * 100.0,
            profile.pairs
        ));
        vec![finding]
    }
}
