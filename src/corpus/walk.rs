//! From the paths of a command line to documents.

use super::configs::{Configs, Setup};
use super::error::{InputError, SetupError};
use super::paths::shown;
use crate::text::{Encoding, Source};
use std::collections::HashSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use walkdir::{DirEntry, WalkDir};

/// The path that stands for the standard input.
pub const STDIN: &str = "-";

/// A document to read, or why there is none.
pub type Entry = Result<Document, InputError>;

/// A document: where it is and what governs it.
#[derive(Clone)]
pub struct Document {
    /// The path to open; [`STDIN`] for the standard input.
    pub path: PathBuf,
    /// The path as people are shown it.
    pub name: String,
    /// Where it stands in a mirrored tree: its path from the folder that was named, or its file name.
    pub landing: PathBuf,
    /// Its configuration and rules.
    pub setup: Arc<Setup>,
}

impl Document {
    /// Whether this is the standard input.
    pub fn is_stdin(&self) -> bool {
        self.path.as_os_str() == STDIN
    }

    /// Reads and decodes the document.
    ///
    /// # Errors
    /// When it cannot be read, or is not text.
    pub fn read(&self, encoding: Option<Encoding>, lossy: bool) -> Result<Source, InputError> {
        let bytes = if self.is_stdin() {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            fs::read(&self.path)
        };
        let bytes = bytes.map_err(|error| unreadable(&self.path, error))?;
        let source = Source::decode(self.name.as_str(), bytes, encoding, lossy);
        source.map_err(|source| InputError::Undecodable { path: self.name.clone(), source })
    }
}

/// Finds the documents of `inputs`: files as named, folders with all files in them that their configuration wants, in the order
/// of their names. Hidden files and symbolic links inside a folder are passed over. A file that is reached twice comes once.
///
/// # Errors
/// When a configuration or a rule is wrong; what is wrong with one input is an entry of its own.
pub fn gather(inputs: &[PathBuf], configs: &mut Configs) -> Result<Vec<Entry>, SetupError> {
    gather_also(inputs, configs, |_| false)
}

/// The same, and of the files in folders also those that `also` wants, unless their configuration shuts them out.
///
/// # Errors
/// As [`gather`].
pub fn gather_also(inputs: &[PathBuf], configs: &mut Configs, also: impl Fn(&Path) -> bool) -> Result<Vec<Entry>, SetupError> {
    let mut entries = Vec::new();
    for input in inputs {
        if input.as_os_str() == STDIN {
            let setup = configs.setup(Path::new("."))?;
            entries.push(Ok(Document { path: input.clone(), name: STDIN.into(), landing: STDIN.into(), setup }));
            continue;
        }
        match fs::metadata(input) {
            Err(error) => entries.push(Err(unreadable(input, error))),
            Ok(about) if about.is_dir() => folder(input, configs, &also, &mut entries)?,
            Ok(_) => {
                let setup = configs.setup(input.parent().unwrap_or(Path::new(".")))?;
                let landing = input.file_name().map_or_else(|| input.clone(), PathBuf::from);
                entries.push(Ok(Document { path: input.clone(), name: shown(input), landing, setup }));
            }
        }
    }
    if inputs.len() > 1 {
        let mut seen = HashSet::new();
        entries.retain(|entry| match entry.as_ref().map(|document| document.path.canonicalize()) {
            Ok(Ok(real)) => seen.insert(real),
            _ => true,
        });
    }
    Ok(entries)
}

fn folder(input: &Path, configs: &mut Configs, also: &dyn Fn(&Path) -> bool, entries: &mut Vec<Entry>) -> Result<(), SetupError> {
    let before = entries.len();
    let visible = |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    for entry in WalkDir::new(input).sort_by_file_name().into_iter().filter_entry(visible) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(input).to_path_buf();
                let cause = error.into_io_error().unwrap_or_else(|| std::io::Error::other("a link leads back to its own folder"));
                entries.push(Err(unreadable(&path, cause)));
                continue;
            }
        };
        let path = entry.path();
        if !entry.file_type().is_file() {
            continue;
        }
        let setup = configs.setup(path.parent().unwrap_or(input))?;
        if setup.wants(path, input) || also(path) && !setup.shuts_out(path, input) {
            let landing = path.strip_prefix(input).unwrap_or(path).to_path_buf();
            entries.push(Ok(Document { path: path.to_path_buf(), name: shown(path), landing, setup }));
        }
    }
    if entries.len() == before {
        entries.push(Err(InputError::NoText { path: shown(input), globs: configs.setup(input)?.config.globs.clone() }));
    }
    Ok(())
}

fn unreadable(path: &Path, source: io::Error) -> InputError {
    match source.kind() {
        io::ErrorKind::NotFound => InputError::Missing { path: shown(path) },
        _ => InputError::Unreadable { path: shown(path), source },
    }
}
