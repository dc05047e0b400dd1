//! Labelled text that cannot be read.

use std::path::PathBuf;
use thiserror::Error;

/// A file of labelled text that cannot be read, and why.
#[derive(Debug, Error)]
#[error("{}: {problem}", path.display())]
pub struct GoldError {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong.
    pub problem: GoldProblem,
}

/// What is wrong with labelled text.
#[derive(Debug, Error)]
pub enum GoldProblem {
    /// The system cannot read it.
    #[error("cannot be read: {0}: check the spelling and the permissions")]
    Unreadable(#[from] std::io::Error),
    /// It is no JSON, or not of this form.
    #[error("{0}; docs/eval.md describes labelled documents")]
    Form(#[from] serde_json::Error),
    /// An offset lies behind the end of the text.
    #[error("{what} at {at} lies behind the end of `input`, which has {length} characters; offsets count code points")]
    Beyond {
        /// What the offset is of.
        what: &'static str,
        /// The offset.
        at: usize,
        /// Code points of the text.
        length: usize,
    },
    /// A label of a line break or blank that is not known.
    #[error("`{0}` is no label of a {1}")]
    Label(String, &'static str),
    /// Marks that do not pair.
    #[error("line {line}: {what}")]
    Marks {
        /// The line of the mark, from 1.
        line: usize,
        /// What is wrong with it, and what to do.
        what: &'static str,
    },
    /// A folder without labelled text.
    #[error("there is no labelled text: expected *.json, or *.txt with ⟦ ⟧ around what should be found")]
    Empty,
}
