//! Where scores go, and the documents that are kept or dropped.

use super::error::Failure;
use jiaokan::corpus::{Entry, Mirror, Spool, shown, write_atomically};
use jiaokan::records::{Codec, ContainerError, Kind, Named, Output};
use jiaokan::report::score_table::Table;
use jiaokan::score::Card;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Which way a document goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    Kept,
    Dropped,
}

/// The files of those that are kept, and of those that are not.
pub(super) struct Kept {
    place: Place,
    reasons: Output,
    /// Made when the first is put aside.
    aside: Option<Output>,
    aside_path: PathBuf,
}

enum Place {
    Records { kept: Output, dropped: Output },
    Folders { kept: PathBuf, dropped: PathBuf },
}

/// A part of a file at its end.
fn close(mut output: Output) -> Result<(), ContainerError> {
    let length = output.end_part()?;
    output.finish(length)
}

impl Kept {
    /// For the records of `input`: a collection at `output`.
    pub fn collection(output: &Path, input: &Path, overwrite: bool) -> Result<Kept, Failure> {
        let name = output.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let plain = Codec::of_name(&name).1;
        let (codec, stem) = (&name[plain.len()..], Named::of(output).map_or_else(|| plain.to_owned(), |named| named.stem));
        let beside = |what: &str| output.with_file_name(format!("{stem}.{what}.jsonl{codec}"));
        let dropped = beside("dropped");
        let same = |path: &Path| fs::canonicalize(path).is_ok_and(|path| fs::canonicalize(input).is_ok_and(|input| path == input));
        for path in [output, &dropped] {
            if path.exists() && (!overwrite || same(path)) {
                return Err(ContainerError::Exists { path: shown(path) }.into());
            }
        }
        Ok(Kept {
            place: Place::Records { kept: Output::open(output, 0)?, dropped: Output::open(&dropped, 0)? },
            reasons: Output::open(&beside("reasons"), 0)?,
            aside: None,
            aside_path: beside("put-aside"),
        })
    }

    /// For documents that are files: a folder at `output`.
    pub fn folder(output: &Path, inputs: &[PathBuf], entries: &[Entry], overwrite: bool) -> Result<Kept, Failure> {
        let beside = |what: &str| {
            let name = output.file_name().unwrap_or_default().to_string_lossy();
            output.with_file_name(format!("{name}.{what}"))
        };
        let dropped = beside("dropped");
        for folder in [output, &dropped] {
            // What is in the way is found before anything is written.
            Mirror::plan(folder, inputs, entries, overwrite)?;
        }
        Ok(Kept {
            place: Place::Folders { kept: output.to_owned(), dropped },
            reasons: Output::open(&beside("reasons.jsonl"), 0)?,
            aside: None,
            aside_path: beside("put-aside.jsonl"),
        })
    }

    /// Adds a document.
    pub fn add(&mut self, target: Target, landing: &Path, content: &[u8]) -> Result<(), Failure> {
        match (&mut self.place, target) {
            (Place::Records { kept, .. }, Target::Kept) => kept.write(content)?,
            (Place::Records { dropped, .. }, Target::Dropped) => dropped.write(content)?,
            (Place::Folders { kept, dropped }, target) => {
                let folder = if target == Target::Kept { kept } else { dropped };
                let path = folder.join(landing);
                write_atomically(&path, content, None).map_err(|source| ContainerError::write(&path, source))?;
            }
        }
        Ok(())
    }

    /// Adds why one was dropped.
    pub fn reason(&mut self, line: &[u8]) -> Result<(), ContainerError> {
        self.reasons.write(line)
    }

    /// Adds one that cannot be read.
    pub fn put_aside(&mut self, line: &[u8]) -> Result<(), ContainerError> {
        if line.is_empty() {
            return Ok(());
        }
        if self.aside.is_none() {
            self.aside = Some(Output::open(&self.aside_path, 0)?);
        }
        self.aside.as_mut().map_or(Ok(()), |aside| aside.write(line))
    }

    /// Puts the files in their places.
    pub fn finish(self) -> Result<(), Failure> {
        if let Place::Records { kept, dropped } = self.place {
            close(kept)?;
            close(dropped)?;
        }
        close(self.reasons)?;
        self.aside.map_or(Ok(()), close)?;
        Ok(())
    }
}

/// A file of scores.
pub(super) enum Scores {
    Lines(Output),
    Table(Box<Table<Sink>>),
}

/// A file that is seen when it is whole.
pub(super) struct Sink(Spool);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.writer().flush()
    }
}

impl Scores {
    /// Whether the file at `path` is to be a table.
    pub fn is_table(path: &Path) -> bool {
        Named::of(path).is_some_and(|named| named.kind == Kind::Table)
    }

    /// Begins the file that will be at `path`.
    pub fn open(path: &Path) -> Result<Scores, Failure> {
        if !Scores::is_table(path) {
            return Ok(Scores::Lines(Output::open(path, 0)?));
        }
        let spool = Spool::create(path.to_owned()).map_err(|source| ContainerError::write(path, source))?;
        Ok(Scores::Table(Box::new(Table::new(Sink(spool))?)))
    }

    /// Adds a document: `line` is what lines get.
    pub fn add(&mut self, name: &str, card: &Card, kept: bool, line: &[u8]) -> Result<(), Failure> {
        match self {
            Scores::Lines(output) => output.write(line)?,
            Scores::Table(table) => table.add(name, card, kept)?,
        }
        Ok(())
    }

    /// Puts the file in its place.
    pub fn finish(self) -> Result<(), Failure> {
        match self {
            Scores::Lines(output) => close(output)?,
            Scores::Table(table) => table.finish()?.0.finish()?,
        }
        Ok(())
    }
}
