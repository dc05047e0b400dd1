//! The files of a ledger: sixteen of JSON Lines, by the first digit of the key, sorted, so that git can merge them line by line.
//! Lines are added at their ends while somebody decides one finding after another, and sorted when that is over.

use super::decision::Decision;
use super::key::Key;
use crate::corpus::{shown, write_atomically};
use fd_lock::RwLock;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a ledger cannot be read or written.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// A file of it cannot be read.
    #[error("{path}: the ledger cannot be read: {source}: check its permissions, or name another with --ledger")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// A file of it cannot be written.
    #[error("{path}: the ledger cannot be written: {source}: check the permissions and the free space of its folder")]
    Unwritable {
        /// The file.
        path: String,
        /// What the system says.
        source: io::Error,
    },
    /// A line is no decision.
    #[error("{path}:{line}: not a decision: {problem}: {help}")]
    Line {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
        /// What to do.
        help: &'static str,
    },
    /// The inputs belong to several ledgers.
    #[error(
        "the inputs belong to different ledgers, {first} and {second}: take them one after the other, or name one with --ledger"
    )]
    Several {
        /// One.
        first: String,
        /// The other.
        second: String,
    },
}

/// How many files.
pub(super) const SHARDS: u8 = 16;

/// The file that `key` belongs to.
pub(super) fn shard(key: Key) -> u8 {
    (key.base >> 124) as u8
}

fn path(folder: &Path, shard: u8) -> PathBuf {
    folder.join(format!("{shard:x}.jsonl"))
}

/// The lines of one file; none when it is not there. A last line that breaks off is what a process left that was killed while it
/// added the line: nothing was ever told to be kept by it.
pub(super) fn read_shard(folder: &Path, shard: u8) -> Result<Vec<Decision>, LedgerError> {
    let path = path(folder, shard);
    match fs::read(&path) {
        Ok(mut bytes) => {
            let last = memchr::memrchr(b'\n', &bytes).map_or(0, |at| at + 1);
            if serde_json::from_slice::<Decision>(&bytes[last..]).is_err_and(|error| error.is_eof()) {
                bytes.truncate(last);
            }
            parse(&shown(&path), &bytes)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(LedgerError::Unreadable { path: shown(&path), source }),
    }
}

/// Reads decisions, one a line, from a file of any name: another person's, or what a browser wrote.
///
/// # Errors
/// When it cannot be read, or a line is no decision.
pub fn read_decisions(path: &Path) -> Result<Vec<Decision>, LedgerError> {
    let bytes = fs::read(path).map_err(|source| LedgerError::Unreadable { path: shown(path), source })?;
    parse(&shown(path), &bytes)
}

fn parse(name: &str, bytes: &[u8]) -> Result<Vec<Decision>, LedgerError> {
    let mut decisions = Vec::new();
    for (index, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let decision = serde_json::from_slice(line).map_err(|error| {
            let conflict = [&b"<<<<<<<"[..], b"=======", b">>>>>>>"].iter().any(|mark| line.starts_with(mark));
            let help = if conflict {
                "git left a mark of its conflict: delete the mark and keep the decisions of both sides"
            } else {
                "mend the line, or delete it to forget the decision"
            };
            LedgerError::Line { path: name.to_owned(), line: index + 1, problem: error.to_string(), help }
        })?;
        decisions.push(decision);
    }
    Ok(decisions)
}

/// Writes one file whole, or takes it away when nothing is left.
pub(super) fn write_shard(folder: &Path, shard: u8, decisions: &[&Decision]) -> Result<(), LedgerError> {
    let path = path(folder, shard);
    let unwritable = |source| LedgerError::Unwritable { path: shown(&path), source };
    if decisions.is_empty() {
        return match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unwritable(error)),
            _ => Ok(()),
        };
    }
    write_atomically(&path, &lines(decisions).map_err(|error| unwritable(error.into()))?, None).map_err(unwritable)
}

/// Adds lines at the ends of files: to all of them or, when one cannot be written, to none. None may end in the middle of a line.
pub(super) fn append(folder: &Path, added: &BTreeMap<u8, Vec<&Decision>>) -> Result<(), LedgerError> {
    let mut lengths: Vec<(PathBuf, u64)> = Vec::new();
    let mut add = |path: &Path, decisions: &[&Decision]| {
        let mut file = OpenOptions::new().create(true).append(true).open(path)?;
        lengths.push((path.to_path_buf(), file.metadata()?.len()));
        file.write_all(&lines(decisions)?)
    };
    for (&shard, decisions) in added {
        let path = path(folder, shard);
        if let Err(source) = add(&path, decisions) {
            for (path, length) in lengths {
                let _ = OpenOptions::new().write(true).open(path).and_then(|file| file.set_len(length));
            }
            return Err(LedgerError::Unwritable { path: shown(&path), source });
        }
    }
    Ok(())
}

/// Whether one file ends with the end of a line, so that lines can be added.
pub(super) fn ends_well(folder: &Path, shard: u8) -> bool {
    let Ok(mut file) = File::open(path(folder, shard)) else { return true };
    let mut last = [b'\n'];
    let _ = file.seek(SeekFrom::End(-1)).and_then(|_| file.read(&mut last));
    last == *b"\n"
}

/// Takes lines away that one file ends with; false when it does not end with them.
pub(super) fn cut(folder: &Path, shard: u8, decisions: &[&Decision]) -> Result<bool, LedgerError> {
    let path = path(folder, shard);
    let try_it = || -> io::Result<bool> {
        let end = lines(decisions)?;
        let mut file = match OpenOptions::new().read(true).write(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            file => file?,
        };
        let Some(length) = file.metadata()?.len().checked_sub(end.len() as u64) else { return Ok(false) };
        file.seek(SeekFrom::Start(length))?;
        let mut there = Vec::with_capacity(end.len());
        file.read_to_end(&mut there)?;
        if there != end {
            return Ok(false);
        }
        if length > 0 {
            file.set_len(length)?
        } else {
            fs::remove_file(&path)?
        }
        Ok(true)
    };
    try_it().map_err(|source| LedgerError::Unwritable { path: shown(&path), source })
}

/// Decisions, one a line.
fn lines(decisions: &[&Decision]) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for decision in decisions {
        serde_json::to_writer(&mut bytes, decision)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// Who holds this may write; others wait.
pub(super) struct Lock(RwLock<File>);

impl Lock {
    /// Makes the folder of a ledger, with what git must know of it, and gets ready to lock it.
    pub fn of(folder: &Path) -> Result<Lock, LedgerError> {
        let unwritable = |path: &Path| {
            let path = shown(path);
            move |source| LedgerError::Unwritable { path, source }
        };
        fs::create_dir_all(folder).map_err(unwritable(folder))?;
        for (name, content) in [(".gitattributes", "*.jsonl merge=union -text\n"), (".gitignore", ".lock\n.jiaokan-*\n")] {
            let path = folder.join(name);
            if !path.exists() {
                write_atomically(&path, content.as_bytes(), None).map_err(unwritable(&path))?;
            }
        }
        let path = folder.join(".lock");
        let file = OpenOptions::new().create(true).write(true).truncate(false).open(&path).map_err(unwritable(&path))?;
        Ok(Lock(RwLock::new(file)))
    }

    /// Does `work` while nobody else writes.
    pub fn hold<T>(&mut self, folder: &Path, work: impl FnOnce() -> Result<T, LedgerError>) -> Result<T, LedgerError> {
        let _held = self.0.write().map_err(|source| LedgerError::Unwritable { path: shown(&folder.join(".lock")), source })?;
        work()
    }
}
