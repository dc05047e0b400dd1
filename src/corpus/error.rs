//! What can go wrong with one document, and with the rules for all of them.

use crate::lexicon::LexiconError;
use crate::lexicon::model::ModelError;
use crate::rule::RuleError;
use crate::text::{DecodeError, EncodeError};
use std::io;
use thiserror::Error;

/// Why one input could not be done. The others are.
#[derive(Debug, Error)]
pub enum InputError {
    /// Nothing is there.
    #[error("{path}: no such file or folder: {}", if path.contains(['*', '?', '[']) { "nothing matches this pattern" } else { "check the spelling" })]
    Missing {
        /// The path as given.
        path: String,
    },
    /// A folder holds no file that the configuration wants.
    #[error("{path}: no text files in this folder: looked for {}; name a file itself to have it read, or set `include` in jiaokan.toml", globs.join(", "))]
    NoText {
        /// The path as given.
        path: String,
        /// What was looked for.
        globs: Vec<String>,
    },
    /// The file or folder cannot be opened.
    #[error("{path}: cannot be read: {source}: check its permissions, or leave it out")]
    Unreadable {
        /// The path as given.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// The bytes are not text.
    #[error("{path}: {source}")]
    Undecodable {
        /// The path as given.
        path: String,
        /// Where and why.
        source: DecodeError,
    },
    /// A collection cannot be read, or not to its end.
    #[error("{0}")]
    Container(String),
    /// A record of a collection is none.
    #[error("{path}: {problem}")]
    Record {
        /// The collection and the record in it.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// An edit writes a character that the output's encoding lacks.
    #[error("{path}: {source}")]
    Unencodable {
        /// The path as given.
        path: String,
        /// Which character.
        source: EncodeError,
    },
    /// The output cannot be written.
    #[error("{path}: cannot be written: {source}: check the permissions and the free space of its folder")]
    Unwritable {
        /// The file that was to be written.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// Edits were accepted that are not to be found any more.
    #[error(
        "{path}: {count} accepted in it cannot be made: the text or the rules have changed since; review it again, or forget them with `jiaokan decisions prune`"
    )]
    Moved {
        /// The document.
        path: String,
        /// How many edits.
        count: String,
    },
    /// A backup from before is in the way.
    #[error("{path}: the backup {backup} exists already: move it away, or choose another --backup-suffix; the file is as it was")]
    BackupExists {
        /// The file that was to be cleaned.
        path: String,
        /// The backup that is in the way.
        backup: String,
    },
}

/// Rules, a configuration or language data that are wrong: nothing can run.
#[derive(Debug, Error)]
#[error("{}", self.render(false))]
pub struct SetupError(pub Vec<RuleError>);

impl SetupError {
    /// Every error as a report, with colours when `styled`.
    pub fn render(&self, styled: bool) -> String {
        self.0.iter().map(|error| error.render(styled)).collect::<Vec<_>>().join("\n\n")
    }
}

impl From<RuleError> for SetupError {
    fn from(error: RuleError) -> Self {
        SetupError(vec![error])
    }
}

impl From<ModelError> for SetupError {
    fn from(error: ModelError) -> Self {
        let help = "give a model of characters in ARPA form: docs/lexicon.md tells more";
        RuleError::about(&error.path.display().to_string(), error.problem.to_string(), help).into()
    }
}

impl From<LexiconError> for SetupError {
    fn from(error: LexiconError) -> Self {
        RuleError::about(error.path(), error.problem().to_string(), error.help()).into()
    }
}
