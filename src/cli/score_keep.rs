//! Where scores go, and the documents that are kept or dropped.

use super::error::Failure;
use super::options::HoldingOptions;
use jiaokan::corpus::{Document, Entry, Mirror, STDIN, run, shown, write_atomically};
use jiaokan::records::{Codec, Columns, ContainerError, Content, Item, Items, Kind, Named, Output};
use std::fs;
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
    Collection { kept: Output, dropped: Output, is_archive: bool },
    Folders { kept: PathBuf, dropped: PathBuf },
}

/// Begins the file at `path`, compressed as its name says.
fn stream(path: &Path) -> Result<Output, ContainerError> {
    let codec = Codec::of_name(&path.file_name().unwrap_or_default().to_string_lossy()).0;
    Output::stream(path, Named::of(path).map_or(codec, |named| named.codec), 0)
}

/// Begins a file of lines at `path`: a table of `columns`, when its name says so.
pub(super) fn lines(path: &Path, columns: impl FnOnce() -> Columns) -> Result<Output, ContainerError> {
    match Named::of(path).map(|named| named.kind) {
        Some(Kind::Table) => Ok(Output::rows(path, &columns(), 0)),
        _ => stream(path),
    }
}

/// Puts a file in its place.
pub(super) fn close(mut output: Output) -> Result<(), ContainerError> {
    let length = output.end_part()?;
    output.finish(length)?.remove()
}

/// How the pieces of a collection become those of another, or of its like.
pub(super) struct Way {
    from: Kind,
    to: Kind,
}

impl Way {
    /// From `from` into the collection at `output`; none without an output.
    pub fn new(from: Kind, output: &Path) -> Result<Way, Failure> {
        let to = Named::of(output).map_or_else(|| if from == Kind::Table { Kind::Lines } else { from }, |named| named.kind);
        if to == Kind::Archive && from != Kind::Archive {
            return Err(Failure::Usage(format!("{}: only an archive becomes one: choose .jsonl or .parquet", shown(output))));
        }
        Ok(Way { from, to })
    }

    /// Whether texts become records.
    pub fn makes_records(&self) -> bool {
        self.from == Kind::Archive && self.to != Kind::Archive
    }

    /// The pieces of `input`.
    pub fn items(&self, input: &Document) -> Result<Items, ContainerError> {
        match self.from {
            Kind::Table => Items::rows(&input.path, 0),
            kind => Items::stream(&input.path, kind, &input.setup, 0),
        }
    }

    /// The columns that records need to become a table.
    fn columns(&self, input: &Document, holding: &HoldingOptions) -> Result<Columns, Failure> {
        let mut columns = Columns::default();
        if self.makes_records() {
            columns.join(&Columns::of_line(b"{\"path\":\"\",\"text\":\"\"}").unwrap_or_default());
            return Ok(columns);
        }
        if input.is_stdin() {
            return Err(Failure::Usage("records are read twice to become a table: give them in a file".into()));
        }
        let of = |item: Item| match &item.content {
            Content::Line(line) => Columns::of_line(line).ok(),
            _ => None,
        };
        run(
            self.items(input)?,
            |item| item.content.weight(),
            holding.underway(),
            of,
            |found| -> Result<(), ContainerError> {
                found.iter().for_each(|found| columns.join(found));
                Ok(())
            },
        )?;
        Ok(columns)
    }
}

impl Kept {
    /// For the documents of the collection `input`: a collection at `output`.
    pub fn collection(
        way: &Way,
        output: &Path,
        input: &Document,
        holding: &HoldingOptions,
        overwrite: bool,
    ) -> Result<Kept, Failure> {
        let to_stdout = output.as_os_str() == STDIN;
        let output = if to_stdout { Path::new("stdout.jsonl") } else { output };
        let name = output.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let plain = Codec::of_name(&name).1;
        let stem = Named::of(output).map_or_else(|| plain.to_owned(), |named| named.stem);
        let (codec, ending) = (&name[plain.len()..], name.strip_prefix(&stem).unwrap_or_default());
        let dropped = output.with_file_name(format!("{stem}.dropped{ending}"));
        let beside = |what: &str| output.with_file_name(format!("{stem}.{what}.jsonl{codec}"));
        let same =
            |path: &Path| fs::canonicalize(path).is_ok_and(|path| fs::canonicalize(&input.path).is_ok_and(|input| path == input));
        for path in [output, &dropped].into_iter().filter(|&path| !to_stdout || path != output) {
            if path.exists() && (!overwrite || same(path)) {
                return Err(ContainerError::Exists { path: shown(path) }.into());
            }
        }
        let is_archive = way.to == Kind::Archive;
        let columns = if way.to == Kind::Table { way.columns(input, holding)? } else { Columns::default() };
        let kept = if to_stdout { Output::stdout() } else { lines(output, || columns.clone())? };
        Ok(Kept {
            place: Place::Collection { kept, dropped: lines(&dropped, || columns)?, is_archive },
            reasons: stream(&beside("reasons"))?,
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
            reasons: stream(&beside("reasons.jsonl"))?,
            aside: None,
            aside_path: beside("put-aside.jsonl"),
        })
    }

    /// Adds a document that is a file, and lands at `landing`.
    pub fn add_file(&mut self, target: Target, landing: &Path, content: &[u8]) -> Result<(), Failure> {
        if let Place::Folders { kept, dropped } = &self.place {
            let folder = if target == Target::Kept { kept } else { dropped };
            let path = folder.join(landing);
            write_atomically(&path, content, None).map_err(|source| ContainerError::write(&path, source))?;
        }
        Ok(())
    }

    /// Adds a piece of a collection.
    pub fn add(&mut self, target: Target, content: &Content) -> Result<(), Failure> {
        let Place::Collection { kept, dropped, .. } = &mut self.place else { return Ok(()) };
        let output = if target == Target::Kept { kept } else { dropped };
        output.write_all(content.bytes(None))?;
        if matches!(content, Content::Line(line) if !line.ends_with(b"\n")) {
            // What was the last line need not be it any more.
            output.write(b"\n")?;
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
            self.aside = Some(stream(&self.aside_path)?);
        }
        self.aside.as_mut().map_or(Ok(()), |aside| aside.write(line))
    }

    /// Puts the files in their places.
    pub fn finish(self) -> Result<(), Failure> {
        if let Place::Collection { kept, mut dropped, is_archive } = self.place {
            if is_archive {
                // Two empty blocks end an archive; those of the input went with what was kept.
                dropped.write(&[0; 1024])?;
            }
            close(dropped)?;
            close(kept)?;
        }
        close(self.reasons)?;
        self.aside.map_or(Ok(()), close)?;
        Ok(())
    }
}
