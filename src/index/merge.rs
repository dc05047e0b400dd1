//! One index of several, without the documents.

use super::build::Builder;
use super::format::{DOCUMENT_SKETCHES, PARAGRAPH, PARAGRAPHS, SKETCHED, SKETCHES, field};
use super::{CorpusIndex, IndexError, IndexProblem};
use std::io::Write;
use std::path::Path;

/// Writes the index of all documents of `parts`: byte for byte the one that would be made of the documents themselves. Temporary files
/// are in `folder`; `path` names what is written.
///
/// # Errors
/// When a document stands in two parts, all together is more than can be numbered, or something cannot be read or written.
pub fn merge(parts: &[CorpusIndex], folder: &Path, path: &str, out: &mut dyn Write) -> Result<(), IndexError> {
    let unwritable = |error| IndexError::new(path, IndexProblem::Unwritable(error));
    let full = |what| IndexError::new(path, IndexProblem::Full { what });
    let count = |count: fn(&CorpusIndex) -> u64| parts.iter().map(count).sum::<u64>();
    if count(|part| part.documents().len() as u64) > u64::from(u32::MAX) {
        return Err(full("documents"));
    }
    if count(CorpusIndex::paragraphs) > u64::from(u32::MAX) {
        return Err(full("paragraphs"));
    }
    let mut builder = Builder::new(folder);
    // Of each part, the next document and the next sketch of a document.
    let mut next: Vec<(usize, u64)> = vec![(0, 0); parts.len()];
    let mut before: Option<&str> = None;
    loop {
        let candidates = parts.iter().zip(&next).enumerate();
        let least = candidates
            .filter_map(|(at, (part, next))| Some((part.documents().get(next.0)?, at)))
            .min_by(|a, b| a.0.path.cmp(&b.0.path));
        let Some((document, at)) = least else { break };
        let part = &parts[at];
        if before.replace(&document.path) == Some(document.path.as_str()) {
            return Err(IndexError::new(part.name(), IndexProblem::Twice { document: document.path.clone() }));
        }
        let unreadable = |error| IndexError::new(part.name(), IndexProblem::Unreadable(error));
        let paragraphs = part.bytes(PARAGRAPHS, document.first.into(), document.count.into(), PARAGRAPH).map_err(unreadable)?;
        let sketches =
            part.bytes(SKETCHES, document.sketches.into(), part.sketches_of(next[at].0), SKETCHED).map_err(unreadable)?;
        let whole = match part.bytes(DOCUMENT_SKETCHES, next[at].1, 1, SKETCHED) {
            Ok(whole) => whole.first_chunk().copied().filter(|whole| field(whole, 0) as usize == next[at].0),
            Err(error) => return Err(unreadable(error)),
        };
        builder.copy(document.clone(), &paragraphs, sketches.as_chunks().0, whole.as_ref()).map_err(unwritable)?;
        next[at].0 += 1;
        next[at].1 += u64::from(whole.is_some());
    }
    builder.finish(out).map_err(unwritable)
}
