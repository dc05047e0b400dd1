//! The format of index files, which docs/index.md describes: a head, then the sections one after the other. All numbers are little-endian.

use super::sketch::{ROWS, Sketch};
use super::{IndexError, IndexProblem};
use crate::text::Encoding;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use tempfile::SpooledTempFile;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

/// The version that is written and read.
pub(super) const VERSION: u32 = 1;

const MAGIC: &[u8; 12] = b"jiaokan-idx\n";

/// The sections, in their order.
pub(super) const SECTIONS: [&str; 9] = [
    "documents",
    "paragraphs",
    "sketches of paragraphs",
    "sketches of documents",
    "groups",
    "members of groups",
    "groups of paragraphs",
    "near paragraphs",
    "near documents",
];
pub(super) const DOCUMENTS: usize = 0;
pub(super) const PARAGRAPHS: usize = 1;
pub(super) const SKETCHES: usize = 2;
pub(super) const DOCUMENT_SKETCHES: usize = 3;
pub(super) const GROUPS: usize = 4;
pub(super) const MEMBERS: usize = 5;
pub(super) const LINKS: usize = 6;
pub(super) const NEAR: usize = 7;
pub(super) const NEAR_DOCUMENTS: usize = 8;

/// Bytes of a record of each kind.
pub(super) const PARAGRAPH: usize = 40;
pub(super) const SKETCHED: usize = 4 + 2 * ROWS;
pub(super) const GROUP: usize = 24;
pub(super) const MEMBER: usize = 4;
pub(super) const LINK: usize = 8;
pub(super) const PAIR: usize = 12;

/// Bytes of the head.
const HEAD: usize = MAGIC.len() + 4 + SECTIONS.len() * 16 + 8;

/// Bytes of a section that stay in memory before it goes to a temporary file.
const IN_MEMORY: usize = 1 << 20;

/// A section being written: in memory while it is small, then in a temporary file without a name.
pub(super) struct Section {
    file: SpooledTempFile,
    waiting: Vec<u8>,
    length: u64,
    hash: Xxh3,
}

impl Section {
    pub fn new(folder: &Path) -> Section {
        let file = tempfile::spooled_tempfile_in(IN_MEMORY, folder);
        Section { file, waiting: Vec::new(), length: 0, hash: Xxh3::new() }
    }

    pub fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.length += bytes.len() as u64;
        self.waiting.extend(bytes);
        if self.waiting.len() >= 1 << 16 { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }

    /// Bytes so far.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// All of it from the start, in order. Nothing may be added after.
    pub fn read(&mut self) -> io::Result<BufReader<&mut SpooledTempFile>> {
        self.flush()?;
        self.file.seek(SeekFrom::Start(0))?;
        Ok(BufReader::with_capacity(1 << 16, &mut self.file))
    }

    /// The record number `at`.
    pub fn record<const N: usize>(&mut self, at: u32) -> io::Result<[u8; N]> {
        self.flush()?;
        let mut record = [0; N];
        self.file.seek(SeekFrom::Start(u64::from(at) * N as u64))?;
        self.file.read_exact(&mut record)?;
        Ok(record)
    }
}

/// Writes the sections behind a head.
pub(super) fn write(sections: &mut [Section; SECTIONS.len()], out: &mut dyn Write) -> io::Result<()> {
    let mut head = MAGIC.to_vec();
    head.extend(VERSION.to_le_bytes());
    for section in sections.iter() {
        head.extend(section.length.to_le_bytes());
        head.extend(section.hash.digest().to_le_bytes());
    }
    head.extend(xxh3_64(&head).to_le_bytes());
    out.write_all(&head)?;
    sections.iter_mut().try_for_each(|section| io::copy(&mut section.read()?, out).map(drop))
}

/// Where the sections of a file are: each begins and ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout(pub [(u64, u64); SECTIONS.len()]);

impl Layout {
    /// Reads the head of a file and checks the sums of all sections.
    pub fn read(path: &str, file: &mut (impl Read + Seek)) -> Result<Layout, IndexError> {
        let wrong = |problem| IndexError::new(path, problem);
        let unreadable = |error| IndexError::new(path, IndexProblem::Unreadable(error));
        let mut head = [0; HEAD];
        match file.read_exact(&mut head) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(wrong(IndexProblem::Foreign)),
            other => other.map_err(unreadable)?,
        }
        let (magic, rest) = head.split_at(MAGIC.len());
        if magic != MAGIC {
            return Err(wrong(IndexProblem::Foreign));
        }
        let found = number(rest) as u32;
        if found != VERSION {
            return Err(wrong(IndexProblem::Version { found, known: VERSION }));
        }
        if number(&head[HEAD - 8..]) != xxh3_64(&head[..HEAD - 8]) {
            return Err(wrong(IndexProblem::Checksum { section: "head" }));
        }
        let stated: [(u64, u64); SECTIONS.len()] =
            std::array::from_fn(|section| (number(&rest[4 + section * 16..]), number(&rest[12 + section * 16..])));
        let whole = stated.iter().fold(HEAD as u64, |sum, section| sum.saturating_add(section.0));
        let found = file.seek(SeekFrom::End(0)).map_err(unreadable)?;
        if whole != found {
            return Err(wrong(IndexProblem::Length { stated: whole, found }));
        }
        file.seek(SeekFrom::Start(HEAD as u64)).map_err(unreadable)?;
        let mut at = HEAD as u64;
        let mut layout = Layout([(0, 0); SECTIONS.len()]);
        let mut piece = vec![0; 1 << 18];
        for (section, (length, sum)) in stated.into_iter().enumerate() {
            let (mut left, mut hash) = (length, Xxh3::new());
            while left > 0 {
                let piece = &mut piece[..left.min(1 << 18) as usize];
                file.read_exact(piece).map_err(unreadable)?;
                hash.update(piece);
                left -= piece.len() as u64;
            }
            if hash.digest() != sum {
                return Err(wrong(IndexProblem::Checksum { section: SECTIONS[section] }));
            }
            layout.0[section] = (at, at + length);
            at += length;
        }
        Ok(layout)
    }

    /// How many records of `N` bytes a section holds.
    pub fn count(&self, section: usize, size: usize) -> u64 {
        (self.0[section].1 - self.0[section].0) / size as u64
    }
}

/// The number that `bytes` begin with; 0 for what is missing.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().take(8).rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// A document of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indexed {
    /// Its path from the root of the corpus, with `/` between folders.
    pub path: String,
    /// The hash of its text, by which it is known again.
    pub text: u64,
    /// The hash of its skeleton.
    pub skeleton: u64,
    /// Characters of its skeleton.
    pub chars: u64,
    /// Characters that show damage.
    pub defects: u64,
    /// Its encoding.
    pub encoding: Encoding,
    /// Its first paragraph.
    pub first: u32,
    /// How many paragraphs it has.
    pub count: u32,
    /// Where its sketches, its links to groups and its near paragraphs begin.
    pub(super) sketches: u32,
    pub(super) links: u32,
    pub(super) near: u32,
}

const ENCODINGS: [Encoding; 5] = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030, Encoding::Big5];

impl Indexed {
    pub(super) fn write(&self, to: &mut Vec<u8>) {
        let encoding = ENCODINGS.iter().position(|&encoding| encoding == self.encoding).unwrap_or_default();
        to.extend((self.path.len() as u32).to_le_bytes());
        to.extend(self.path.as_bytes());
        for number in [self.text, self.skeleton, self.chars, self.defects] {
            to.extend(number.to_le_bytes());
        }
        for number in [encoding as u32, self.first, self.count, self.sketches, self.links, self.near] {
            to.extend(number.to_le_bytes());
        }
    }

    /// The next document of a section.
    pub(super) fn read(from: &mut impl Read) -> io::Result<Indexed> {
        let broken = || io::Error::other("a record of a document does not hold together");
        let length = short(from)? as usize;
        let mut path = Vec::new();
        from.by_ref().take(length as u64).read_to_end(&mut path)?;
        let path = String::from_utf8(path).ok().filter(|path| path.len() == length).ok_or_else(broken)?;
        let [text, skeleton, chars, defects] = [long(from)?, long(from)?, long(from)?, long(from)?];
        let encoding = *ENCODINGS.get(short(from)? as usize).ok_or_else(broken)?;
        let [first, count, sketches, links, near] = [short(from)?, short(from)?, short(from)?, short(from)?, short(from)?];
        Ok(Indexed { path, text, skeleton, chars, defects, encoding, first, count, sketches, links, near })
    }
}

fn short(from: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn long(from: &mut impl Read) -> io::Result<u64> {
    let mut bytes = [0; 8];
    from.read_exact(&mut bytes)?;
    Ok(u64::from_le_bytes(bytes))
}

/// Paragraphs that are the same, blanks and marks aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    /// Where its members begin among all members.
    pub(super) members: u64,
    /// How many there are.
    pub count: u32,
    /// In how many documents.
    pub documents: u32,
    /// The one with the fewest defects; of several, the first.
    pub best: u32,
    /// Characters of each; at most 65,535.
    pub chars: u32,
}

impl Group {
    pub(super) fn write(&self) -> [u8; GROUP] {
        let mut bytes = [0; GROUP];
        bytes[..8].copy_from_slice(&self.members.to_le_bytes());
        for (at, number) in [self.count, self.documents, self.best, self.chars].into_iter().enumerate() {
            bytes[8 + at * 4..][..4].copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    pub(super) fn read(bytes: &[u8; GROUP]) -> Group {
        let short = |at: usize| number(&bytes[8 + at * 4..][..4]) as u32;
        Group { members: number(bytes), count: short(0), documents: short(1), best: short(2), chars: short(3) }
    }
}

/// Several numbers as one record.
pub(super) fn record<const N: usize>(numbers: &[u32]) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.chunks_exact_mut(4).zip(numbers).for_each(|(to, number)| to.copy_from_slice(&number.to_le_bytes()));
    bytes
}

/// The number at place `at` of a record of numbers.
pub(super) fn field(record: &[u8], at: usize) -> u32 {
    number(&record[at * 4..][..4]) as u32
}

/// The sketch in a record, behind the number of what it is of.
pub(super) fn sketch_of(record: &[u8; SKETCHED]) -> Sketch {
    std::array::from_fn(|row| u16::from_le_bytes([record[4 + row * 2], record[5 + row * 2]]))
}
