//! Lines of a stream: the records of JSON Lines.

use super::ContainerError;
use std::io::BufRead;
use std::path::PathBuf;

/// The lines of a stream, their ends included.
pub struct Lines {
    path: PathBuf,
    stream: Box<dyn BufRead + Send>,
}

impl Lines {
    /// Those of `stream`, which comes from `path`.
    pub fn new(path: PathBuf, stream: Box<dyn BufRead + Send>) -> Lines {
        Lines { path, stream }
    }

    /// Passes over so many lines.
    ///
    /// # Errors
    /// Those of the stream; that it ends before is one of them.
    pub fn pass_over(&mut self, lines: u64) -> Result<(), ContainerError> {
        for _ in 0..lines {
            match self.stream.skip_until(b'\n') {
                Ok(0) => return Err(ContainerError::shorter(&self.path)),
                Ok(_) => {}
                Err(error) => return Err(ContainerError::read(&self.path, error)),
            }
        }
        Ok(())
    }
}

impl Iterator for Lines {
    type Item = Result<Vec<u8>, ContainerError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        match self.stream.read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(_) => Some(Ok(line)),
            Err(error) => Some(Err(ContainerError::read(&self.path, error))),
        }
    }
}
