//! What can be wrong with the user's own language data.

use std::io;
use thiserror::Error;

/// Why a file of language data cannot be used, or a list of words counted.
#[derive(Debug, Error)]
#[error("{path}: {}: {}", self.problem(), self.help())]
pub struct LexiconError {
    path: String,
    kind: LexiconProblem,
}

/// What is wrong.
#[derive(Debug, Error)]
pub enum LexiconProblem {
    /// The file cannot be opened.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// The file is something else.
    #[error("is no lexicon")]
    Foreign,
    /// The file was written for another version of this program.
    #[error("is a lexicon of version {found}, and this program reads version {known}")]
    Version {
        /// The version it names.
        found: u32,
        /// The version that can be read.
        known: u32,
    },
    /// Part of the file is missing, or there is more than there should be.
    #[error("has {found} bytes after its first line, which says {stated}")]
    Length {
        /// The length that its first line states.
        stated: u64,
        /// Its length.
        found: u64,
    },
    /// The contents are not those that were written.
    #[error("was changed since it was built: its checksum does not hold")]
    Checksum,
    /// A line is not what its section holds.
    #[error("line {line}: {what}")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// All files together have more characters than can be numbered.
    #[error("brings more different characters than the 65,535 that can be told apart")]
    Characters,
    /// A line of a list of words is not a word with a count.
    #[error("line {line}: {what}")]
    Word {
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl LexiconError {
    pub(super) fn new(path: &str, kind: LexiconProblem) -> LexiconError {
        LexiconError { path: path.into(), kind }
    }

    /// The file.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong with it.
    pub fn problem(&self) -> &LexiconProblem {
        &self.kind
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self.kind {
            LexiconProblem::Unreadable(_) => "check the path and the permissions",
            LexiconProblem::Foreign => "make a lexicon with `jiaokan lexicon build`",
            LexiconProblem::Version { .. } | LexiconProblem::Malformed { .. } => "build it again with `jiaokan lexicon build`",
            LexiconProblem::Length { .. } | LexiconProblem::Checksum => {
                "copy the file again as it is, or build it again with `jiaokan lexicon build`"
            }
            LexiconProblem::Characters => "leave some of its words out",
            LexiconProblem::Word { .. } => "write one word a line, and after a blank how often it was counted: `经济 12000`",
        }
    }
}
