//! Documents in parallel, results in order.

use super::error::InputError;
use super::walk::{Document, Entry};
use crate::edit::{Consent, Revision};
use crate::text::Encoding;
use rayon::prelude::*;

/// How many documents are held at a time. Bounds memory by the batch, not by the corpus.
const BATCH: usize = 256;

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
pub fn revise_each<T: Send, E>(
    entries: Vec<Entry>,
    reading: Reading,
    work: impl Fn(&Document, Revision) -> Result<T, InputError> + Sync,
    mut deliver: impl FnMut(Result<T, InputError>) -> Result<(), E>,
) -> Result<(), E> {
    let one = |entry: Entry| {
        let document = entry?;
        let source = document.read(reading.encoding, reading.lossy)?;
        work(&document, document.setup.pipeline.revise(source, reading.consent))
    };
    let mut entries = entries.into_iter();
    loop {
        let batch: Vec<Entry> = entries.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(());
        }
        let done: Vec<_> = batch.into_par_iter().map(one).collect();
        done.into_iter().try_for_each(&mut deliver)?;
    }
}
