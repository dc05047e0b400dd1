//! Writing whole files or none: into a temporary file of the same folder, then by name.

use std::fs::{self, File, Permissions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A temporary file beside `path`, in a folder that is made when it is not there.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = Builder::new();
    builder.prefix(".jiaokan-");
    // Temporary files are private; this one becomes an ordinary file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

fn filled(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<NamedTempFile> {
    let mut file = beside(path)?;
    file.write_all(bytes)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    Ok(file)
}

/// Writes `bytes` to `path`, in place of what is there. Whoever looks sees the old file or the new one, never a part.
///
/// # Errors
/// When the folder cannot be made or written to; `path` is then as it was.
pub fn write_atomically(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    filled(path, bytes, permissions)?.persist(path)?;
    Ok(())
}

/// The same, and when it returns the file is on the disk, should the power go. It is made under a name of its own, which a run that
/// follows one that was killed writes over: see [`unfinished`].
///
/// # Errors
/// As [`write_atomically`].
pub fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = unfinished(path);
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Systems that cannot open folders keep their names by other means.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Where a file is made that [`write_durably`] brings to `path`.
pub fn unfinished(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    path.with_file_name(format!(".{}.new", name.trim_start_matches('.')))
}

/// Writes `bytes` to `path` unless something is there.
///
/// # Errors
/// As [`write_atomically`], and of kind `AlreadyExists` when something is there.
pub fn back_up(path: &Path, bytes: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    filled(path, bytes, permissions)?.persist_noclobber(path)?;
    Ok(())
}

/// Keeps what is at `path` under the name `backup` too, for something else to take its place. That it is there already, byte for byte,
/// is as good: a run that was stopped has put it there.
///
/// # Errors
/// Of kind `AlreadyExists` when something else is there, and those of the disk.
pub fn keep_beside(path: &Path, backup: &Path) -> io::Result<()> {
    if backup.symlink_metadata().is_ok() {
        return if same_bytes(path, backup)? { Ok(()) } else { Err(io::ErrorKind::AlreadyExists.into()) };
    }
    if fs::hard_link(path, backup).is_ok() {
        return Ok(());
    }
    // Not every file system has two names for a file.
    let (mut original, mut copy) = (File::open(path)?, beside(backup)?);
    io::copy(&mut original, &mut copy)?;
    copy.as_file().set_permissions(original.metadata()?.permissions())?;
    copy.as_file().sync_all()?;
    copy.persist_noclobber(backup)?;
    Ok(())
}

/// Whether two files hold the same.
fn same_bytes(a: &Path, b: &Path) -> io::Result<bool> {
    let (mut a, mut b) = (BufReader::new(File::open(a)?), BufReader::new(File::open(b)?));
    loop {
        let (left, right) = (a.fill_buf()?, b.fill_buf()?);
        let both = left.len().min(right.len());
        if both == 0 || left[..both] != right[..both] {
            return Ok(left.is_empty() && right.is_empty());
        }
        a.consume(both);
        b.consume(both);
    }
}

/// A file that is written bit by bit and appears when it is complete.
pub struct Spool {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
}

impl Spool {
    /// Begins the file that will be at `path`.
    ///
    /// # Errors
    /// When its folder cannot be made or written to.
    pub fn create(path: PathBuf) -> io::Result<Spool> {
        let file = BufWriter::new(beside(&path)?);
        Ok(Spool { path, file })
    }

    /// Adds `bytes`.
    ///
    /// # Errors
    /// When the disk does.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// What writes to it.
    pub fn writer(&mut self) -> &mut impl Write {
        &mut self.file
    }

    /// The folder it will be in.
    pub fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// Closes the file and puts it in its place.
    ///
    /// # Errors
    /// When the disk does.
    pub fn finish(self) -> io::Result<()> {
        self.file.into_inner().map_err(io::IntoInnerError::into_error)?.persist(&self.path)?;
        Ok(())
    }
}
