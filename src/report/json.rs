//! Findings as JSON: one object a finding, one object a line or all in one array.
//!
//! Offsets come in code points of the decoded text, which is what most languages index by, and in bytes of the original file,
//! which is what tools patch by. Both are half-open.

use crate::edit::{Applicability, Base, Change, Finding, Revision, Severity, State, Verdict};
use crate::records::{ColumnKind, Columns};
use crate::text::Source;
use crate::text::lines::{CodePoints, LineIndex};
use serde::Serialize;
use std::io::{self, Write};

/// One finding. The order of the fields is the order of the keys.
#[derive(Debug, Serialize)]
struct Record<'a> {
    path: &'a str,
    rule: &'a str,
    pass: &'a str,
    severity: Severity,
    apply: Applicability,
    state: State,
    start: usize,
    end: usize,
    byte_start: usize,
    byte_end: usize,
    line: usize,
    column: usize,
    text: &'a str,
    replacement: Option<String>,
    choices: &'a [String],
    confidence: f32,
    message: &'a str,
    evidence: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    edits: Vec<EditRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shadowed_by: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<Verdict>,
}

/// One replacement of a finding that has several.
#[derive(Debug, Serialize)]
struct EditRecord<'a> {
    start: usize,
    end: usize,
    byte_start: usize,
    byte_end: usize,
    text: &'a str,
    replacement: &'a str,
}

/// Measures one document.
struct Ruler<'a> {
    source: &'a Source,
    lines: LineIndex,
    points: CodePoints<'a>,
    base: Base,
}

impl<'a> Ruler<'a> {
    fn new(source: &'a Source, base: Base) -> Self {
        Ruler { source, lines: LineIndex::new(source.text()), points: CodePoints::new(source.text()), base }
    }

    fn record(&self, path: &'a str, finding: &'a Finding) -> Record<'a> {
        let text = self.source.text();
        let bytes = self.source.byte_span(finding.span);
        let start = self.points.at(finding.span.start);
        let line = self.lines.line(finding.span.start);
        Record {
            path,
            rule: &finding.rule,
            pass: finding.rule.split('/').next().unwrap_or_default(),
            severity: finding.severity,
            apply: finding.applicability,
            state: finding.state,
            start: self.base.points + start,
            end: self.base.points + self.points.at(finding.span.end),
            byte_start: self.base.bytes + bytes.start,
            byte_end: self.base.bytes + bytes.end,
            line: self.base.lines + line + 1,
            column: if line == 0 { self.base.column } else { 0 } + start - self.points.at(self.lines.start(line)) + 1,
            text: finding.span.of(text),
            replacement: finding.becomes(text),
            choices: &finding.choices,
            confidence: finding.confidence,
            message: &finding.message,
            evidence: finding.evidence.reasons(),
            edits: if finding.changes.len() > 1 {
                finding.changes.iter().map(|change| self.edit(change)).collect()
            } else {
                Vec::new()
            },
            shadowed_by: finding.shadowed_by.map(|finding| self.base.findings + finding),
            decision: finding.decision,
        }
    }

    fn edit(&self, change: &'a Change) -> EditRecord<'a> {
        let bytes = self.source.byte_span(change.span);
        EditRecord {
            start: self.base.points + self.points.at(change.span.start),
            end: self.base.points + self.points.at(change.span.end),
            byte_start: self.base.bytes + bytes.start,
            byte_end: self.base.bytes + bytes.end,
            text: change.span.of(self.source.text()),
            replacement: &change.text,
        }
    }
}

/// The findings of one document, each a line of its own without a comma: JSON Lines.
///
/// # Errors
/// Those of `out`.
pub fn lines(path: &str, revision: &Revision, out: &mut dyn Write) -> io::Result<()> {
    lines_from(path, revision, Base::default(), out)
}

/// The same for a section of a document that begins at `base`. Columns count from the beginning of the section where it begins within a
/// line.
///
/// # Errors
/// Those of `out`.
pub fn lines_from(path: &str, revision: &Revision, base: Base, out: &mut dyn Write) -> io::Result<()> {
    if revision.findings.is_empty() {
        return Ok(());
    }
    let ruler = Ruler::new(revision.source(), base);
    for finding in &revision.findings {
        super::escape::json(&ruler.record(path, finding), out)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// The columns of a table of findings, of which [`lines()`] are the rows.
pub fn columns() -> Columns {
    use ColumnKind::{Integer, Json, Number, Text};
    Columns::of(&[
        ("path", Text),
        ("rule", Text),
        ("pass", Text),
        ("severity", Text),
        ("apply", Text),
        ("state", Text),
        ("start", Integer),
        ("end", Integer),
        ("byte_start", Integer),
        ("byte_end", Integer),
        ("line", Integer),
        ("column", Integer),
        ("text", Text),
        ("replacement", Text),
        ("choices", Json),
        ("confidence", Number),
        ("message", Text),
        ("evidence", Json),
        ("edits", Json),
        ("shadowed_by", Integer),
        ("decision", Text),
    ])
}

/// Joins JSON Lines, as they come from [`lines()`], into one array.
#[derive(Debug)]
pub struct Array {
    head: &'static str,
    any: bool,
}

impl Default for Array {
    fn default() -> Self {
        Array::after("[")
    }
}

impl Array {
    /// An array that begins at the end of `head`.
    pub fn after(head: &'static str) -> Array {
        Array { head, any: false }
    }

    /// Adds the objects of one document.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn add(&mut self, lines: &[u8], out: &mut dyn Write) -> io::Result<()> {
        for line in lines.split(|&b| b == b'\n').filter(|line| !line.is_empty()) {
            out.write_all(if self.any { ",\n" } else { self.head }.as_bytes())?;
            if !self.any {
                out.write_all(b"\n")?;
            }
            out.write_all(line)?;
            self.any = true;
        }
        Ok(())
    }

    /// Closes the array; `tail` begins with its bracket.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn finish(self, tail: &str, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(if self.any { "\n" } else { self.head }.as_bytes())?;
        out.write_all(tail.as_bytes())
    }
}
