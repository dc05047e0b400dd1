//! What can be wrong with an index.

use std::io;
use thiserror::Error;

/// Why an index cannot be read, made or merged.
#[derive(Debug, Error)]
#[error("{path}: {problem}: {}", self.help())]
pub struct IndexError {
    path: String,
    problem: IndexProblem,
}

/// What is wrong.
#[derive(Debug, Error)]
pub enum IndexProblem {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// The file, or a temporary one beside it, cannot be written.
    #[error("cannot be written: {0}")]
    Unwritable(io::Error),
    /// The file is something else.
    #[error("is no index")]
    Foreign,
    /// The file was written for another version of this program.
    #[error("is an index of version {found}, and this program reads version {known}")]
    Version {
        /// The version it names.
        found: u32,
        /// The version that can be read.
        known: u32,
    },
    /// Part of the file is missing, or there is more than there should be.
    #[error("has {found} bytes, and should have {stated}")]
    Length {
        /// The length that its head states.
        stated: u64,
        /// Its length.
        found: u64,
    },
    /// The contents are not those that were written.
    #[error("was changed since it was made: the checksum of its {section} does not hold")]
    Checksum {
        /// The part that does not hold.
        section: &'static str,
    },
    /// A document stands in several parts.
    #[error("has the document {document}, which another part has too")]
    Twice {
        /// The document.
        document: String,
    },
    /// More than can be numbered.
    #[error("would hold more {what} than can be numbered (4,294,967,295)")]
    Full {
        /// Of what.
        what: &'static str,
    },
}

impl IndexError {
    /// An error about the file at `path`.
    pub fn new(path: impl Into<String>, problem: IndexProblem) -> IndexError {
        IndexError { path: path.into(), problem }
    }

    /// The file.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong with it.
    pub fn problem(&self) -> &IndexProblem {
        &self.problem
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self.problem {
            IndexProblem::Unreadable(_) => "check the path and the permissions",
            IndexProblem::Unwritable(_) => "check the permissions and the free space of its folder",
            IndexProblem::Foreign => "make an index with `jiaokan index PATHS -o FILE`",
            IndexProblem::Version { .. } => "make it again with `jiaokan index PATHS -o FILE`",
            IndexProblem::Length { .. } | IndexProblem::Checksum { .. } => {
                "copy the file again as it is, or make it again with `jiaokan index PATHS -o FILE`"
            }
            IndexProblem::Twice { .. } => "merge parts that have no document in common, made from the same folder",
            IndexProblem::Full { .. } => "make an index for each part of the corpus",
        }
    }
}
