//! Documents in parallel, results in order.

use super::engine::run;
use super::error::InputError;
use super::walk::{Document, Entry};
use crate::edit::{Consent, Revision};
use crate::text::Encoding;
use std::fs;

/// Bytes of documents that are on their way at a time. Bounds memory by the documents that are worked on, not by the corpus.
pub const UNDERWAY: usize = 16 << 20;

/// How documents are read and which of their edits are made.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The encoding of every input; found for each when not given.
    pub encoding: Option<Encoding>,
    /// Whether bytes that cannot be decoded are passed over.
    pub lossy: bool,
    /// Which edits are made.
    pub consent: Consent,
}

/// Revises every document of `entries`. `work` makes of a revision what is wanted of it, on any thread; `deliver` gets the
/// results one by one in the order of `entries`, so what it writes does not depend on the number of threads.
///
/// # Errors
/// The first that `deliver` gives; nothing more is read then.
pub fn revise_each<T: Send, E: Send>(
    entries: Vec<Entry>,
    reading: Reading,
    work: impl Fn(&Document, Revision) -> Result<T, InputError> + Sync,
    deliver: impl FnMut(Result<T, InputError>) -> Result<(), E>,
) -> Result<(), E> {
    let one = |entry: Entry| {
        let document = entry?;
        let source = document.read(reading.encoding, reading.lossy)?;
        work(&document, document.setup.pipeline.revise(source, reading.consent))
    };
    run(entries.into_iter().map(Ok), weight, UNDERWAY, one, deliver)
}

/// About how many bytes a document has.
fn weight(entry: &Entry) -> usize {
    let length = |document: &Document| fs::metadata(&document.path).map_or(0, |about| about.len());
    entry.as_ref().map_or(0, |document| length(document) as usize)
}
