//! What can be wrong with a model.

use std::path::PathBuf;
use thiserror::Error;

/// A model cannot be used.
#[derive(Debug, Error)]
#[error("{}: {problem}\n  docs/model.md says what a model has to be", path.display())]
pub struct ModelError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: ModelProblem,
}

/// What is wrong with a model.
#[derive(Debug, Error)]
pub enum ModelProblem {
    /// The system does not give it.
    #[error("cannot be read: {0}")]
    Unreadable(#[source] std::io::Error),
    /// It is something else.
    #[error("is no ARPA file: `\\data\\` was expected at its beginning")]
    Foreign,
    /// It ends before it should.
    #[error("ends in the middle: `\\end\\` is missing after line {line}")]
    Short {
        /// The last line.
        line: usize,
    },
    /// A line is not as the format says.
    #[error("line {line}: {what}")]
    Malformed {
        /// Which, counted from 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
    /// It counts words.
    #[error("line {line}: `{token}` is a word: the model has to be one of characters")]
    Words {
        /// Where the word stands.
        line: usize,
        /// The word.
        token: String,
    },
    /// It looks at fewer or more characters than can be used.
    #[error("is of order {found}: 2 to 5 can be used")]
    Order {
        /// Its order.
        found: usize,
    },
    /// It holds more than memory should.
    #[error("holds more than {most} n-grams: prune it")]
    Large {
        /// How many it may hold.
        most: usize,
    },
}
