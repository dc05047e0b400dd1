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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Applicability;
    use crate::pass::Pipeline;
    use crate::rule::Pack;
    use crate::text::Source;
    use std::sync::LazyLock;

    static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| Pipeline::new(&Pack::built_in().unwrap()).unwrap());

    fn revision(text: &str) -> Revision {
        PIPELINE.revise(Source::from_text("x", text), Applicability::Auto)
    }

    #[test]
    fn every_unit_has_its_columns() {
        let revision = revision("\u{FEFF}一𠮷\t😀二\r\n三\r四\n");
        let text = revision.source().text();
        let at = |unit: Unit, part: &str| {
            let Place { line, column } = Places::new(&revision, unit).at(text.find(part).unwrap());
            (line, column)
        };
        assert_eq!(at(Unit::CodePoints, "二"), (1, 5));
        assert_eq!(at(Unit::Utf16, "二"), (1, 7));
        assert_eq!(at(Unit::Utf8, "二"), (1, 16));
        assert_eq!(at(Unit::Utf8, "四"), (2, 5));
        assert_eq!(at(Unit::CodePoints, "四"), (2, 3));
        let places = Places::new(&revision, Unit::CodePoints);
        let end = text.len();
        assert_eq!(places.at(end), Place { line: 3, column: 1 });
        assert_eq!(places.last_line(Span::new(0, end)), 2);
        assert_eq!(places.last_line(Span::new(end, end)), 3);
    }

    #[test]
    fn an_insertion_has_a_place_of_no_width() {
        let revision = revision("一二\n");
        let places = Places::new(&revision, Unit::Utf16);
        let insertion = Change { span: Span::new(3, 3), text: "新".into() };
        assert_eq!(places.at(insertion.span.start), places.at(insertion.span.end));
        assert_eq!(places.change(&insertion), "⟦ → 新⟧");
    }

    #[test]
    fn readings_are_fixes_where_the_edit_is_one_of_them() {
        let change = |text: &str| Change { span: Span::new(0, 3), text: text.into() };
        let revision = revision("河道 and 河堤由各村巡查。\n");
        let finding = revision.findings.iter().find(|finding| finding.choices.len() > 1).unwrap();
        assert_eq!(fixes(finding).len(), finding.choices.len());
        let carried = Finding { changes: vec![change("甲和")], choices: vec!["和".into(), "与".into()], ..finding.clone() };
        assert_eq!(fixes(&carried), [vec![change("甲和")]]);
        assert!(fixes(&Finding { changes: Vec::new(), ..carried }).is_empty());
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(64))]
        #[test]
        fn columns_lead_back(text in "[a一𠮷😀\t\r\n\u{FEFF}]{0,40}") {
            let revision = revision(&text);
            let text = revision.source().text();
            for (unit, units) in [
                (Unit::CodePoints, (|_| 1) as fn(char) -> usize),
                (Unit::Utf16, char::len_utf16),
                (Unit::Utf8, char::len_utf8),
            ] {
                let places = Places::new(&revision, unit);
                let mark = if unit == Unit::Utf8 { revision.source().bom_len() } else { 0 };
                let (mut line, mut column) = (1, 1 + mark);
                for (offset, c) in text.char_indices() {
                    proptest::prop_assert_eq!(places.at(offset), Place { line, column });
                    (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + units(c)) };
                }
                proptest::prop_assert_eq!(places.at(text.len()), Place { line, column });
            }
        }
    }
}
