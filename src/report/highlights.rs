//! The findings to show where there is no room for all: the worst first, and of these the ones that need a person.

use super::places::{Places, Unit};
use super::{reported, slashed};
use crate::edit::{Finding, Revision, RuleId, Severity, State};
use std::path::Path;

/// How many of a severity are kept.
const MOST: usize = 30;

/// The severities, worst first.
pub(super) const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

/// A finding to show.
#[derive(Debug, Clone)]
pub(super) struct Highlight {
    pub severity: Severity,
    /// Whether it needs a person.
    pub open: bool,
    pub rule: RuleId,
    pub path: String,
    /// Both from 1; columns count code points.
    pub start: (usize, usize),
    /// The line of its last character.
    pub last_line: usize,
    /// The column behind it.
    pub end_column: usize,
    pub sentence: String,
}

/// Findings of any number of documents: how many there are, and those to show.
#[derive(Debug, Clone, Default)]
pub struct Highlights {
    by_severity: [Group; 3],
}

#[derive(Debug, Clone, Default)]
struct Group {
    count: usize,
    shown: Vec<Highlight>,
}

fn is_open(finding: &Finding) -> bool {
    finding.state != State::Applied
}

impl Highlights {
    /// Those of one document.
    pub fn of(path: &Path, revision: &Revision) -> Highlights {
        let mut highlights = Highlights::default();
        let findings = reported(revision);
        if findings.is_empty() {
            return highlights;
        }
        let path = slashed(path);
        let places = Places::new(revision, Unit::CodePoints);
        for (group, severity) in highlights.by_severity.iter_mut().zip(SEVERITIES) {
            let mut found: Vec<&Finding> = findings.iter().copied().filter(|finding| finding.severity == severity).collect();
            group.count = found.len();
            found.sort_by_key(|finding| !is_open(finding));
            group.shown = found.into_iter().take(MOST).map(|finding| highlight(&places, &path, finding)).collect();
        }
        highlights
    }

    /// Adds those of other documents, which come behind.
    pub fn add(&mut self, other: Highlights) {
        for (group, more) in self.by_severity.iter_mut().zip(other.by_severity) {
            group.count += more.count;
            group.shown.extend(more.shown);
            group.shown.sort_by_key(|highlight| !highlight.open);
            group.shown.truncate(MOST);
        }
    }

    /// How many findings there are, shown or not.
    pub(super) fn count(&self) -> usize {
        self.by_severity.iter().map(|group| group.count).sum()
    }

    /// The severities with how many findings each has and those to show, worst first.
    pub(super) fn groups(&self) -> impl Iterator<Item = (Severity, usize, &[Highlight])> {
        SEVERITIES.into_iter().zip(&self.by_severity).map(|(severity, group)| (severity, group.count, group.shown.as_slice()))
    }
}

fn highlight(places: &Places, path: &str, finding: &Finding) -> Highlight {
    let (start, end) = (places.at(finding.span.start), places.at(finding.span.end));
    Highlight {
        severity: finding.severity,
        open: is_open(finding),
        rule: finding.rule.clone(),
        path: path.to_owned(),
        start: (start.line, start.column),
        last_line: places.last_line(finding.span),
        end_column: end.column,
        sentence: places.sentence(finding),
    }
}
