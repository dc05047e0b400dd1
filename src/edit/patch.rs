//! A revision's edits as bytes: applied to the original they give the cleaned file, reverted they give the original back.

use thiserror::Error;

/// One replacement among the bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// Offset in the original file.
    pub start: usize,
    /// The original bytes.
    pub old: Vec<u8>,
    /// The bytes that stand there in the cleaned file.
    pub new: Vec<u8>,
}

/// All replacements of one file, ascending and disjoint.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patch {
    /// The replacements.
    pub hunks: Vec<Hunk>,
}

/// A file is not the one that a patch was made for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "the text at byte {offset} is not what the patch expects: the file has changed since; run again on the file as it is now"
)]
pub struct PatchError {
    /// Offset of the first difference, in the file at hand.
    pub offset: usize,
}

impl Patch {
    /// The cleaned bytes.
    ///
    /// # Errors
    /// When `original` differs from what the patch was made for.
    pub fn apply(&self, original: &[u8]) -> Result<Vec<u8>, PatchError> {
        self.replay(original, false)
    }

    /// The original bytes.
    ///
    /// # Errors
    /// When `cleaned` differs from what the patch leads to.
    pub fn revert(&self, cleaned: &[u8]) -> Result<Vec<u8>, PatchError> {
        self.replay(cleaned, true)
    }

    fn replay(&self, input: &[u8], backward: bool) -> Result<Vec<u8>, PatchError> {
        let mut output = Vec::with_capacity(input.len());
        let (mut at, mut original_at) = (0, 0);
        for hunk in &self.hunks {
            let (old, new) = if backward { (&hunk.new, &hunk.old) } else { (&hunk.old, &hunk.new) };
            let start = at + (hunk.start - original_at);
            let untouched = input.get(at..start).ok_or(PatchError { offset: input.len() })?;
            output.extend_from_slice(untouched);
            at = start + old.len();
            if input.get(start..at) != Some(old) {
                return Err(PatchError { offset: start });
            }
            output.extend_from_slice(new);
            original_at = hunk.start + hunk.old.len();
        }
        output.extend_from_slice(input.get(at..).ok_or(PatchError { offset: input.len() })?);
        Ok(output)
    }
}
