//! Sorting what does not fit into memory: runs of a fixed size, sorted and put aside, then merged.

use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Records of a run: 48 MB.
const RUN: usize = 3 << 20;
/// Bytes of a record.
const RECORD: usize = size_of::<u128>();
/// Bytes that are read of a run at a time.
const PIECE: usize = RECORD << 12;

/// Takes numbers in any order and gives them back ascending. Beyond one run, they wait in a temporary file that has no name and goes
/// away with the sorter.
pub(super) struct Sorter {
    folder: PathBuf,
    run: Vec<u128>,
    most: usize,
    /// Where the runs that were put aside begin and end, and the file that holds them.
    ends: Vec<u64>,
    file: Option<File>,
}

impl Sorter {
    /// A sorter that keeps its temporary file in `folder`.
    pub fn new(folder: &Path) -> Sorter {
        Sorter { folder: folder.to_path_buf(), run: Vec::new(), most: RUN, ends: vec![0], file: None }
    }

    /// Adds a number.
    pub fn push(&mut self, record: u128) -> io::Result<()> {
        self.run.push(record);
        if self.run.len() >= self.most { self.put_aside() } else { Ok(()) }
    }

    fn put_aside(&mut self) -> io::Result<()> {
        self.run.par_sort_unstable();
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile_in(&self.folder)?),
        };
        let mut bytes = Vec::with_capacity(PIECE);
        for records in self.run.chunks(PIECE / RECORD) {
            bytes.clear();
            records.iter().for_each(|record| bytes.extend(record.to_le_bytes()));
            file.write_all(&bytes)?;
        }
        let end = self.ends[self.ends.len() - 1] + (self.run.len() * RECORD) as u64;
        self.ends.push(end);
        self.run.clear();
        Ok(())
    }

    /// All numbers, ascending.
    pub fn sorted(mut self) -> io::Result<Sorted> {
        if self.file.is_none() {
            self.run.par_sort_unstable();
            return Ok(Sorted { last: self.run.into_iter(), file: None, runs: Vec::new(), heap: BinaryHeap::new() });
        }
        if !self.run.is_empty() {
            self.put_aside()?;
        }
        self.run = Vec::new();
        let mut sorted = Sorted { last: Vec::new().into_iter(), file: self.file, runs: Vec::new(), heap: BinaryHeap::new() };
        for bounds in self.ends.windows(2) {
            sorted.runs.push(Run { at: bounds[0], end: bounds[1], piece: Vec::new().into_iter() });
            sorted.refill(sorted.runs.len() - 1)?;
        }
        Ok(sorted)
    }
}

/// What is left of one run.
struct Run {
    at: u64,
    end: u64,
    piece: std::vec::IntoIter<u128>,
}

/// The numbers of a sorter, ascending.
pub(super) struct Sorted {
    /// What never left memory.
    last: std::vec::IntoIter<u128>,
    file: Option<File>,
    runs: Vec<Run>,
    /// The least number of every run.
    heap: BinaryHeap<Reverse<(u128, usize)>>,
}

impl Sorted {
    /// Reads on in a run whose piece is used up, and puts its next number onto the heap.
    fn refill(&mut self, run: usize) -> io::Result<()> {
        let (Some(file), Some(one)) = (&mut self.file, self.runs.get_mut(run)) else { return Ok(()) };
        let length = PIECE.min((one.end - one.at) as usize);
        let mut bytes = vec![0; length];
        file.seek(SeekFrom::Start(one.at))?;
        file.read_exact(&mut bytes)?;
        one.at += length as u64;
        one.piece = bytes.as_chunks().0.iter().map(|record| u128::from_le_bytes(*record)).collect::<Vec<_>>().into_iter();
        if let Some(least) = one.piece.next() {
            self.heap.push(Reverse((least, run)));
        }
        Ok(())
    }

    /// The next number.
    pub fn next(&mut self) -> io::Result<Option<u128>> {
        let Some(mut top) = self.heap.peek_mut() else { return Ok(self.last.next()) };
        let Reverse((least, run)) = *top;
        match self.runs[run].piece.next() {
            Some(next) => *top = Reverse((next, run)),
            None => {
                std::collections::binary_heap::PeekMut::pop(top);
                self.refill(run)?;
            }
        }
        Ok(Some(least))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_runs_comes_out_ascending() {
        let folder = tempfile::tempdir().unwrap();
        for count in [0u64, 1, 99, 100, 101, 20_000] {
            let numbers: Vec<u128> = (0..count).map(|n| u128::from(n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40)).collect();
            let mut sorter = Sorter { most: 100, ..Sorter::new(folder.path()) };
            numbers.iter().for_each(|&n| sorter.push(n).unwrap());
            let mut sorted = sorter.sorted().unwrap();
            let found: Vec<u128> = std::iter::from_fn(|| sorted.next().unwrap()).collect();
            let mut expected = numbers;
            expected.sort_unstable();
            assert_eq!(found, expected);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
