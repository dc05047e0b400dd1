//! What rules do to the documents of a corpus, kept to be compared with what they do later.
//!
//! A snapshot is a file of insta's form, so that `cargo insta review` works on it too: `NAME.edits.snap`, and `NAME.edits.snap.new`
//! beside it when what is done has changed and nobody has decided yet.

use super::write::write_atomically;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const ENDING: &str = ".edits.snap";
const PENDING: &str = ".edits.snap.new";

/// A folder of snapshots.
#[derive(Debug, Clone)]
pub struct Snapshots {
    folder: PathBuf,
}

/// How what is done compares with the snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is the same.
    Same,
    /// There is no snapshot yet.
    New,
    /// The snapshot holds this instead.
    Changed(String),
}

impl Snapshots {
    /// The snapshots of `folder`, which need not exist.
    pub fn of(folder: &Path) -> Snapshots {
        Snapshots { folder: folder.to_owned() }
    }

    /// The name of the snapshot of the document at `path` within its corpus: folders are joined by `__`, and the extension goes.
    pub fn name(path: &Path) -> String {
        let parts: Vec<String> = path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        parts.join("__")
    }

    fn file(&self, name: &str, ending: &str) -> PathBuf {
        self.folder.join(format!("{name}{ending}"))
    }

    /// Compares `content` with the snapshot `name`; blank lines at their ends do not count.
    ///
    /// # Errors
    /// When the snapshot cannot be read.
    pub fn compare(&self, name: &str, content: &str) -> io::Result<Kept> {
        match fs::read_to_string(self.file(name, ENDING)) {
            Ok(text) => {
                let old = body(&text).trim_end();
                Ok(if old == content.trim_end() { Kept::Same } else { Kept::Changed(format!("{old}\n")) })
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Kept::New),
            Err(error) => Err(error),
        }
    }

    /// Puts `content` beside the snapshot, to be decided on.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn propose(&self, name: &str, document: &str, content: &str) -> io::Result<()> {
        self.write(&self.file(name, PENDING), document, content)
    }

    /// Makes `content` the snapshot.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn accept(&self, name: &str, document: &str, content: &str) -> io::Result<()> {
        self.write(&self.file(name, ENDING), document, content)?;
        self.forget(name)
    }

    /// Takes away what was to be decided on.
    ///
    /// # Errors
    /// When it is there and cannot be removed.
    pub fn forget(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.file(name, PENDING)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn write(&self, path: &Path, document: &str, content: &str) -> io::Result<()> {
        // A quoted scalar of YAML takes all but these.
        let quoted = document.replace('\\', "\\\\").replace('"', "\\\"").replace(char::is_control, " ");
        write_atomically(path, format!("---\nsource: \"{quoted}\"\n---\n{}\n", content.trim_end()).as_bytes(), None)
    }

    /// The snapshots of no document, decided or not, by name.
    ///
    /// # Errors
    /// When the folder cannot be read; that it does not exist is none.
    pub fn orphans(&self, names: &BTreeSet<String>) -> io::Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut orphans = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let name = file.strip_suffix(PENDING).or_else(|| file.strip_suffix(ENDING));
            if name.is_some_and(|name| !names.contains(name)) {
                orphans.push(path);
            }
        }
        orphans.sort();
        Ok(orphans)
    }
}

/// What stands behind the head of a snapshot.
fn body(text: &str) -> &str {
    let head = text.strip_prefix("---\n").and_then(|rest| rest.find("\n---\n").map(|end| &rest[end + 5..]));
    head.unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snapshots_are_kept_compared_and_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let snapshots = Snapshots::of(&folder.path().join("new"));
        let name = Snapshots::name(Path::new("sub/a.txt"));
        assert_eq!(name, "sub__a");
        assert_eq!(snapshots.compare(&name, "1:1 x\n").unwrap(), Kept::New);
        snapshots.propose(&name, "in \"a\".txt", "1:1 x\n").unwrap();
        assert_eq!(snapshots.compare(&name, "1:1 x\n").unwrap(), Kept::New);
        snapshots.accept(&name, "in \"a\".txt", "1:1 x\n\n").unwrap();
        assert_eq!(snapshots.compare(&name, "1:1 x").unwrap(), Kept::Same);
        assert_eq!(snapshots.compare(&name, "---\n1:1 y").unwrap(), Kept::Changed("1:1 x\n".into()));
        let file = folder.path().join("new/sub__a.edits.snap");
        assert_eq!(fs::read_to_string(&file).unwrap(), "---\nsource: \"in \\\"a\\\".txt\"\n---\n1:1 x\n");
        assert_eq!(snapshots.orphans(&BTreeSet::new()).unwrap(), [file]);
        assert!(snapshots.orphans(&[name].into()).unwrap().is_empty());
    }
}
