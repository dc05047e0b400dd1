//! What was found, in the forms that people and programs read. One file a format; nothing here opens files or prints.

pub mod accounts;
pub mod alarms;
pub mod cases;
mod columns;
pub mod diff;
pub mod edits;
pub mod eval;
mod excerpt;
pub mod fit;
pub mod html;
pub mod human;
pub mod impact;
pub mod index;
pub mod inline;
pub mod json;
pub mod markdown;
mod paint;
pub mod quality;
pub mod review;
pub mod rules;
mod tally;
mod xml;

use crate::edit::{Applicability, Severity};
use crate::text::lines::{CodePoints, LineIndex};

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
