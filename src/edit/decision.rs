//! What people decided about findings, as far as it bears on which edits are made. Where decisions are kept, and how they are
//! found again, is not known here.

use super::finding::{Applicability, Change, Finding};
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// What a person said about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is right: its edit may be made.
    Accept,
    /// It is wrong: it is as if the rule had not fired here.
    Reject,
    /// It is known, and is left for another time.
    Later,
}

impl Verdict {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Accept => "accept",
            Verdict::Reject => "reject",
            Verdict::Later => "later",
        }
    }
}

/// A verdict on one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// The verdict.
    pub verdict: Verdict,
    /// What was accepted, as [`Finding::outcome`] tells it; none when there was no edit to accept.
    pub new: Option<String>,
}

/// Knows what people decided.
pub trait Decisions: Send + Sync {
    /// The ruling on each of `findings`, whose spans are those of `source`.
    fn rulings(&self, source: &str, findings: &[Finding]) -> Vec<Option<Ruling>>;

    /// Whether anything was decided about findings of `rule`.
    fn concern(&self, rule: &str) -> bool;
}

/// Which edits are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    /// How far rules go without a person.
    pub level: Applicability,
    /// Whether edits that a person accepted are made, however far their rules go.
    pub accepted: bool,
}

impl From<Applicability> for Consent {
    fn from(level: Applicability) -> Self {
        Consent { level, accepted: false }
    }
}

impl Consent {
    /// Whether the edit of `finding` is made.
    pub fn covers(self, finding: &Finding) -> bool {
        match finding.decision {
            Some(Verdict::Reject | Verdict::Later) => false,
            Some(Verdict::Accept) if self.accepted => true,
            _ => finding.applicability <= self.level,
        }
    }
}

/// A finding that a person keeps from being made, where the document has settled; in one that does not settle, any finding that
/// was decided about.
#[derive(Debug, Clone)]
pub struct Held {
    /// The finding, in the source.
    pub in_source: Finding,
    /// The same in the cleaned text.
    pub in_cleaned: Finding,
}

/// What a person accepted, put to a finding. `in_source` is the finding as it is in the source, `finding` as it is in the draft,
/// and `mapped` takes a change from the draft to the source. Returns false when this is not what was accepted.
pub(super) fn accept(
    finding: &mut Finding,
    in_source: &Finding,
    source: &str,
    new: Option<&str>,
    mapped: impl Fn(&Change) -> Change,
) -> bool {
    let Some(new) = new else {
        // A flag was confirmed. An edit that nobody saw is another matter.
        return in_source.changes.is_empty();
    };
    if in_source.outcome(source).as_deref() == Some(new) {
        return true;
    }
    if finding.changes.len() > 1 {
        return false;
    }
    let whole = finding.changes.iter().fold(finding.span, |whole, change| whole.hull(change.span));
    let typed = Change { span: whole, text: new.into() };
    // Where the place begins or ends inside an earlier edit, what was typed for the source does not fit the draft.
    let fits = mapped(&typed) == Change { span: in_source.span, text: new.into() };
    if fits {
        finding.changes = vec![typed];
        if !finding.choices.is_empty() {
            // The first choice is the one that is made.
            finding.choices.retain(|choice| choice != new);
            finding.choices.insert(0, new.into());
        }
    }
    fits
}

impl Finding {
    /// What its edit comes to, for people to agree to: what all of the span becomes or, of several changes, what each writes.
    pub fn outcome(&self, text: &str) -> Option<String> {
        match self.changes.as_slice() {
            [_, _, ..] => Some(joined(self.changes.iter().map(|change| change.text.as_str()))),
            _ => self.becomes(text),
        }
    }

    /// What its edit takes the place of, or what it speaks of: the text of the span or, of several changes, of each.
    pub fn target(&self, text: &str) -> String {
        match self.changes.as_slice() {
            [_, _, ..] => joined(self.changes.iter().map(|change| change.span.of(text))),
            _ => self.span.of(text).to_owned(),
        }
    }

    /// The spans whose text [`Finding::target`] tells.
    pub fn target_spans(&self) -> impl Iterator<Item = Span> {
        let several = self.changes.len() > 1;
        let spans = self.changes.iter().filter(move |_| several).map(|change| change.span);
        spans.chain((!several).then_some(self.span))
    }
}

/// Texts of several places in one.
fn joined<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.collect::<Vec<_>>().join(" … ")
}
