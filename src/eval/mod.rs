//! How right the rules are on labelled text: what they find against what people marked.
//!
//! [`compare`] tells what two sets of rules do differently. [`Labelled`] documents come as JSON or as text with marks; [`judge`] compares one with what a pipeline found in it, and
//! [`Tally`] adds up. docs/eval.md tells the formats and what every figure means.

mod breaks;
mod error;
mod gold;
mod impact;
mod interval;
mod removal;
mod spans;

pub use breaks::{Blank, Break, BreakLabel, Breaks};
pub use error::{GoldError, GoldProblem};
pub use gold::{Gold, Labelled};
pub use impact::{Difference, Sort, compare};
pub use interval::{Share, f1};
pub use removal::Removal;
pub use spans::{Miss, MissKind, Spans};

use crate::edit::Revision;
use crate::rule::RuleNames;
use std::collections::BTreeSet;

/// Which findings and which labels are compared.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Rules whose findings count.
    pub rules: RuleNames,
    /// Kinds of labels that must be found; all when empty.
    pub kinds: BTreeSet<String>,
    /// Kinds that may be found and need not be, beside `unscored`.
    pub ignored: BTreeSet<String>,
}

impl Selection {
    fn counts(&self, rule: &str) -> bool {
        self.rules.hold(rule)
    }

    fn wants(&self, kind: &str) -> bool {
        kind != "unscored" && !self.ignored.contains(kind) && (self.kinds.is_empty() || self.kinds.contains(kind))
    }
}

/// How one document, or several together, compare with their labels.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Documents compared.
    pub documents: usize,
    /// Their characters, in code points.
    pub characters: usize,
    /// Marked spans against what was found.
    pub spans: Spans,
    /// What should be removed against what was: on its own, and with what was proposed.
    pub removed: Removal,
    /// See `removed`.
    pub removed_or_proposed: Removal,
    /// Labelled line breaks and blanks against what became of them.
    pub breaks: Breaks,
}

impl Tally {
    /// Adds what another holds, behind what was there.
    pub fn add(&mut self, other: Tally) {
        self.documents += other.documents;
        self.characters += other.characters;
        self.spans.add(other.spans);
        self.removed.add(other.removed);
        self.removed_or_proposed.add(other.removed_or_proposed);
        self.breaks.add(other.breaks);
    }
}

/// Compares what was found in a document with its labels.
pub fn judge(labelled: &Labelled, revision: &Revision, selection: &Selection) -> Tally {
    Tally {
        documents: 1,
        characters: labelled.text.chars().count(),
        spans: spans::judge(labelled, revision, selection),
        removed: removal::judge(labelled, revision, selection, false),
        removed_or_proposed: removal::judge(labelled, revision, selection, true),
        breaks: breaks::judge(labelled, revision),
    }
}

/// A finding's place in code points.
fn place(points: &crate::text::lines::CodePoints<'_>, span: crate::text::Span) -> std::ops::Range<usize> {
    points.at(span.start)..points.at(span.end)
}

#[cfg(test)]
mod tests;
