//! Every document of every input, whatever holds it: for commands that only read.

use super::container::{Item, Items, Kind, Named};
use super::field::FieldPath;
use crate::corpus::{Document, Entry, InputError, Reading, run};
use crate::text::Source;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How documents lie in collections.
#[derive(Debug, Clone)]
pub struct Holding {
    /// Where the text of a record is.
    pub field: FieldPath,
    /// What the inputs are.
    pub inputs: Inputs,
    /// Bytes of documents that are held at a time, about, before what is made of them.
    pub most: usize,
}

/// What inputs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inputs {
    /// Each file is a document, whatever its name.
    Documents,
    /// What their names say.
    Named,
    /// Each is such a collection, whatever its name.
    Collections(Kind),
}

impl Inputs {
    /// What holds documents at `path`; none when it is itself one.
    pub fn kind(self, path: &Path) -> Option<Kind> {
        match self {
            Inputs::Documents => None,
            Inputs::Named => Named::of(path).map(|named| named.kind),
            Inputs::Collections(kind) => Some(kind),
        }
    }
}

/// What is read of the inputs.
enum Piece {
    /// A file that is a document.
    File(Document),
    /// A piece of a collection.
    Item(Arc<Document>, Item),
    Failed(InputError),
}

/// What came of a piece.
enum Outcome<T> {
    Done(T),
    /// A record without text.
    NoText,
    /// No record.
    Nothing,
    Failed(InputError),
}

/// Works on every document of `entries` on all threads, and delivers what came of each in their order, holding only some of them at a
/// time. An entry that is a collection stands for all its documents; `work` gets them as documents called `INPUT:LINE`, of the
/// collection's setup. Records without text are passed over; what cannot be read is delivered as an error, and the rest goes on.
///
/// Returns for each collection how many records it has, and how many of them are without text.
///
/// # Errors
/// The first that `deliver` gives; nothing more is read then.
pub fn each_text<T: Send, E: Send>(
    entries: Vec<Entry>,
    holding: &Holding,
    reading: Reading,
    work: impl Fn(&Document, Source) -> Result<T, InputError> + Sync,
    mut deliver: impl FnMut(Result<T, InputError>) -> Result<(), E>,
) -> Result<BTreeMap<PathBuf, (u64, u64)>, E> {
    let pieces = entries.into_iter().flat_map(|entry| -> Box<dyn Iterator<Item = Piece> + Send> {
        match entry {
            Ok(document) => match holding.inputs.kind(&document.path) {
                Some(kind) => collection(document, kind, &holding.field),
                None => Box::new(std::iter::once(Piece::File(document))),
            },
            Err(error) => Box::new(std::iter::once(Piece::Failed(error))),
        }
    });
    let weight = |piece: &Piece| match piece {
        Piece::File(document) => fs::metadata(&document.path).map_or(0, |about| about.len() as usize),
        Piece::Item(_, item) => item.content.weight(),
        Piece::Failed(_) => 0,
    };
    let one = |piece| match piece {
        Piece::File(document) => {
            let done = document.read(reading.encoding, reading.lossy).and_then(|source| work(&document, source));
            (None, done.map_or_else(Outcome::Failed, Outcome::Done))
        }
        Piece::Item(holder, item) if item.is_record() => {
            let outcome = record(&holder, &item, &holding.field, reading, &work);
            (Some(holder), outcome)
        }
        Piece::Item(holder, _) => (Some(holder), Outcome::Nothing),
        Piece::Failed(error) => (None, Outcome::Failed(error)),
    };
    let mut counts: BTreeMap<PathBuf, (u64, u64)> = BTreeMap::new();
    run(pieces.map(Ok), weight, holding.most, one, |(holder, outcome)| {
        if let (Some(holder), false) = (holder, matches!(outcome, Outcome::Nothing)) {
            let counts = counts.entry(holder.path.clone()).or_default();
            counts.0 += 1;
            counts.1 += u64::from(matches!(outcome, Outcome::NoText));
        }
        match outcome {
            Outcome::Done(done) => deliver(Ok(done)),
            Outcome::Failed(error) => deliver(Err(error)),
            Outcome::NoText | Outcome::Nothing => Ok(()),
        }
    })?;
    Ok(counts)
}

/// The collections in which no record at all has a text.
pub fn silent(counts: &BTreeMap<PathBuf, (u64, u64)>) -> impl Iterator<Item = &Path> {
    counts.iter().filter(|(_, (records, without))| *records > 0 && records == without).map(|(path, _)| path.as_path())
}

/// The pieces of a collection.
fn collection(document: Document, kind: Kind, field: &FieldPath) -> Box<dyn Iterator<Item = Piece> + Send> {
    match Items::open(&document.path, kind, &document.setup, field) {
        Ok(items) => {
            let holder = Arc::new(document);
            Box::new(items.map(move |item| match item {
                Ok(item) => Piece::Item(holder.clone(), item),
                Err(error) => Piece::Failed(error.into()),
            }))
        }
        Err(error) => Box::new(std::iter::once(Piece::Failed(error.into()))),
    }
}

fn record<T>(
    holder: &Document,
    item: &Item,
    field: &FieldPath,
    reading: Reading,
    work: impl Fn(&Document, Source) -> Result<T, InputError>,
) -> Outcome<T> {
    let name = item.name(&holder.name);
    match item.source(&name, field, reading) {
        Ok(Some(source)) => {
            let document = Document { path: PathBuf::from(&name), name, ..holder.clone() };
            work(&document, source).map_or_else(Outcome::Failed, Outcome::Done)
        }
        Ok(None) => Outcome::NoText,
        Err(problem) => Outcome::Failed(InputError::Record { path: name, problem: problem.to_string() }),
    }
}
