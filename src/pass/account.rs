//! How a detector came to its decision on a piece of text, term by term.

use crate::text::Span;
use std::fmt;

/// One term of a sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// What it adds, in the rule's own points.
    pub points: i64,
    /// What it is for.
    pub name: String,
    /// The text that gave rise to it; empty when it is not one place.
    pub text: String,
}

impl Term {
    pub(super) fn new(points: i64, name: &str, text: &str) -> Term {
        Term { points, name: name.into(), text: text.into() }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:+} {}", self.points, self.name)?;
        if self.text.is_empty() { Ok(()) } else { write!(f, ": {}", self.text) }
    }
}

/// What a detector made of one line, or of several lines as a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The text it is about.
    pub span: Span,
    /// Whether it is about lines that were judged as one.
    pub block: bool,
    /// What was summed up.
    pub terms: Vec<Term>,
    /// The sum.
    pub points: i64,
    /// What became of it, and by which bounds.
    pub verdict: String,
}
