//! Collections of which each record is a document: JSON Lines, Parquet tables and tape archives, plain or compressed.
//!
//! A record is never made anew: the text value is found in its line, and the edits are spliced into it as it is spelt. All else comes
//! out byte for byte as it came in: other fields, their order, duplicates, numbers, blanks and line ends. Of a table, only the column of
//! texts is written anew; of an archive, only texts that change.
//!
//! Whatever the container, [`Items`] gives its pieces, [`run`](crate::corpus::run) works on them from all threads and delivers what comes of
//! them in their order, and an [`Output`] or [`Parts`] takes it. Commands that only read call [`each_text`], which gives every document
//! of every input.

mod archive;
mod clean;
mod codec;
mod columns;
mod container;
mod each;
mod field;
mod lines;
mod output;
mod parts;
mod progress;
mod string;
mod summary;
mod table;
mod texts;

pub use clean::{Cleaned, Cleaner};
pub use codec::{Codec, Encoder, decoded, open};
pub use columns::{ColumnKind, Columns};
pub use container::{Content, Item, Items, Kind, Member, Named};
pub use each::{Holding, Inputs, each_text, silent};
pub use field::FieldPath;
pub use output::Output;
pub use parts::{Leftover, Parts};
pub use progress::{Identity, Progress};
pub use summary::Summary;
pub use table::{Table, TextColumn, Texts};
pub use texts::text_file;

use crate::corpus::InputError;
use std::io;
use std::path::Path;
use thiserror::Error;

/// Why a record cannot be cleaned. It is put aside, and the others are done.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RecordError {
    /// It is no JSON object.
    #[error("no JSON object: {0}")]
    Json(String),
    /// It is not UTF-8.
    #[error("no UTF-8 from byte {0} on")]
    Encoding(usize),
    /// The text is something else than a string.
    #[error("`{0}` is no string")]
    NoString(String),
    /// An escape stands for half a character.
    #[error("`{0}` is half a character")]
    HalfCharacter(String),
    /// It is no text in its encoding.
    #[error("{0}")]
    Undecodable(String),
    /// An edit writes a character that its encoding lacks.
    #[error("{0}")]
    Unencodable(String),
    /// The name under which edits are to be listed is taken.
    #[error("there is a field `{0}` already")]
    Taken(String),
}

/// Why a collection cannot be read or written.
#[derive(Debug, Error)]
pub enum ContainerError {
    /// The input cannot be read.
    #[error("{path}: cannot be read: {source}: check that it is there and whole")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system or the decoder says.
        source: io::Error,
    },
    /// The output cannot be written.
    #[error("{path}: cannot be written: {source}: check the permissions and the free space of its folder; run again to go on")]
    Unwritable {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// A table has no texts where they are looked for.
    #[error("{path}: {problem}: name another with --field")]
    Column {
        /// The table.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// What was begun was begun otherwise.
    #[error("{path}: was begun with {what}: run again as before to go on, or with --restart to begin anew")]
    Otherwise {
        /// The output.
        path: String,
        /// What differs.
        what: &'static str,
    },
    /// The record of what was done is damaged.
    #[error("{path}: cannot be made sense of: {problem}: run again with --restart to begin anew")]
    Progress {
        /// The record.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// There is a file where the output goes.
    #[error("{path}: there is a file already: choose another name, or add --overwrite")]
    Exists {
        /// The file.
        path: String,
    },
}

impl ContainerError {
    /// What the system said when `path` was read.
    pub fn read(path: &Path, source: io::Error) -> ContainerError {
        ContainerError::Unreadable { path: path.display().to_string(), source }
    }

    /// The file at `path` has become shorter.
    pub(super) fn shorter(path: &Path) -> ContainerError {
        ContainerError::read(path, io::Error::new(io::ErrorKind::UnexpectedEof, "it has become shorter"))
    }

    /// What the system said when `path` was written.
    pub fn write(path: &Path, source: io::Error) -> ContainerError {
        ContainerError::Unwritable { path: path.display().to_string(), source }
    }
}

impl From<ContainerError> for InputError {
    fn from(error: ContainerError) -> InputError {
        InputError::Container(error.to_string())
    }
}
