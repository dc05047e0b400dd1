//! Where a ledger is.

use super::store::LedgerError;
use crate::corpus::{STDIN, absolute, from_here, root_of, shown};
use crate::rule::CONFIG_NAME;
use std::path::{Path, PathBuf};

/// The folder of a ledger, in the folder that holds the corpus.
pub const PLACE: &str = ".jiaokan/decisions";

/// The ledger that `inputs` belong to: the nearest in their folders or above.
///
/// # Errors
/// When they belong to several.
pub fn find(inputs: &[PathBuf]) -> Result<Option<PathBuf>, LedgerError> {
    let mut found: Option<PathBuf> = None;
    for input in inputs {
        let start = absolute(if input.as_os_str() == STDIN { Path::new(".") } else { input });
        let Some(folder) = start.ancestors().map(|folder| folder.join(PLACE)).find(|place| place.is_dir()) else { continue };
        match &found {
            Some(other) if *other != folder => {
                let name = |path: &Path| shown(&from_here(path));
                return Err(LedgerError::Several { first: name(other), second: name(&folder) });
            }
            _ => found = Some(folder),
        }
    }
    Ok(found)
}

/// Where a new ledger for `inputs` belongs: beside the nearest configuration above them; without one in the current folder, when
/// everything lies in it, or else in the deepest folder that holds everything.
pub fn home(inputs: &[PathBuf]) -> PathBuf {
    let files: Vec<PathBuf> = inputs.iter().filter(|input| input.as_os_str() != STDIN).cloned().collect();
    let root = root_of(&files, None);
    // A single input may have a configuration of its own below the current folder.
    let start = if let [file] = files.as_slice() { absolute(file) } else { root.clone() };
    let configured = start.ancestors().find(|folder| folder.join(CONFIG_NAME).is_file());
    configured.unwrap_or(&root).join(PLACE)
}
