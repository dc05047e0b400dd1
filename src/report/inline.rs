//! Edits for people, one at a time: where, what goes and what comes, and why.

use super::escape::visible;
use super::excerpt::{Around, context, shortened};
use super::paint::Paint;
use super::place;
use crate::edit::{Finding, Revision, State, Verdict};
use crate::text::Span;
use crate::text::lines::{CodePoints, LineIndex};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::io::{self, Write};
use unicode_segmentation::UnicodeSegmentation;

/// Cells of the context of an edit, before and after together.
const CELLS: usize = 120;

/// Cells of one removed, inserted or unchanged run inside an edit.
const RUN: usize = 60;

/// Edits longer than this are shown as one removal and one insertion: nobody reads a grapheme diff of pages.
const LONGEST: usize = 8_000;

/// Something to show: an edit that is made, or a change that is proposed.
struct Item<'a> {
    span: Span,
    new: &'a str,
    findings: Vec<&'a Finding>,
    /// What it is called, unless it is an edit that is made.
    name: Option<&'static str>,
}

/// The edits and proposals of one document, in the order of their places.
///
/// # Errors
/// Those of `out`.
pub fn document(path: &str, revision: &Revision, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut items: Vec<Item> = Vec::new();
    for edit in &revision.edits {
        let findings = edit.findings.iter().map(|&finding| &revision.findings[finding]).collect();
        items.push(Item { span: edit.source, new: edit.cleaned.of(revision.cleaned()), findings, name: None });
    }
    for finding in revision.findings.iter().filter(|finding| finding.state == State::Proposed) {
        items.extend(finding.changes.iter().map(|c| Item {
            span: c.span,
            new: &c.text,
            findings: vec![finding],
            name: Some(match finding.decision {
                Some(Verdict::Accept) => "accepted",
                Some(Verdict::Later) => "later",
                Some(Verdict::Reject) | None => "proposed",
            }),
        }));
    }
    if items.is_empty() {
        return Ok(());
    }
    items.sort_by_key(|item| (item.span.start, item.span.end));
    let text = revision.source().text();
    let (lines, points) = (LineIndex::new(text), CodePoints::new(text));
    for item in items {
        write!(out, "{}", paint.bold(format!("{}:{}", visible(path), place(&lines, &points, item.span.start))))?;
        if let Some(name) = item.name {
            write!(out, "  {}", paint.dim(name))?;
        }
        writeln!(out)?;
        let (before, after) = context(text, item.span, Around::Paragraph, CELLS);
        writeln!(out, "  {before}{}{after}", marked(item.span.of(text), item.new, paint))?;
        reasons(&item.findings, paint, out)?;
        writeln!(out)?;
    }
    Ok(())
}

/// Why: each rule once, with what it says of this place.
fn reasons(findings: &[&Finding], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let mut told: Vec<(&str, &str)> = Vec::new();
    for finding in findings {
        let key = (&*finding.rule, &*finding.message);
        if told.contains(&key) {
            continue;
        }
        told.push(key);
        write!(out, "  {}  {:.2}  {}", paint.rule(&finding.rule), finding.confidence, visible(&finding.message))?;
        match finding.evidence.reasons().first() {
            Some(evidence) => writeln!(out, "{}", paint.dim(format!(" ({})", visible(evidence))))?,
            None => writeln!(out)?,
        }
    }
    Ok(())
}

/// The edit, with what goes as `[-…-]` and what comes as `{+…+}`, told apart by grapheme.
fn marked(old: &str, new: &str, paint: Paint) -> String {
    let removed = |text: &str| match text {
        "" => String::new(),
        text => paint.removed(format!("[-{}-]", shortened(text, RUN))).to_string(),
    };
    let added = |text: &str| match text {
        "" => String::new(),
        text => paint.added(format!("{{+{}+}}", shortened(text, RUN))).to_string(),
    };
    if old.len() + new.len() > LONGEST {
        return removed(old) + &added(new);
    }
    let (before, after): (Vec<&str>, Vec<&str>) = (old.graphemes(true).collect(), new.graphemes(true).collect());
    let mut line = String::new();
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        match op {
            DiffOp::Equal { old_index, len, .. } => line.push_str(&shortened(&before[old_index..old_index + len].concat(), RUN)),
            op => {
                line.push_str(&removed(&before[op.old_range()].concat()));
                line.push_str(&added(&after[op.new_range()].concat()));
            }
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_marked() {
        assert_eq!(marked("苹果and香蕉", "苹果和香蕉", Paint::Plain), "苹果[-and-]{+和+}香蕉");
        assert_eq!(marked("\n", "", Paint::Plain), "[-⏎-]");
        assert_eq!(marked("", "\n", Paint::Plain), "{+⏎+}");
    }
}
