//! Every document of a command, one after the other.

use super::error::Failure;
use super::listed::Inputs;
use super::options::{HoldingOptions, ReadOptions};
use super::output::complain;
use jiaokan::corpus::{Document, InputError, UNDERWAY, shown};
use jiaokan::edit::Revision;
use jiaokan::records::{self, FieldPath, Holding, each_text, silent};
use jiaokan::text::Source;
use std::io::Write;
use std::path::Path;

/// Revises the documents of `inputs`; `work` makes of each what is wanted, on any thread, and `deliver` gets it in their order.
/// With `holding`, collections stand for their documents. What is wrong with a document is told at once, behind what was written before it, and at
/// last which of them an index does not know, and which collections hold no text. Returns how many went wrong.
pub(super) fn each_document<T: Send>(
    read: &ReadOptions,
    holding: Option<&HoldingOptions>,
    inputs: Inputs,
    out: &mut dyn Write,
    work: impl Fn(&Document, Revision) -> Result<T, InputError> + Sync,
    mut deliver: impl FnMut(T, &mut dyn Write) -> Result<(), Failure>,
) -> Result<usize, Failure> {
    let mut failed = 0;
    let Inputs { entries, listed, .. } = inputs;
    let noted = |document: &Document, source: Source| {
        listed.note(&source);
        work(document, document.setup.pipeline.revise(source, read.reading().consent))
    };
    let documents = Holding { field: FieldPath::new(""), inputs: records::Inputs::Documents, most: UNDERWAY };
    let how = holding.map_or(documents, HoldingOptions::holding);
    let counts = each_text(entries, &how, read.reading(), noted, |result| -> Result<(), Failure> {
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
    for path in silent(&counts) {
        failed += 1;
        complain(&Failure::Usage(no_text(path, &how.field.to_string())), read.rule.color);
    }
    Ok(failed)
}

/// Says that a collection has no text at all where it is looked for.
pub(super) fn no_text(path: &Path, field: &str) -> String {
    format!("{}: no record has a text in the field `{field}`: name the right one with --field", shown(path))
}

/// What `write` writes. Memory takes whatever is written to it.
pub(super) fn written(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> Vec<u8> {
    let mut text = Vec::new();
    let done = write(&mut text);
    debug_assert!(done.is_ok());
    text
}
