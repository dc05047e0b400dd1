//! Lines of a stream, worked on in parallel and delivered in their order, in bounded memory.

use rayon::prelude::*;
use std::io::{self, BufRead};
use std::sync::mpsc::sync_channel;
use std::thread;

/// Lines that were read together.
#[derive(Debug, Default)]
pub struct Batch {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// The number of lines before it in the stream.
    pub first: u64,
}

impl Batch {
    /// The lines, their ends included.
    fn lines(&self) -> impl IndexedParallelIterator<Item = (u64, &[u8])> {
        (0..self.ends.len()).into_par_iter().map(|at| {
            let start = if at == 0 { 0 } else { self.ends[at - 1] };
            (self.first + at as u64, &self.bytes[start..self.ends[at]])
        })
    }

    /// Fills it with the lines that come next, until they are `most` bytes. A line longer than that is a batch of its own. Whether
    /// there was any.
    fn fill(&mut self, stream: &mut dyn BufRead, most: usize) -> io::Result<bool> {
        while self.bytes.len() < most {
            let before = self.bytes.len();
            if stream.read_until(b'\n', &mut self.bytes)? == 0 {
                break;
            }
            debug_assert!(self.bytes.len() > before);
            self.ends.push(self.bytes.len());
        }
        Ok(!self.ends.is_empty())
    }
}

/// Passes over so many lines of a stream.
///
/// # Errors
/// Those of the stream; that it ends before is one of them.
pub fn skip(stream: &mut dyn BufRead, lines: u64) -> io::Result<()> {
    for _ in 0..lines {
        if stream.skip_until(b'\n')? == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it has become shorter"));
        }
    }
    Ok(())
}

/// Works on every line of `stream`, of which `first` were read before, on all threads, and delivers what came of them in batches, in
/// their order: `deliver` gets a batch's outcomes while the next one is worked on and the one after it is read. About four times `most`
/// bytes are held, and what came of them.
///
/// # Errors
/// The first of the stream, as `Err(Ok)`, or of `deliver`.
pub fn run<T: Send, E>(
    mut stream: Box<dyn BufRead + Send>,
    first: u64,
    most: usize,
    work: impl Fn(u64, &[u8]) -> T + Sync,
    mut deliver: impl FnMut(Vec<T>) -> Result<(), E>,
) -> Result<(), RunError<E>> {
    let (read, batches) = sync_channel::<io::Result<Batch>>(1);
    thread::scope(|scope| {
        let work = &work;
        let (done, outcomes) = sync_channel::<io::Result<Vec<T>>>(1);
        scope.spawn(move || {
            let mut next = first;
            loop {
                let mut batch = Batch { first: next, ..Batch::default() };
                let filled = batch.fill(&mut *stream, most);
                next += batch.ends.len() as u64;
                let (more, message) = match filled {
                    Ok(true) => (true, Ok(batch)),
                    Ok(false) => return,
                    Err(error) => (false, Err(error)),
                };
                if read.send(message).is_err() || !more {
                    return;
                }
            }
        });
        scope.spawn(move || {
            for batch in batches {
                let outcome = batch.map(|batch| batch.lines().map(|(number, line)| work(number, line)).collect());
                if done.send(outcome).is_err() {
                    return;
                }
            }
        });
        for outcome in outcomes {
            deliver(outcome.map_err(RunError::Read)?).map_err(RunError::Deliver)?;
        }
        Ok(())
    })
}

/// What stopped a run.
#[derive(Debug)]
pub enum RunError<E> {
    /// The stream cannot be read on.
    Read(io::Error),
    /// What came of the lines could not be delivered.
    Deliver(E),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_out_in_their_order_whatever_the_batch() {
        let text: String = (0..1000).map(|n| format!("{}{n}\n", "x".repeat(n % 37))).collect();
        for most in [1, 10, 100, 1 << 20] {
            let mut out = Vec::new();
            let stream = Box::new(io::Cursor::new(text.clone().into_bytes()));
            run(
                stream,
                5,
                most,
                |number, line| (number, line.to_vec()),
                |batch| {
                    out.extend(batch);
                    Ok::<(), ()>(())
                },
            )
            .unwrap();
            assert_eq!(out.iter().flat_map(|(_, line)| line.clone()).collect::<Vec<u8>>(), text.as_bytes());
            assert!(out.iter().enumerate().all(|(at, (number, _))| *number == at as u64 + 5));
        }
    }

    #[test]
    fn a_failing_delivery_ends_the_run() {
        let stream = Box::new(io::BufReader::new(io::repeat(b'\n')));
        let result = run(stream, 0, 1 << 10, |_, _| (), |_| Err("full"));
        assert!(matches!(result, Err(RunError::Deliver("full"))));
    }
}
