//! A folder that will hold the cleaned copies, checked before anything is written.

use super::paths::{resolved, shown};
use super::walk::{Document, Entry};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The folder, inside the output, for what is written beside the cleaned copies.
const RECORDS: &str = ".jiaokan";

/// Why the output cannot go where it was asked to.
#[derive(Debug, Error)]
pub enum MirrorError {
    /// The output lies in an input folder, or is one.
    #[error("the output {output} lies inside the input {input}: name a folder outside of it")]
    Inside {
        /// The output folder.
        output: String,
        /// The input it lies in.
        input: String,
    },
    /// An input lies in the output.
    #[error("the input {input} lies inside the output {output}: name another output folder")]
    Around {
        /// The output folder.
        output: String,
        /// The input in it.
        input: String,
    },
    /// The output holds something already.
    #[error("the output {output} exists and is not empty: name a new folder, or write over what is there with --overwrite")]
    Exists {
        /// The output folder.
        output: String,
    },
    /// The output is a file.
    #[error("the output {output} is not a folder: name a new one")]
    NotFolder {
        /// The output.
        output: String,
    },
    /// Two documents would be written to one name.
    #[error("{first} and {second} would both be written to {landing}: clean them into folders of their own, or rename one")]
    Collision {
        /// The name in the output folder.
        landing: String,
        /// One document.
        first: String,
        /// The other.
        second: String,
    },
    /// A link in the output leads to an input.
    #[error("{target} leads to the input {input}: name another output folder")]
    Overwrites {
        /// The file that would be written.
        target: String,
        /// The input behind it.
        input: String,
    },
    /// The output cannot be looked at.
    #[error("the output {output} cannot be looked at: {source}: check its permissions, or name another folder")]
    Unreadable {
        /// The output.
        output: String,
        /// What the system says.
        source: io::Error,
    },
}

/// An output folder that mirrors the inputs.
#[derive(Debug)]
pub struct Mirror {
    folder: PathBuf,
    /// The folders that are made with it, the deepest first.
    fresh: Vec<PathBuf>,
}

impl Mirror {
    /// Checks that `folder` can hold a copy of every document and harms none.
    ///
    /// # Errors
    /// When it cannot.
    pub fn plan(folder: &Path, inputs: &[PathBuf], entries: &[Entry], overwrite: bool) -> Result<Mirror, MirrorError> {
        let output = shown(folder);
        let unreadable = |source| MirrorError::Unreadable { output: output.clone(), source };
        let real = resolved(folder).map_err(unreadable)?;
        for input in inputs {
            let Ok(inner) = input.canonicalize() else { continue };
            let names = || (output.clone(), shown(input));
            if inner.is_dir() && real.starts_with(&inner) {
                let (output, input) = names();
                return Err(MirrorError::Inside { output, input });
            }
            if inner.starts_with(&real) {
                let (output, input) = names();
                return Err(MirrorError::Around { output, input });
            }
        }
        let used = match fs::read_dir(folder) {
            Ok(mut content) => content.next().is_some(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(MirrorError::NotFolder { output }),
            Err(error) => return Err(unreadable(error)),
        };
        if used && !overwrite {
            return Err(MirrorError::Exists { output });
        }
        let fresh = real.ancestors().take_while(|folder| !folder.exists()).map(Path::to_path_buf).collect();
        let mirror = Mirror { folder: folder.to_path_buf(), fresh };
        mirror.check_names(entries)?;
        if used {
            mirror.check_links(entries)?;
        }
        Ok(mirror)
    }

    /// Where the copy of `document` goes.
    pub fn path(&self, document: &Document) -> PathBuf {
        self.folder.join(&document.landing)
    }

    /// Where the record called `name` goes.
    pub fn record(&self, name: &str) -> PathBuf {
        self.folder.join(RECORDS).join(name)
    }

    /// Takes back the folders that were made, those that are empty: nothing could be written.
    pub fn abandon(&self) {
        let _ = fs::remove_dir(self.folder.join(RECORDS));
        for folder in &self.fresh {
            let _ = fs::remove_dir(folder);
        }
    }

    /// No two documents may land on one name, nor one on a folder that another needs.
    fn check_names(&self, entries: &[Entry]) -> Result<(), MirrorError> {
        let documents = || entries.iter().flatten();
        let mut taken: HashMap<&Path, &str> = HashMap::from([(Path::new(RECORDS), "the record of the run")]);
        let collision = |landing: &Path, first: &str, second: &str| MirrorError::Collision {
            landing: shown(&self.folder.join(landing)),
            first: first.into(),
            second: second.into(),
        };
        for document in documents() {
            if let Some(first) = taken.insert(&document.landing, &document.name) {
                return Err(collision(&document.landing, first, &document.name));
            }
        }
        for document in documents() {
            let folders = document.landing.ancestors().skip(1);
            if let Some((folder, first)) = folders.filter_map(|folder| taken.get_key_value(folder)).next() {
                return Err(collision(folder, first, &document.name));
            }
        }
        Ok(())
    }

    /// What is in the folder already may be links that lead back to the inputs.
    fn check_links(&self, entries: &[Entry]) -> Result<(), MirrorError> {
        let inputs: HashSet<PathBuf> =
            entries.iter().flatten().filter_map(|document| document.path.canonicalize().ok()).collect();
        for document in entries.iter().flatten() {
            let path = self.path(document);
            if let Some(input) = resolved(&path).ok().and_then(|real| inputs.get(&real)) {
                return Err(MirrorError::Overwrites { target: shown(&path), input: input.display().to_string() });
            }
        }
        Ok(())
    }
}
