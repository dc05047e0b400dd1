//! Why a command could not run.

use jiaokan::corpus::{InputError, MirrorError, SetupError, SinceError};
use std::io;
use thiserror::Error;

/// What stops a command.
#[derive(Debug, Error)]
pub(super) enum Failure {
    /// The rules or a configuration are wrong.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// One input is wrong. Unless it stands alone, the others are done all the same.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The output folder will not do.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    /// What has changed cannot be told.
    #[error(transparent)]
    Since(#[from] SinceError),
    /// Documents to learn from are wrong.
    #[error(transparent)]
    Fit(#[from] jiaokan::fit::FitError),
    /// A ledger is wrong.
    #[error(transparent)]
    Ledger(#[from] jiaokan::review::LedgerError),
    /// An index is wrong.
    #[error(transparent)]
    Index(#[from] jiaokan::index::IndexError),
    /// Labelled text is wrong.
    #[error(transparent)]
    Gold(#[from] jiaokan::eval::GoldError),
    /// A collection cannot be read or written.
    #[error(transparent)]
    Container(#[from] jiaokan::records::ContainerError),
    /// An expression makes no sense.
    #[error("--keep: {0}")]
    Keep(#[from] jiaokan::score::KeepError),
    /// The standard output cannot be written.
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
    /// What was asked for makes no sense, and what would.
    #[error("{0}")]
    Usage(String),
}

impl Failure {
    /// Whether the reader of the output has gone away, which is no failure.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl From<jiaokan::lexicon::LexiconError> for Failure {
    fn from(error: jiaokan::lexicon::LexiconError) -> Self {
        Failure::Setup(error.into())
    }
}

impl From<jiaokan::rule::RuleError> for Failure {
    fn from(error: jiaokan::rule::RuleError) -> Self {
        Failure::Setup(error.into())
    }
}
