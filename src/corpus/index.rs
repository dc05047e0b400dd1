//! Reading a corpus into an index.

use super::error::InputError;
use super::paths::absolute;
use super::walk::Document;
use crate::index::{Builder, IndexError, IndexProblem, Printer};
use crate::text::lines::lines;
use crate::text::{DecodeError, Encoding, Source};
use rayon::prelude::*;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Longer files are read piece by piece, in bytes.
const PIECE: u64 = 4 << 20;
/// Bytes of files that are read side by side.
const BATCH: u64 = 16 << 20;
/// A document of so many bytes or more cannot be told the places of its lines.
const LONGEST: u64 = u32::MAX as u64;

/// Why a corpus cannot be read into an index.
#[derive(Debug, Error)]
pub enum CorpusError {
    /// One document is wrong.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The index is.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A document lies outside the root of the corpus.
    #[error("{path} does not lie in {root}: name the folder that holds all of the corpus with --root")]
    Outside {
        /// The document.
        path: String,
        /// The root.
        root: String,
    },
    /// A document is too long.
    #[error("{path}: has 4 GB or more: split it")]
    Long {
        /// The document.
        path: String,
    },
}

/// The folder from which the documents of an index are named: `root` when it is given; the current directory when everything lies in
/// it; else the deepest folder that holds everything.
pub fn root_of(inputs: &[PathBuf], root: Option<&Path>) -> PathBuf {
    let here = absolute(Path::new("."));
    let full: Vec<PathBuf> = inputs.iter().map(|input| absolute(input)).collect();
    match root {
        Some(root) => absolute(root),
        None if full.iter().all(|path| path.starts_with(&here)) => here,
        None => {
            let folder = |path: &PathBuf| {
                if path.is_dir() { path.clone() } else { path.parent().map_or_else(PathBuf::new, Path::to_path_buf) }
            };
            let mut folders = full.iter().map(folder);
            let first = folders.next().unwrap_or(here);
            folders.fold(first, |common, folder| {
                common.ancestors().find(|ancestor| folder.starts_with(ancestor)).map_or_else(PathBuf::new, Path::to_path_buf)
            })
        }
    }
}

/// A document of a corpus and its path in the index.
struct Member<'a> {
    path: String,
    document: &'a Document,
    size: u64,
}

/// Reads `documents` into an index of the corpus at `root`, and has it ready to be written. They come in corpus order whatever order
/// they are given in, and on however many threads they are read.
///
/// # Errors
/// When a document cannot be read or does not lie in `root`, or a temporary file in `folder` cannot be written. `output` names the index.
pub fn index_documents(
    documents: &[Document],
    root: &Path,
    (encoding, lossy): (Option<Encoding>, bool),
    folder: &Path,
    output: &str,
) -> Result<Builder, CorpusError> {
    let mut members: Vec<Member<'_>> = documents.iter().map(|document| member(document, root)).collect::<Result<_, _>>()?;
    members.sort_by(|a, b| (&a.path, &a.document.path).cmp(&(&b.path, &b.document.path)));
    let mut builder = Builder::new(folder);
    let unwritable = |error| CorpusError::Index(IndexError::new(output, IndexProblem::Unwritable(error)));
    let mut rest = members.as_slice();
    while let Some(first) = rest.first() {
        let mut bytes = 0;
        let fits = |member: &&Member<'_>| {
            bytes += member.size;
            member.size <= PIECE && bytes <= BATCH
        };
        let batch = &rest[..rest.iter().take_while(fits).count()];
        if batch.is_empty() {
            builder.begin(first.path.clone());
            let mut printer = Printer::new();
            let found = long(first.document, encoding, lossy, &mut printer, |printer| builder.take(printer).map_err(unwritable))?;
            builder.end(&printer.finish(), found).map_err(unwritable)?;
            rest = &rest[1..];
        } else {
            let read: Vec<_> = batch.par_iter().map(|member| whole(member.document, encoding, lossy)).collect();
            for (member, read) in batch.iter().zip(read) {
                let (mut printer, encoding) = read?;
                builder.begin(member.path.clone());
                builder.take(&mut printer).map_err(unwritable)?;
                builder.end(&printer.finish(), encoding).map_err(unwritable)?;
            }
            rest = &rest[batch.len()..];
        }
        if builder.paragraphs() > u64::from(u32::MAX) {
            return Err(IndexError::new(output, IndexProblem::Full { what: "paragraphs" }).into());
        }
    }
    Ok(builder)
}

fn member<'a>(document: &'a Document, root: &Path) -> Result<Member<'a>, CorpusError> {
    let full = absolute(&document.path);
    let Ok(below) = full.strip_prefix(root) else {
        return Err(CorpusError::Outside { path: document.name.clone(), root: root.display().to_string() });
    };
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    let size = fs::metadata(&document.path).map(|about| about.len()).map_err(|error| unreadable(document, error))?;
    if size >= LONGEST {
        return Err(CorpusError::Long { path: document.name.clone() });
    }
    Ok(Member { path: parts.join("/"), document, size })
}

fn unreadable(document: &Document, source: io::Error) -> InputError {
    InputError::Unreadable { path: document.name.clone(), source }
}

/// The fingerprints of a document that is read at once.
fn whole(document: &Document, encoding: Option<Encoding>, lossy: bool) -> Result<(Printer, Encoding), CorpusError> {
    let source = document.read(encoding, lossy)?;
    let mut printer = Printer::new();
    add(&mut printer, &source, 0);
    Ok((printer, source.encoding()))
}

/// Adds a piece of a document that begins at `start`.
fn add(printer: &mut Printer, source: &Source, start: usize) {
    let text = source.text();
    printer.piece(text);
    for line in lines(text) {
        let place = source.byte_span(line.content);
        printer.line(line.content.of(text), (start + place.start) as u32, (place.end - place.start) as u32);
    }
}

/// The fingerprints of a document that is read piece by piece, which `take` gets after each.
fn long(
    document: &Document,
    mut encoding: Option<Encoding>,
    lossy: bool,
    printer: &mut Printer,
    mut take: impl FnMut(&mut Printer) -> Result<(), CorpusError>,
) -> Result<Encoding, CorpusError> {
    let mut file = File::open(&document.path).map_err(|error| unreadable(document, error))?;
    let (mut start, mut bytes) = (0, Vec::new());
    loop {
        let more = file.by_ref().take(PIECE).read_to_end(&mut bytes).map_err(|error| unreadable(document, error))?;
        // In UTF-16 the byte of a line feed may be half of another character; such files are read at once.
        let wide = |encoding| matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        // What the first piece is, the others are.
        encoding = encoding.or_else(|| Encoding::detect(&bytes).ok().filter(|&found| wide(found)));
        let end = match more {
            0 => bytes.len(),
            _ if encoding.is_some_and(wide) => continue,
            _ => match memchr::memrchr(b'\n', &bytes) {
                Some(end) => end + 1,
                None => continue,
            },
        };
        let rest = bytes.split_off(end);
        let source = Source::decode(document.name.as_str(), bytes, encoding, lossy)
            .map_err(|error| InputError::Undecodable { path: document.name.clone(), source: later(error, start) })?;
        let found = source.encoding();
        encoding = Some(found);
        add(printer, &source, start);
        start += end;
        take(printer)?;
        bytes = rest;
        if more == 0 {
            return Ok(found);
        }
    }
}

/// The error of a piece that begins at `start`.
fn later(error: DecodeError, start: usize) -> DecodeError {
    match error {
        DecodeError::Undecodable { offset, byte, encoding } => {
            DecodeError::Undecodable { offset: offset + start, byte, encoding }
        }
        DecodeError::Unknown { offset, byte } => DecodeError::Unknown { offset: offset + start, byte },
        DecodeError::Binary { offset, byte } => DecodeError::Binary { offset: offset + start, byte },
    }
}
