//! Every document of a command, one after the other.

use super::error::Failure;
use super::listed::Inputs;
use super::options::ReadOptions;
use super::output::complain;
use jiaokan::corpus::{Document, InputError, revise_each};
use jiaokan::edit::Revision;
use std::io::Write;

/// Revises the documents of `inputs`; `work` makes of each what is wanted, on any thread, and `deliver` gets it in their order.
/// What is wrong with a document is told at once, behind what was written before it, and at last which of them an index does not
/// know. Returns how many went wrong.
pub(super) fn each_document<T: Send>(
    read: &ReadOptions,
    inputs: Inputs,
    out: &mut dyn Write,
    work: impl Fn(&Document, Revision) -> Result<T, InputError> + Sync,
    mut deliver: impl FnMut(T, &mut dyn Write) -> Result<(), Failure>,
) -> Result<usize, Failure> {
    let mut failed = 0;
    let Inputs { entries, listed, .. } = inputs;
    let noted = |document: &Document, revision: Revision| {
        listed.note(revision.source());
        work(document, revision)
    };
    revise_each(entries, read.reading(), noted, |result| -> Result<(), Failure> {
        match result {
            Ok(done) => deliver(done, out)?,
            Err(error) => {
                failed += 1;
                out.flush()?;
                complain(&error.into(), read.rule.color);
            }
        }
        Ok(())
    })?;
    out.flush()?;
    listed.tell(read.rule.color);
    Ok(failed)
}

/// What `write` writes. Memory takes whatever is written to it.
pub(super) fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Vec<u8> {
    let mut text = Vec::new();
    let done = write(&mut text);
    debug_assert!(done.is_ok());
    text
}
