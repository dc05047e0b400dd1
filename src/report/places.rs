//! Findings as tools of continuous integration want them: by their places, in lines as git counts them and in the columns that the
//! format at hand asks for.

use super::excerpt::{excerpt, shortened};
use super::paint::Paint;
use crate::edit::{Change, Finding, Revision};
use crate::text::lines::{CodePoints, LineIndex, Utf16Units};
use crate::text::{Encoding, Span};

/// Cells of an excerpt.
const CELLS: usize = 60;

/// What columns count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Code points.
    CodePoints,
    /// Code units of UTF-16.
    Utf16,
    /// Bytes of UTF-8, those of a byte order mark too when the file is in UTF-8.
    Utf8,
}

/// A place, both numbers counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub line: usize,
    pub column: usize,
}

/// Measures one document.
pub(super) struct Places<'r> {
    text: &'r str,
    lines: LineIndex,
    columns: Columns<'r>,
}

enum Columns<'r> {
    CodePoints(CodePoints<'r>),
    Utf16(Utf16Units<'r>),
    Utf8 { mark: usize },
}

impl<'r> Places<'r> {
    pub fn new(revision: &'r Revision, unit: Unit) -> Self {
        let source = revision.source();
        let text = source.text();
        let columns = match unit {
            Unit::CodePoints => Columns::CodePoints(CodePoints::new(text)),
            Unit::Utf16 => Columns::Utf16(Utf16Units::new(text)),
            Unit::Utf8 => Columns::Utf8 { mark: if source.encoding() == Encoding::Utf8 { source.bom_len() } else { 0 } },
        };
        Places { text, lines: LineIndex::at_line_feeds(text), columns }
    }

    /// Where `offset` is.
    pub fn at(&self, offset: usize) -> Place {
        let line = self.lines.line(offset);
        let start = self.lines.start(line);
        let column = match &self.columns {
            Columns::CodePoints(points) => points.at(offset) - points.at(start),
            Columns::Utf16(units) => units.at(offset) - units.at(start),
            Columns::Utf8 { mark } => offset - start + if line == 0 { *mark } else { 0 },
        };
        Place { line: line + 1, column: column + 1 }
    }

    /// The line of the last character of `span`.
    pub fn last_line(&self, span: Span) -> usize {
        self.lines.line(span.end.saturating_sub(1).max(span.start)) + 1
    }

    /// What goes and what comes.
    pub fn change(&self, change: &Change) -> String {
        format!("⟦{} → {}⟧", shortened(change.span.of(self.text), CELLS), shortened(&change.text, CELLS))
    }

    /// What is wrong, and where in its line.
    pub fn sentence(&self, finding: &Finding) -> String {
        let shown = match finding.changes.first() {
            None if is_about_all(finding) => return finding.message.to_string(),
            None => excerpt(self.text, finding.span, None, CELLS, Paint::Plain),
            Some(change) => excerpt(self.text, change.span, Some(&change.text), CELLS, Paint::Plain),
        };
        format!("{}: {shown}", finding.message)
    }
}

/// Whether a finding is about a document as a whole, or a place in it that holds nothing and gets nothing.
pub(super) fn is_about_all(finding: &Finding) -> bool {
    finding.changes.is_empty() && finding.span.is_empty()
}

/// The ways to put a finding right, the rule's own first; each is ascending, disjoint changes. None for a finding without an edit.
pub(super) fn fixes(finding: &Finding) -> Vec<Vec<Change>> {
    let [first, others @ ..] = finding.changes.as_slice() else { return Vec::new() };
    let mut fixes = vec![finding.changes.clone()];
    // Readings stand for one another where the edit is the first of them and nothing else.
    if others.is_empty() && finding.choices.first() == Some(&first.text) {
        fixes.extend(finding.choices[1..].iter().map(|choice| vec![Change { span: first.span, text: choice.clone() }]));
    }
    fixes
}
