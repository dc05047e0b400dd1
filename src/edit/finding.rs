//! What a rule reports.

use super::{Evidence, Verdict};
use crate::text::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A rule's id, shared by all its findings.
pub type RuleId = Arc<str>;

/// How far an edit may go without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Applied unless someone says no.
    Auto,
    /// Applied once someone says yes.
    Review,
    /// Never edits.
    Flag,
}

/// How bad the defect is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Text is lost or wrong.
    Error,
    /// Text is damaged, yet readable.
    Warning,
    /// Worth knowing.
    Info,
}

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The edit is part of the cleaned text.
    Applied,
    /// The edit waits for a yes.
    Proposed,
    /// There is no edit.
    Flagged,
    /// The edit lost its place to another one, named in `shadowed_by`.
    Shadowed,
}

/// One replacement: this span by that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is replaced, in bytes; empty for an insertion.
    pub span: Span,
    /// What stands there instead.
    pub text: String,
}

/// What a rule reports: a span, a message, and perhaps an edit. Passes report spans of the draft they were shown; a
/// [`Revision`](super::Revision) holds them as spans of the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule that reports.
    pub rule: RuleId,
    /// How bad it is.
    pub severity: Severity,
    /// How far its edit may go.
    pub applicability: Applicability,
    /// What became of it.
    pub state: State,
    /// Where it is, in bytes.
    pub span: Span,
    /// The edit: ascending, disjoint replacements that belong together. Empty when there is none.
    pub changes: Vec<Change>,
    /// All readings offered, the first being the one in `changes`.
    pub choices: Vec<String>,
    /// The estimated chance that the edit, or the flag, is right.
    pub confidence: f32,
    /// What is wrong, in one sentence.
    pub message: Arc<str>,
    /// Why the rule thinks so, strongest first.
    pub evidence: Evidence,
    /// The index of the finding whose edit took this one's place.
    pub shadowed_by: Option<usize>,
    /// What a person decided about it. Rejected findings are not among those of a revision.
    pub decision: Option<Verdict>,
}

impl Finding {
    /// What all of `span` becomes in `text`, when the changes are ascending and lie inside it; none for a finding without an edit.
    pub fn becomes(&self, text: &str) -> Option<String> {
        if self.changes.is_empty() {
            return None;
        }
        let (mut out, mut at) = (String::new(), self.span.start);
        for change in &self.changes {
            out.push_str(text.get(at..change.span.start)?);
            out.push_str(&change.text);
            at = change.span.end;
        }
        out.push_str(text.get(at..self.span.end)?);
        Some(out)
    }

    /// The replacement for the whole of `span`, when the edit is just that.
    pub fn replacement(&self) -> Option<&str> {
        match self.changes.as_slice() {
            [change] if change.span == self.span => Some(&change.text),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_changes_make_one_replacement() {
        let text = "甲and乙and丙";
        let becomes = |span: Span, changes: &[(usize, usize, &str)]| {
            let change = |&(start, end, new): &(usize, usize, &str)| Change { span: Span::new(start, end), text: new.into() };
            let finding = Finding {
                rule: "a/b".into(),
                severity: Severity::Info,
                applicability: Applicability::Review,
                state: State::Proposed,
                span,
                changes: changes.iter().map(change).collect(),
                choices: Vec::new(),
                confidence: 1.0,
                message: "".into(),
                evidence: Evidence::default(),
                shadowed_by: None,
                decision: None,
            };
            finding.becomes(text)
        };
        let whole = Span::new(0, text.len());
        assert_eq!(becomes(whole, &[(3, 6, "和"), (9, 12, "、")]).as_deref(), Some("甲和乙、丙"));
        assert_eq!(becomes(Span::new(3, 6), &[(3, 6, "")]).as_deref(), Some(""));
        assert_eq!(becomes(whole, &[]), None);
        assert_eq!(becomes(Span::new(3, 6), &[(0, 6, "x")]), None);
        assert_eq!(becomes(Span::new(3, 6), &[(3, 9, "x")]), None);
    }
}
