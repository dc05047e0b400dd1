//! Annotations of GitHub Actions: commands in the log of a step. GitHub shows ten of each sort and drops the rest without a word,
//! so only these are written, and how many there are more.

use super::counted;
use super::escape::{message, property};
use super::highlights::{Highlight, Highlights};
use crate::edit::Severity;
use std::io::{self, Write};

/// What GitHub shows of each sort in a step.
const MOST: usize = 10;

/// The annotations, and a line that tells of those left out. `elsewhere` says where all are.
///
/// # Errors
/// Those of `out`.
pub fn write(highlights: &Highlights, elsewhere: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut left_out = Vec::new();
    for (severity, count, shown) in highlights.groups() {
        let shown = &shown[..shown.len().min(MOST)];
        for highlight in shown {
            annotation(highlight, out)?;
        }
        if count > shown.len() {
            left_out.push(counted(count - shown.len(), sort(severity)));
        }
    }
    if !left_out.is_empty() {
        writeln!(out, "jiaokan: {} more than GitHub shows as annotations; {elsewhere}", left_out.join(", "))?;
    }
    Ok(())
}

fn sort(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

fn annotation(highlight: &Highlight, out: &mut dyn Write) -> io::Result<()> {
    let Highlight { start: (line, column), last_line, end_column, .. } = *highlight;
    let (sort, path, rule) = (sort(highlight.severity), property(&highlight.path), property(&highlight.rule));
    write!(out, "::{sort} file={path},line={line}")?;
    // Columns mean something within one line only.
    if last_line == line && end_column > column {
        write!(out, ",col={column},endLine={line},endColumn={end_column}")?;
    } else {
        write!(out, ",endLine={last_line}")?;
    }
    writeln!(out, ",title={rule}::{}", message(&highlight.sentence))
}
