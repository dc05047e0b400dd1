//! A file that grows part by part, can be gone on with after a crash, and appears under its name when it is whole.

use super::ContainerError;
use super::codec::{Codec, Encoder};
use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file in the making, beside its place: `.NAME.partial`. It consists of parts, each compressed by itself, so that after a crash
/// what follows the last whole part is cut off and the next part begins there.
pub struct Output {
    path: PathBuf,
    partial: PathBuf,
    codec: Codec,
    encoder: Option<Encoder<File>>,
}

impl Output {
    /// Begins the file that will be at `path`, or goes on with it after `length` bytes.
    ///
    /// # Errors
    /// When it cannot be written, or is shorter than it was.
    pub fn open(path: &Path, length: u64) -> Result<Output, ContainerError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let partial = path.with_file_name(format!(".{name}.partial"));
        let codec = Codec::of_name(&name).0;
        let unwritable = |error| ContainerError::write(&partial, error);
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(unwritable)?;
        }
        let mut file = OpenOptions::new().write(true).create(true).truncate(length == 0).open(&partial).map_err(unwritable)?;
        if file.metadata().map_err(unwritable)?.len() < length {
            return Err(ContainerError::Progress {
                path: partial.display().to_string(),
                problem: "it is shorter than it was".into(),
            });
        }
        file.set_len(length).and_then(|()| file.seek(SeekFrom::End(0))).map_err(unwritable)?;
        let encoder = Some(codec.encoder(file).map_err(unwritable)?);
        Ok(Output { path: path.to_owned(), partial, codec, encoder })
    }

    /// Adds `bytes`.
    ///
    /// # Errors
    /// When the disk does.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), ContainerError> {
        match &mut self.encoder {
            Some(encoder) => encoder.write_all(bytes).map_err(|error| ContainerError::write(&self.partial, error)),
            None => Ok(()),
        }
    }

    /// Ends a part: all that was written is on the disk then, and can be read. Returns the length of the file.
    ///
    /// # Errors
    /// When the disk does.
    pub fn end_part(&mut self) -> Result<u64, ContainerError> {
        let unwritable = |error| ContainerError::write(&self.partial, error);
        let Some(encoder) = self.encoder.take() else { return Ok(0) };
        let mut file = encoder.finish().map_err(unwritable)?;
        file.sync_data().map_err(unwritable)?;
        let length = file.stream_position().map_err(unwritable)?;
        self.encoder = Some(self.codec.encoder(file).map_err(unwritable)?);
        Ok(length)
    }

    /// Gives the file up.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn discard(mut self) -> Result<(), ContainerError> {
        drop(self.encoder.take());
        fs::remove_file(&self.partial).map_err(|error| ContainerError::write(&self.partial, error))
    }

    /// Puts the file, which ends with its last part, in its place.
    ///
    /// # Errors
    /// When the disk does.
    pub fn finish(mut self, length: u64) -> Result<(), ContainerError> {
        let unwritable = |error| ContainerError::write(&self.path, error);
        drop(self.encoder.take());
        // What an encoder wrote of a part that holds nothing goes.
        let file = OpenOptions::new().write(true).open(&self.partial).map_err(unwritable)?;
        file.set_len(length).and_then(|()| file.sync_all()).map_err(unwritable)?;
        fs::rename(&self.partial, &self.path).map_err(unwritable)
    }
}
