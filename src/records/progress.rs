//! How far a run came, kept beside its output, so that it can go on after a crash.

use super::ContainerError;
use super::summary::Summary;
use crate::corpus::{Document, unfinished, write_durably};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use xxhash_rust::xxh3::Xxh3Default;

/// Which file an input is, as far as one can tell without reading it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its path, as it was given.
    pub path: String,
    /// Its length in bytes.
    pub length: u64,
    /// When it was written, in nanoseconds since 1970.
    pub modified: u128,
}

impl Identity {
    /// That of the file at `path`.
    ///
    /// # Errors
    /// When it is not there.
    pub fn of(path: &Path) -> Result<Identity, ContainerError> {
        let about = fs::metadata(path).map_err(|error| ContainerError::read(path, error))?;
        let modified =
            about.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()).map_or(0, |time| time.as_nanos());
        Ok(Identity { path: path.display().to_string(), length: about.len(), modified })
    }

    /// That of the documents of a folder, all together.
    ///
    /// # Errors
    /// When one is not there.
    pub fn of_folder(path: &Path, documents: &[Document]) -> Result<Identity, ContainerError> {
        let (mut hash, mut length) = (Xxh3Default::new(), 0);
        for document in documents {
            let one = Identity::of(&document.path)?;
            hash.update(format!("{}\0{}\0{}\0", one.path, one.length, one.modified).as_bytes());
            length += one.length;
        }
        Ok(Identity { path: path.display().to_string(), length, modified: hash.digest().into() })
    }
}

/// How far a run came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What is read.
    pub input: Identity,
    /// A hash of the rules and of all else that decides what becomes of a text.
    pub rules: String,
    /// What else decides what is written.
    pub options: String,
    /// Lines, members or row groups that are done.
    pub items: u64,
    /// The length of each file that is written, or the number of its parts, by its name.
    pub outputs: BTreeMap<String, u64>,
    /// What was done to these lines.
    pub summary: Summary,
}

impl Progress {
    /// Where the progress of the run that writes `output` is kept.
    pub fn path(output: &Path) -> PathBuf {
        let name = output.file_name().unwrap_or_default().to_string_lossy().into_owned();
        output.with_file_name(format!(".{name}.progress"))
    }

    /// What was done before: this itself when nothing was.
    ///
    /// # Errors
    /// When it was done with another input, other rules or other options, or cannot be made sense of.
    pub fn resume(self, output: &Path) -> Result<Progress, ContainerError> {
        let path = Progress::path(output);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(self),
            Err(error) => return Err(ContainerError::read(&path, error)),
        };
        let before: Progress = serde_json::from_slice(&text)
            .map_err(|error| ContainerError::Progress { path: path.display().to_string(), problem: error.to_string() })?;
        let otherwise = |what| Err(ContainerError::Otherwise { path: output.display().to_string(), what });
        match &before {
            _ if before.input.path != self.input.path => otherwise("another input"),
            _ if before.input != self.input => otherwise("an input that has changed since"),
            _ if before.rules != self.rules => otherwise("other rules"),
            _ if before.options != self.options => otherwise("other options"),
            _ => Ok(before),
        }
    }

    /// Keeps it. Files that it speaks of must be on the disk as it says.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep(&self, output: &Path) -> Result<(), ContainerError> {
        let path = Progress::path(output);
        let text = serde_json::to_vec(self).map_err(io::Error::other);
        text.and_then(|text| write_durably(&path, &text)).map_err(|error| ContainerError::write(&path, error))
    }

    /// Removes it when the run is over, or begins anew.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn forget(output: &Path) -> Result<(), ContainerError> {
        let path = Progress::path(output);
        // A run that was killed while it wrote may have left the latter.
        [&path, &unfinished(&path)].into_iter().try_for_each(|path| match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(ContainerError::write(path, error)),
            _ => Ok(()),
        })
    }
}
