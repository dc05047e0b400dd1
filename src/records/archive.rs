//! Tape archives (POSIX.1-2024, pax; GNU): members that are text are documents, all else passes as it is.

use super::{ContainerError, Content, Member};
use std::io::{self, BufRead, ErrorKind, Read};
use std::path::{Path, PathBuf};
use tar::{EntryType, Header, PaxExtensions};

/// Archives consist of blocks of so many bytes.
const BLOCK: usize = 512;

/// What is no document passes in pieces of so many bytes.
const PIECE: u64 = 1 << 20;

/// What tells of the next member, such as its long name, is not longer than this.
const MOST_ABOUT: u64 = 1 << 24;

/// The pieces of an archive.
pub(super) struct Archive {
    path: PathBuf,
    stream: Box<dyn BufRead + Send>,
    wants: Box<dyn Fn(&Path) -> bool + Send>,
    /// Bytes of a member that are still to pass.
    passing: u64,
    /// Whether only blocks without a member are left.
    over: bool,
}

/// What headers before that of a member say of it.
#[derive(Default)]
struct About {
    bytes: Vec<u8>,
    name: Option<Vec<u8>>,
    size: Option<u64>,
}

impl Archive {
    /// The members of the archive in `stream`, which comes from `path`. Those whose names `wants` wants are documents.
    pub fn new(path: PathBuf, stream: Box<dyn BufRead + Send>, wants: Box<dyn Fn(&Path) -> bool + Send>) -> Archive {
        Archive { path, stream, wants, passing: 0, over: false }
    }

    fn piece(&mut self) -> io::Result<Option<Content>> {
        if self.passing > 0 || self.over {
            return self.pass();
        }
        let mut about = About::default();
        loop {
            let before = about.bytes.len();
            self.read(BLOCK as u64, &mut about.bytes)?;
            let read = about.bytes.len() - before;
            if 0 < read && read < BLOCK {
                return Err(io::Error::new(ErrorKind::UnexpectedEof, "the archive ends within a member's header"));
            }
            if about.bytes[before..].iter().all(|&byte| byte == 0) {
                // The end of the archive, and whatever comes behind it.
                self.over = true;
                return if about.bytes.is_empty() { Ok(None) } else { Ok(Some(Content::Other(about.bytes))) };
            }
            let header = Header::from_byte_slice(&about.bytes[before..]).clone();
            check(&header)?;
            let size = header.entry_size()?;
            match header.entry_type() {
                EntryType::XHeader | EntryType::GNULongName | EntryType::GNULongLink => {
                    self.note(header.entry_type(), size, &mut about)?;
                }
                kind => {
                    let size = about.size.unwrap_or(size);
                    let name = about.name.clone().unwrap_or_else(|| header.path_bytes().into_owned());
                    let name = String::from_utf8_lossy(&name).into_owned();
                    if kind.is_file() && (self.wants)(Path::new(&name)) {
                        if about.size.is_some() {
                            // It would have to be changed with the text. Who writes it has a member of 8 GB.
                            return Err(io::Error::new(ErrorKind::InvalidData, "a text has its size in a pax header"));
                        }
                        return self.member(name, about, before, size).map(Some);
                    }
                    self.passing = padded(size);
                    return Ok(Some(Content::Other(about.bytes)));
                }
            }
        }
    }

    /// Reads what tells of the next member.
    fn note(&mut self, kind: EntryType, size: u64, about: &mut About) -> io::Result<()> {
        if size > MOST_ABOUT {
            return Err(io::Error::new(ErrorKind::InvalidData, "a header is longer than 16 MB"));
        }
        let start = about.bytes.len();
        self.exactly(padded(size), &mut about.bytes)?;
        let said = &about.bytes[start..start + size as usize];
        match kind {
            EntryType::GNULongName => about.name = Some(said.split(|&byte| byte == 0).next().unwrap_or_default().to_vec()),
            EntryType::XHeader => {
                for extension in PaxExtensions::new(said) {
                    let extension = extension?;
                    match extension.key_bytes() {
                        b"path" => about.name = Some(extension.value_bytes().to_vec()),
                        b"size" => about.size = extension.value().ok().and_then(|value| value.parse().ok()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn member(&mut self, name: String, about: About, header: usize, size: u64) -> io::Result<Content> {
        let mut bytes = Vec::new();
        self.exactly(padded(size), &mut bytes)?;
        let padding = bytes.split_off(size as usize);
        Ok(Content::Member(Member { name, head: about.bytes, header, bytes, padding }))
    }

    /// What is no document, piece by piece.
    fn pass(&mut self) -> io::Result<Option<Content>> {
        let mut bytes = Vec::new();
        let most = if self.over { PIECE } else { self.passing.min(PIECE) };
        if self.over {
            self.read(most, &mut bytes)?;
        } else {
            self.exactly(most, &mut bytes)?;
            self.passing -= most;
        }
        Ok(if bytes.is_empty() { None } else { Some(Content::Other(bytes)) })
    }

    fn read(&mut self, most: u64, bytes: &mut Vec<u8>) -> io::Result<u64> {
        (&mut self.stream).take(most).read_to_end(bytes).map(|read| read as u64)
    }

    fn exactly(&mut self, length: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
        match self.read(length, bytes)? {
            read if read == length => Ok(()),
            _ => Err(io::Error::new(ErrorKind::UnexpectedEof, "the archive ends within a member")),
        }
    }
}

impl Iterator for Archive {
    type Item = Result<Content, ContainerError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.piece().map_err(|error| ContainerError::read(&self.path, error)).transpose()
    }
}

/// A member's length with what fills its last block.
fn padded(size: u64) -> u64 {
    size.div_ceil(BLOCK as u64).saturating_mul(BLOCK as u64)
}

/// Whether this is a header: its sum says so.
fn check(header: &Header) -> io::Result<()> {
    let bytes = header.as_bytes();
    let sum = bytes[..148].iter().chain(&bytes[156..]).map(|&byte| u32::from(byte)).sum::<u32>() + 8 * u32::from(b' ');
    match header.cksum() {
        Ok(stated) if stated == sum => Ok(()),
        _ => Err(io::Error::new(ErrorKind::InvalidData, "no tape archive: the sum of a header is wrong")),
    }
}

impl Member {
    /// The member with `bytes` in the place of its own.
    pub(super) fn with(&self, bytes: &[u8]) -> Vec<u8> {
        let mut header = Header::from_byte_slice(&self.head[self.header..]).clone();
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        let length = padded(bytes.len() as u64) as usize;
        let mut out = Vec::with_capacity(self.head.len() + length);
        out.extend(&self.head[..self.header]);
        out.extend(header.as_bytes());
        out.extend(bytes);
        out.resize(self.head.len() + length, 0);
        out
    }
}
