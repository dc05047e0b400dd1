//! The outcome for one document.

use super::decision::{Consent, Held, Verdict};
use super::draft::{Draft, DraftEdit};
use super::finding::{Applicability, Finding, RuleId, State};
use super::merge::settle;
use super::patch::{Hunk, Patch};
use crate::text::lines::LineIndex;
use crate::text::{EncodeError, Source, Span};

/// One place where the cleaned text differs from the source, whatever passes had a part in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What was replaced, in bytes of the source's text.
    pub source: Span,
    /// What stands there, in bytes of the cleaned text.
    pub cleaned: Span,
    /// The rules that had a part in it, in the order of their passes.
    pub rules: Vec<RuleId>,
    /// Their findings: indexes into [`Revision::findings`].
    pub findings: Vec<usize>,
}

/// Where a section of a document begins, when a document is revised section by section: what lies before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Base {
    /// Bytes.
    pub bytes: usize,
    /// Code points.
    pub points: usize,
    /// Line ends.
    pub lines: usize,
    /// Code points of the line that it goes on with.
    pub column: usize,
    /// Findings.
    pub findings: usize,
}

impl Base {
    /// Goes over a section of `bytes` bytes: where the next begins.
    pub fn add(&mut self, revision: &Revision, bytes: usize) {
        let text = revision.source().text();
        self.bytes += bytes;
        self.points += text.chars().count() + usize::from(text.len() < bytes);
        let index = LineIndex::new(text);
        let last = index.line(text.len());
        let before = if last == 0 { self.column } else { 0 };
        self.lines += last;
        self.column = before + text[index.start(last)..].chars().count();
        self.findings += revision.findings.len();
    }
}

/// The outcome for one document: its source, the cleaned text, the edits that lead from one to the other, and everything found.
#[derive(Debug, Clone)]
pub struct Revision {
    source: Source,
    cleaned: Option<String>,
    /// The edits, ascending and disjoint. Applied to the source they give the cleaned text.
    pub edits: Vec<Edit>,
    /// Everything the rules reported, in the order of passes and then of places.
    pub findings: Vec<Finding>,
    /// What the rules reported and people rejected.
    pub rejected: Vec<Finding>,
    /// What people keep as it is: rejected, left for later, accepted and waiting, or typed where the rule would still write something
    /// else; and where it stands in the cleaned text.
    pub held: Vec<Held>,
    /// In how many sections it was revised: a very long text is not looked at as a whole.
    pub sections: usize,
}

impl Revision {
    /// Closes a draft of `source`'s text.
    pub(crate) fn new(source: Source, changes: Vec<DraftEdit>, cleaned: Option<String>, findings: Vec<Finding>) -> Revision {
        let edits = changes
            .into_iter()
            .map(|change| {
                let mut rules: Vec<RuleId> = Vec::new();
                for &finding in &change.findings {
                    if !rules.contains(&findings[finding].rule) {
                        rules.push(findings[finding].rule.clone());
                    }
                }
                Edit { source: change.source, cleaned: change.draft, rules, findings: change.findings }
            })
            .collect();
        Revision { source, cleaned, edits, findings, rejected: Vec::new(), held: Vec::new(), sections: 1 }
    }

    /// The same document with those edits alone that a person accepted: what rules do on their own is not made, but was seen by
    /// the rules that found what was accepted.
    #[must_use]
    pub fn accepted_only(self) -> Revision {
        let Revision { source, findings, rejected, .. } = self;
        let consent =
            Consent { level: findings.iter().map(|f| f.applicability).max().unwrap_or(Applicability::Auto), accepted: true };
        let open = |f: &Finding| matches!(f.state, State::Applied | State::Proposed) && f.decision == Some(Verdict::Accept);
        let accepted: Vec<Finding> = findings.into_iter().filter(|f| open(f)).collect();
        let mut draft = Draft::new(source.text());
        let mut findings = Vec::new();
        settle(&mut draft, accepted, consent, &mut findings);
        let (text, changes) = draft.into_parts();
        let cleaned = (!changes.is_empty()).then(|| text.into_owned());
        Revision { rejected, ..Revision::new(source, changes, cleaned, findings) }
    }

    /// The document as it was.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The text after all applied edits.
    pub fn cleaned(&self) -> &str {
        self.cleaned.as_deref().unwrap_or_else(|| self.source.text())
    }

    /// Whether the cleaned text differs from the source.
    pub fn is_changed(&self) -> bool {
        !self.edits.is_empty()
    }

    /// Where a span of the cleaned text came from. A span that begins or ends inside an edit takes in all that was replaced there.
    pub fn to_source(&self, span: Span) -> Span {
        let start = self.source_offset(span.start, |edit| edit.source.start);
        Span::new(start, self.source_offset(span.end, |edit| edit.source.end).max(start))
    }

    /// The source offset of an offset of the cleaned text; `inside` an edit, the end of it that is wanted.
    fn source_offset(&self, at: usize, inside: impl Fn(&Edit) -> usize) -> usize {
        match self.edits[..self.edits.partition_point(|edit| edit.cleaned.start < at)].last() {
            Some(edit) if at < edit.cleaned.end => inside(edit),
            Some(edit) => edit.source.end + (at - edit.cleaned.end),
            None => at,
        }
    }

    /// Findings that are still open: proposed or flagged.
    pub fn open(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| matches!(f.state, State::Proposed | State::Flagged))
    }

    /// Forgets all findings but those that `keep` wants. What the edits did stays done.
    pub fn retain_findings(&mut self, keep: impl FnMut(&Finding) -> bool) {
        let kept: Vec<bool> = self.findings.iter().map(keep).collect();
        let mut count = 0;
        let numbers: Vec<Option<usize>> = kept
            .iter()
            .map(|&kept| {
                count += usize::from(kept);
                kept.then(|| count - 1)
            })
            .collect();
        let mut kept = kept.into_iter();
        self.findings.retain(|_| kept.next().unwrap_or_default());
        for finding in &mut self.findings {
            finding.shadowed_by = finding.shadowed_by.and_then(|by| numbers.get(by).copied().flatten());
        }
        for edit in &mut self.edits {
            edit.findings = edit.findings.iter().filter_map(|&finding| numbers[finding]).collect();
        }
    }

    /// The edits as bytes of the original file.
    ///
    /// # Errors
    /// When an edit writes a character that the file's encoding lacks.
    pub fn patch(&self) -> Result<Patch, EncodeError> {
        let hunks = self.edits.iter().map(|edit| {
            let span = self.source.byte_span(edit.source);
            let new = self.source.encode(edit.cleaned.of(self.cleaned()))?;
            Ok(Hunk { start: span.start, old: self.source.bytes()[span.start..span.end].to_vec(), new })
        });
        Ok(Patch { hunks: hunks.collect::<Result<_, _>>()? })
    }

    /// The cleaned file: the original's bytes wherever no rule touched them, with its encoding and byte order mark.
    ///
    /// # Errors
    /// When an edit writes a character that the file's encoding lacks.
    pub fn cleaned_bytes(&self) -> Result<Vec<u8>, EncodeError> {
        let bytes = self.source.bytes();
        let mut output = Vec::with_capacity(bytes.len());
        let mut at = 0;
        for edit in &self.edits {
            let span = self.source.byte_span(edit.source);
            output.extend_from_slice(&bytes[at..span.start]);
            output.extend(self.source.encode(edit.cleaned.of(self.cleaned()))?);
            at = span.end;
        }
        output.extend_from_slice(&bytes[at..]);
        Ok(output)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_go_on_where_the_last_one_ended() {
        let mut base = Base::default();
        for (section, lines, column) in [("一\r二\r\n三。", 2, 2), ("四五", 2, 4), ("六\n\n", 4, 0), ("", 4, 0)] {
            let revision = Revision::new(Source::from_text("a", section), Vec::new(), None, Vec::new());
            base.add(&revision, section.len());
            assert_eq!((base.lines, base.column), (lines, column), "{section:?}");
        }
        assert_eq!((base.bytes, base.points), ("一\r二\r\n三。四五六\n\n".len(), 12));
    }
}
