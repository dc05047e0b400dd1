//! What was found, in the forms that people and programs read. One file a format; nothing here opens files or prints.

pub mod accounts;
pub mod alarms;
pub mod cases;
mod columns;
pub mod diff;
pub mod edits;
mod escape;
pub mod eval;
mod excerpt;
mod fingerprint;
pub mod fit;
pub mod github;
pub mod gitlab;
mod highlights;
pub mod html;
pub mod human;
pub mod impact;
pub mod index;
pub mod inline;
pub mod json;
pub mod junit;
pub mod markdown;
mod paint;
mod places;
pub mod quality;
pub mod rdjson;
pub mod records;
pub mod review;
pub mod rules;
pub mod sarif;
pub mod score;
pub mod summary;
mod tally;
mod xml;

use crate::edit::{Applicability, Finding, Revision, Severity, State};
use crate::text::lines::{CodePoints, LineIndex};
use std::path::Path;

pub use escape::harmless;
pub(crate) use escape::visible;
pub use highlights::Highlights;
pub(crate) use inline::{Part, parts};
pub use paint::Paint;
pub use tally::Tally;

/// `count` of a thing, in words.
pub fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// `line:column` of an offset, both counted from 1, the column in code points.
fn place(lines: &LineIndex, points: &CodePoints<'_>, offset: usize) -> String {
    let line = lines.line(offset);
    format!("{}:{}", line + 1, points.at(offset) - points.at(lines.start(line)) + 1)
}

/// The word for a severity, as rule files spell it.
fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// The word for how far an edit may go, as rule files spell it.
fn apply_name(applicability: Applicability) -> &'static str {
    match applicability {
        Applicability::Auto => "auto",
        Applicability::Review => "review",
        Applicability::Flag => "flag",
    }
}

/// What tools of continuous integration are told of: all findings but those that lost their place, in the order of their places.
fn reported(revision: &Revision) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = revision.findings.iter().filter(|finding| finding.state != State::Shadowed).collect();
    findings.sort_by(|a, b| (a.span, &a.rule).cmp(&(b.span, &b.rule)));
    findings
}

/// A path with `/` between its parts, on every system.
fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}
