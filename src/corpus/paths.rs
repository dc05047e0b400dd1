//! Paths, compared and shown.

use std::io;
use std::path::{Component, Path, PathBuf};

/// The absolute form of `path` with `.` and `..` worked out by name alone, so that it need not exist.
pub fn absolute(path: &Path) -> PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut clean = PathBuf::new();
    for part in full.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            part => clean.push(part),
        }
    }
    clean
}

/// The real path of `path`, symbolic links followed as far as it exists.
///
/// # Errors
/// When a part that exists cannot be looked into.
pub fn resolved(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match (path.parent(), path.file_name()) {
            (Some(parent), Some(name)) if parent.as_os_str().is_empty() => Ok(Path::new(".").canonicalize()?.join(name)),
            (Some(parent), Some(name)) => Ok(resolved(parent)?.join(name)),
            // `missing/..` is no place at all; what it would be once `missing` is made.
            _ => absolute(path).canonicalize(),
        },
        result => result,
    }
}

/// The path as people are shown it: as given, without a leading `./`.
pub fn shown(path: &Path) -> String {
    let rest = path.strip_prefix(".").unwrap_or(path);
    if rest.as_os_str().is_empty() { ".".into() } else { rest.to_string_lossy().into_owned() }
}

/// The path from the current directory when `path` lies below it, else the absolute one.
pub fn from_here(path: &Path) -> PathBuf {
    let full = absolute(path);
    let below = std::env::current_dir().ok().and_then(|here| full.strip_prefix(here).ok().map(Path::to_path_buf));
    below.unwrap_or(full)
}
