//! The text as it stands after the passes so far, with a map back to the source.

use super::finding::{Change, Finding};
use crate::text::Span;
use std::borrow::Cow;

/// A text under repair. It starts as the source and remembers, for every place that changed, what stood there.
#[derive(Debug, Clone)]
pub struct Draft<'s> {
    source: &'s str,
    text: Cow<'s, str>,
    changes: Vec<DraftEdit>,
}

/// One place where a draft differs from its source. No two touch each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftEdit {
    /// What was replaced, in the source.
    pub source: Span,
    /// What stands there now, in the draft.
    pub draft: Span,
    /// The findings whose edits made it, in the order of application.
    pub findings: Vec<usize>,
}

impl<'s> Draft<'s> {
    /// A draft in which nothing has changed yet.
    pub fn new(source: &'s str) -> Self {
        Draft { source, text: Cow::Borrowed(source), changes: Vec::new() }
    }

    /// The text as it stands.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text it began as.
    pub fn source(&self) -> &'s str {
        self.source
    }

    /// Every place that differs from the source, ascending.
    pub fn changes(&self) -> &[DraftEdit] {
        &self.changes
    }

    /// Gives up the draft for its text and changes.
    pub fn into_parts(self) -> (Cow<'s, str>, Vec<DraftEdit>) {
        (self.text, self.changes)
    }

    /// Applies `edits`, which are ascending and disjoint in this draft, each with the index of its finding. Edits that touch an
    /// earlier one become one with it. Returns the findings whose changes were wholly replaced, as (old, new) pairs, one for
    /// each such change.
    pub fn apply(&mut self, edits: &[(Change, usize)]) -> Vec<(usize, usize)> {
        if edits.is_empty() {
            return Vec::new();
        }
        let mut swallowed = Vec::new();
        let old_text = std::mem::take(&mut self.text);
        let old = std::mem::take(&mut self.changes);
        let mut text = String::with_capacity(old_text.len());
        let mut changes: Vec<DraftEdit> = Vec::with_capacity(old.len() + edits.len());
        // `copied` is how far the old draft has been carried over, `source_at` the source offset that belongs to it.
        let (mut copied, mut source_at) = (0, 0);
        let (mut i, mut j) = (0, 0);
        while i < old.len() || j < edits.len() {
            let start = match (old.get(i), edits.get(j)) {
                (Some(a), Some((b, _))) => a.draft.start.min(b.span.start),
                (Some(a), None) => a.draft.start,
                (None, Some((b, _))) => b.span.start,
                (None, None) => break,
            };
            text.push_str(&old_text[copied..start]);
            source_at += start - copied;
            let mut cluster = DraftEdit {
                source: Span::new(source_at, source_at),
                draft: Span::new(text.len(), text.len()),
                findings: Vec::new(),
            };
            // `end` is the hull's end in the old draft, `written` how far it has been written to the new one.
            let (mut end, mut written) = (start, start);
            let mut source_end = source_at;
            let mut reached = start;
            let first_edit = j;
            loop {
                if let Some(a) = old.get(i).filter(|a| a.draft.start <= end) {
                    source_end = a.source.end;
                    reached = a.draft.end;
                    end = end.max(a.draft.end);
                    cluster.findings.extend(&a.findings);
                    // Only the last edit written and the next one can cover it: edits are disjoint.
                    for (edit, finding) in &edits[j.saturating_sub(1).max(first_edit)..edits.len().min(j + 1)] {
                        note_swallowed(a, edit, *finding, &mut swallowed);
                    }
                    i += 1;
                } else if let Some((edit, finding)) = edits.get(j).filter(|(b, _)| b.span.start <= end) {
                    text.push_str(&old_text[written..edit.span.start]);
                    text.push_str(&edit.text);
                    written = edit.span.end;
                    end = end.max(edit.span.end);
                    if cluster.findings.last() != Some(finding) {
                        cluster.findings.push(*finding);
                    }
                    j += 1;
                } else {
                    break;
                }
            }
            text.push_str(&old_text[written..end]);
            cluster.draft.end = text.len();
            cluster.source.end = source_end + (end - reached);
            (copied, source_at) = (end, cluster.source.end);
            if self.source[cluster.source.start..cluster.source.end] != text[cluster.draft.start..] {
                changes.push(cluster);
            }
        }
        text.push_str(&old_text[copied..]);
        self.text = Cow::Owned(text);
        self.changes = changes;
        swallowed
    }

    /// Where a span of the draft came from. A span that begins or ends inside a change takes in the whole change.
    pub fn to_source(&self, span: Span) -> Span {
        let end = self.map(span.end, false);
        if span.is_empty() { Span::new(end, end) } else { Span::new(self.map(span.start, true).min(end), end) }
    }

    /// The same change as an edit of the source: where it begins or ends inside earlier changes, it carries their rest along.
    pub fn change_to_source(&self, change: &Change) -> Change {
        let mut text = String::new();
        if let Some(cut) = self.change_around(change.span.start) {
            text.push_str(&self.text[cut.draft.start..change.span.start]);
        }
        text.push_str(&change.text);
        if let Some(cut) = self.change_around(change.span.end) {
            text.push_str(&self.text[change.span.end..cut.draft.end]);
        }
        Change { span: self.to_source(change.span), text }
    }

    /// The same finding with spans of the source.
    pub fn finding_to_source(&self, mut finding: Finding) -> Finding {
        for change in &mut finding.changes {
            *change = self.change_to_source(change);
        }
        let span = self.to_source(finding.span);
        finding.span = finding.changes.iter().fold(span, |span, change| span.hull(change.span));
        finding
    }

    /// The change that has `at` strictly inside.
    fn change_around(&self, at: usize) -> Option<&DraftEdit> {
        let next = self.changes.partition_point(|c| c.draft.start < at);
        self.changes[..next].last().filter(|c| at < c.draft.end)
    }

    /// The source offset of a draft offset. At a deletion, `after` tells which side is meant.
    fn map(&self, at: usize, after: bool) -> usize {
        let count = self.changes.partition_point(|c| c.draft.start < at || (after && c.draft.start == at));
        let Some(change) = self.changes[..count].last() else { return at };
        if at == change.draft.start {
            // Only when `after`: a deletion lies before the place, anything else begins at it.
            return if change.draft.is_empty() { change.source.end } else { change.source.start };
        }
        if at < change.draft.end {
            return if after { change.source.start } else { change.source.end };
        }
        change.source.end + (at - change.draft.end)
    }
}

fn note_swallowed(old: &DraftEdit, edit: &Change, finding: usize, swallowed: &mut Vec<(usize, usize)>) {
    let inside = if old.draft.is_empty() {
        edit.span.start < old.draft.start && old.draft.start < edit.span.end
    } else {
        edit.span.start <= old.draft.start && old.draft.end <= edit.span.end
    };
    if inside {
        swallowed.extend(old.findings.iter().map(|&f| (f, finding)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(start: usize, end: usize, text: &str) -> (Change, usize) {
        (Change { span: Span::new(start, end), text: text.into() }, 0)
    }

    fn replayed(draft: &Draft) -> String {
        let mut out = String::new();
        let mut at = 0;
        for c in draft.changes() {
            out.push_str(&draft.source()[at..c.source.start]);
            out.push_str(c.draft.of(draft.text()));
            at = c.source.end;
        }
        out + &draft.source()[at..]
    }

    #[test]
    fn passes_that_meet_become_one_change() {
        let mut draft = Draft::new("ab\ncd\nef");
        draft.apply(&[change(2, 3, ""), change(5, 6, "")]);
        assert_eq!(draft.text(), "abcdef");
        assert_eq!(draft.to_source(Span::new(1, 3)), Span::new(1, 4));
        assert_eq!(draft.to_source(Span::new(0, 2)), Span::new(0, 2));
        assert_eq!(draft.to_source(Span::new(2, 4)), Span::new(3, 5));
        draft.apply(&[change(1, 3, "X")]);
        assert_eq!(draft.text(), "aXdef");
        assert_eq!(draft.changes().len(), 2);
        assert_eq!(draft.changes()[0].source, Span::new(1, 4));
        assert_eq!(replayed(&draft), draft.text());
    }

    #[test]
    fn a_change_taken_back_is_no_change() {
        let mut draft = Draft::new("甲乙");
        draft.apply(&[change(0, 3, "丙")]);
        draft.apply(&[change(0, 3, "甲")]);
        assert!(draft.changes().is_empty());
    }

    #[test]
    fn an_edit_inside_a_change_carries_the_rest_along() {
        let mut draft = Draft::new("abc");
        draft.apply(&[change(1, 2, "12345")]);
        let mapped = draft.change_to_source(&Change { span: Span::new(2, 4), text: "-".into() });
        assert_eq!(mapped, Change { span: Span::new(1, 2), text: "1-45".into() });
    }

    #[test]
    fn a_swallowed_change_is_told() {
        let mut draft = Draft::new("ab\ncd\n\nx");
        draft.apply(&[(Change { span: Span::new(2, 3), text: String::new() }, 7)]);
        let told = draft.apply(&[(Change { span: Span::new(0, 4), text: String::new() }, 9)]);
        assert_eq!(told, [(7, 9)]);
        assert_eq!(replayed(&draft), draft.text());
    }
}
