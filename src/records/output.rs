//! A file that grows part by part, can be gone on with after a crash, and appears under its name when it is whole.

use super::ContainerError;
use super::codec::{Codec, Encoder};
use super::columns::{Columns, Rows};
use super::parts::Leftover;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// What is written: a stream of bytes or a table, into a file or to the standard output.
///
/// A file is made beside its place and consists of parts, each compressed by itself, so that after a crash what follows the last whole
/// part is cut off and the next part begins there.
pub struct Output(Form);

enum Form {
    Stream(Stream),
    Rows(Box<Rows>),
}

/// A stream of bytes.
struct Stream {
    /// Where it will be; none is the standard output.
    place: Option<PathBuf>,
    codec: Codec,
    part: Part,
}

/// Nothing is written of a part before there is something in it.
enum Part {
    Idle(Target),
    Open(Box<Encoder<Target>>),
    Lost,
}

enum Target {
    File(BufWriter<File>),
    Stdout(BufWriter<io::Stdout>),
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Target::File(file) => file.write(bytes),
            Target::Stdout(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Target::File(file) => file.flush(),
            Target::Stdout(out) => out.flush(),
        }
    }
}

/// `.NAME.WHAT` beside `path`.
pub(super) fn beside(path: &Path, what: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    path.with_file_name(format!(".{name}.{what}"))
}

/// Makes sure that the names in the folder of `path` are on the disk, where the system can.
fn sync(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Systems that cannot open folders keep their names by other means.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// Puts a file that is on the disk in its place.
pub(super) fn settle(partial: &Path, path: &Path) -> Result<(), ContainerError> {
    fs::rename(partial, path).map_err(|error| ContainerError::write(path, error))?;
    sync(path);
    Ok(())
}

impl Output {
    /// Begins the file that will be at `path`, or goes on with it after `length` bytes.
    ///
    /// # Errors
    /// When it cannot be written, or is shorter than it was.
    pub fn stream(path: &Path, codec: Codec, length: u64) -> Result<Output, ContainerError> {
        let partial = beside(path, "partial");
        let unwritable = |error| ContainerError::write(&partial, error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(unwritable)?;
        }
        if length > 0 && !partial.exists() && path.exists() {
            // It was whole, but not all that belongs to it.
            fs::rename(path, &partial).map_err(unwritable)?;
        }
        let mut file = OpenOptions::new().write(true).create(true).truncate(length == 0).open(&partial).map_err(unwritable)?;
        if file.metadata().map_err(unwritable)?.len() < length {
            return Err(ContainerError::Progress {
                path: partial.display().to_string(),
                problem: "it is shorter than it was".into(),
            });
        }
        file.set_len(length).and_then(|()| file.seek(SeekFrom::End(0))).map_err(unwritable)?;
        let part = Part::Idle(Target::File(BufWriter::new(file)));
        Ok(Output(Form::Stream(Stream { place: Some(path.to_owned()), codec, part })))
    }

    /// The standard output.
    pub fn stdout() -> Output {
        let part = Part::Idle(Target::Stdout(BufWriter::new(io::stdout())));
        Output(Form::Stream(Stream { place: None, codec: Codec::Plain, part }))
    }

    /// Begins the table that will be at `path`, or goes on with it after `parts` parts. What is written to it are lines of JSON.
    pub fn rows(path: &Path, columns: &Columns, parts: u64) -> Output {
        Output(Form::Rows(Box::new(Rows::new(path, columns, parts))))
    }

    /// Adds `bytes`.
    ///
    /// # Errors
    /// When the disk does, or what goes into a table is no JSON.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), ContainerError> {
        match &mut self.0 {
            Form::Stream(stream) => stream.write(bytes).map_err(|error| ContainerError::write(&stream.name(), error)),
            Form::Rows(rows) => rows.write(bytes),
        }
    }

    /// Adds `parts`, which are whole lines together.
    ///
    /// # Errors
    /// As [`Output::write`].
    pub fn write_all<'b>(&mut self, mut parts: impl Iterator<Item = &'b [u8]>) -> Result<(), ContainerError> {
        match &mut self.0 {
            Form::Stream(_) => parts.try_for_each(|part| self.write(part)),
            Form::Rows(rows) => rows.write(&parts.collect::<Vec<_>>().concat()),
        }
    }

    /// Ends a part: all that was written is on the disk then, and can be read. Returns how much that is: what to go on after.
    ///
    /// # Errors
    /// When the disk does.
    pub fn end_part(&mut self) -> Result<u64, ContainerError> {
        match &mut self.0 {
            Form::Stream(stream) => stream.end_part().map_err(|error| ContainerError::write(&stream.name(), error)),
            Form::Rows(rows) => rows.end_part(),
        }
    }

    /// Gives the file up.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn discard(self) -> Result<(), ContainerError> {
        match self.0 {
            Form::Stream(Stream { place: Some(path), .. }) => {
                let partial = beside(&path, "partial");
                fs::remove_file(&partial).map_err(|error| ContainerError::write(&partial, error))
            }
            Form::Stream(_) => Ok(()),
            Form::Rows(rows) => rows.parts.discard(),
        }
    }

    /// Puts the file, of which `length` was returned last, in its place. What is left is to be removed when nothing will be gone on with
    /// any more.
    ///
    /// # Errors
    /// When the disk does.
    pub fn finish(self, length: u64) -> Result<Leftover, ContainerError> {
        match self.0 {
            Form::Stream(Stream { place: Some(path), .. }) => {
                settle(&beside(&path, "partial"), &path).map(|()| Leftover::default())
            }
            Form::Stream(_) => Ok(Leftover::default()),
            Form::Rows(rows) => rows.parts.finish(length),
        }
    }
}

impl Stream {
    fn name(&self) -> PathBuf {
        self.place.as_ref().map_or_else(|| "-".into(), |path| beside(path, "partial"))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        if let Part::Idle(_) = self.part
            && let Part::Idle(target) = std::mem::replace(&mut self.part, Part::Lost)
        {
            self.part = Part::Open(Box::new(self.codec.encoder(target)?));
        }
        match &mut self.part {
            Part::Open(encoder) => encoder.write_all(bytes),
            Part::Idle(_) | Part::Lost => Err(io::Error::other("an earlier part could not be written")),
        }
    }

    fn end_part(&mut self) -> io::Result<u64> {
        let mut target = match std::mem::replace(&mut self.part, Part::Lost) {
            Part::Open(encoder) => encoder.finish()?,
            Part::Idle(target) => target,
            Part::Lost => return Err(io::Error::other("an earlier part could not be written")),
        };
        target.flush()?;
        let length = match &mut target {
            Target::File(file) => {
                file.get_ref().sync_all()?;
                file.stream_position()?
            }
            Target::Stdout(_) => 0,
        };
        self.part = Part::Idle(target);
        Ok(length)
    }
}
