//! What holds documents, and reading it piece by piece.

use super::archive::Archive;
use super::codec::{Codec, decoded, open};
use super::field::FieldPath;
use super::lines::Lines;
use super::string::JsonString;
use super::table::{Table, TextColumn};
use super::{ContainerError, RecordError};
use crate::corpus::{Document, Reading, STDIN, Setup};
use crate::text::{Source, Span};
use std::fs;
use std::io;
use std::path::Path;
use std::str;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What holds documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JSON Lines: a document a line.
    Lines,
    /// A Parquet table: a document a row.
    Table,
    /// A tape archive: a document a member that is text.
    Archive,
}

/// The endings of their names, when what compresses them is taken off.
const ENDINGS: [(&str, Kind); 4] =
    [(".jsonl", Kind::Lines), (".ndjson", Kind::Lines), (".parquet", Kind::Table), (".tar", Kind::Archive)];

/// Endings that stand for two.
const SHORT: [(&str, &str); 3] = [(".tgz", ".tar.gz"), (".txz", ".tar.xz"), (".tzst", ".tar.zst")];

/// What the name of a collection says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is.
    pub kind: Kind,
    /// What compresses it.
    pub codec: Codec,
    /// The name without its endings.
    pub stem: String,
}

impl Named {
    /// What the name of the file at `path` says; none when it is no collection.
    pub fn of(path: &Path) -> Option<Named> {
        let mut name = path.file_name()?.to_str()?.to_owned();
        if let Some((stem, long)) = SHORT.iter().find_map(|(short, long)| Some((name.strip_suffix(short)?, long))) {
            name = format!("{stem}{long}");
        }
        let (codec, plain) = Codec::of_name(&name);
        let (stem, kind) = ENDINGS.iter().find_map(|&(ending, kind)| Some((plain.strip_suffix(ending)?, kind)))?;
        // A table compresses its own columns.
        (kind != Kind::Table || codec == Codec::Plain).then(|| Named { kind, codec, stem: stem.to_owned() })
    }
}

/// One piece of a container.
#[derive(Debug)]
pub struct Item {
    /// How many pieces come before it.
    pub number: u64,
    /// What it is.
    pub content: Content,
}

/// What stands in a container.
#[derive(Debug)]
pub enum Content {
    /// A line of JSON Lines, its end included.
    Line(Vec<u8>),
    /// The text of a row.
    Value {
        /// How many of the fields it lies in are there, itself included.
        level: i16,
        /// The text; none for null.
        text: Option<Vec<u8>>,
    },
    /// A text in an archive.
    Member(Member),
    /// What is no document and passes as it is.
    Other(Vec<u8>),
    /// What takes the place of a line: what is to stand in these spans of its bytes, which ascend.
    Spliced(Vec<(Span, String)>),
}

/// A text in an archive.
#[derive(Debug)]
pub struct Member {
    /// Its path in the archive.
    pub name: String,
    /// The text.
    pub bytes: Vec<u8>,
    /// All headers that speak of it; its own, the last, begins at `header`.
    pub(super) head: Vec<u8>,
    pub(super) header: usize,
    /// What fills its last block.
    pub(super) padding: Vec<u8>,
}

impl Content {
    /// Its bytes, where a container is a stream of them, with `new` in its place when there is one: part by part.
    pub fn bytes<'c>(&'c self, new: Option<&'c Content>) -> Box<dyn Iterator<Item = &'c [u8]> + 'c> {
        match (self, new) {
            (Content::Line(line), Some(Content::Spliced(edits))) => {
                let starts = [0].into_iter().chain(edits.iter().map(|(span, _)| span.end));
                let kept = starts.zip(edits.iter().map(|(span, _)| span.start)).map(|(start, end)| &line[start..end]);
                let rest = edits.last().map_or(0, |(span, _)| span.end);
                let parts = kept.zip(edits).flat_map(|(kept, (_, new))| [kept, new.as_bytes()]);
                Box::new(parts.chain([&line[rest..]]))
            }
            (_, Some(new)) => new.bytes(None),
            (Content::Line(bytes) | Content::Other(bytes), None) => Box::new([bytes.as_slice()].into_iter()),
            (Content::Value { .. } | Content::Spliced(_), None) => Box::new([].into_iter()),
            (Content::Member(member), None) => Box::new([member.head.as_slice(), &member.bytes, &member.padding].into_iter()),
        }
    }

    /// About how many bytes it takes.
    pub fn weight(&self) -> usize {
        match self {
            Content::Line(bytes) | Content::Other(bytes) => bytes.len(),
            Content::Value { text, .. } => text.as_ref().map_or(0, Vec::len),
            Content::Member(member) => member.head.len() + member.bytes.len(),
            Content::Spliced(edits) => edits.iter().map(|(_, new)| new.len()).sum(),
        }
    }
}

impl Item {
    /// What people call it: the container's name with the line, the row or the path inside.
    pub fn name(&self, container: &str) -> String {
        match &self.content {
            // Files of a folder.
            Content::Member(member) if container.ends_with('/') => format!("{container}{}", member.name),
            Content::Member(member) => format!("{container}:{}", member.name),
            _ => format!("{container}:{}", self.number + 1),
        }
    }

    /// Its text, called `name`; none when it has none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn source(&self, name: &str, field: &FieldPath, reading: Reading) -> Result<Option<Source>, RecordError> {
        let text = match &self.content {
            Content::Line(line) => {
                let record = Record::read(line)?;
                match field.find(record.body)? {
                    Some(place) => JsonString::read(Span::new(place.start + 1, place.end - 1).of(record.body))?.text,
                    None => return Ok(None),
                }
                .into_owned()
            }
            Content::Value { text: Some(bytes), .. } => utf8(bytes)?.to_owned(),
            Content::Value { text: None, .. } | Content::Other(_) | Content::Spliced(_) => return Ok(None),
            Content::Member(member) => return member.source(name, reading).map(Some),
        };
        Ok(Some(Source::from_text(name, text)))
    }

    /// The same as a line of JSON: a member becomes a record of its path and its text, and what is no document an empty line of no
    /// length.
    ///
    /// # Errors
    /// When its text cannot be read.
    pub fn into_line(self, reading: Reading) -> Result<Item, Box<(Item, RecordError)>> {
        let content = match &self.content {
            Content::Member(member) => match member.source(&member.name, reading) {
                Ok(source) => {
                    let string = |text: &str| serde_json::Value::from(text).to_string();
                    let line = format!("{{\"path\":{},\"text\":{}}}\n", string(&member.name), string(source.text()));
                    Content::Line(line.into_bytes())
                }
                Err(problem) => return Err(Box::new((self, problem))),
            },
            Content::Other(_) => Content::Other(Vec::new()),
            Content::Line(_) | Content::Value { .. } | Content::Spliced(_) => return Ok(self),
        };
        Ok(Item { content, ..self })
    }

    /// Whether it is a record, though perhaps one without text.
    pub fn is_record(&self) -> bool {
        match &self.content {
            Content::Line(line) => !line.iter().all(u8::is_ascii_whitespace),
            Content::Value { .. } | Content::Member(_) => true,
            Content::Other(_) | Content::Spliced(_) => false,
        }
    }
}

impl Member {
    /// Its text.
    pub(super) fn source(&self, name: &str, reading: Reading) -> Result<Source, RecordError> {
        let source = Source::decode(name, self.bytes.clone(), reading.encoding, reading.lossy);
        source.map_err(|error| RecordError::Undecodable(error.to_string()))
    }
}

/// A line of JSON Lines.
pub(super) struct Record<'l> {
    /// Bytes before the record: a byte order mark.
    pub mark: usize,
    /// The record, without the end of the line.
    pub body: &'l str,
}

impl<'l> Record<'l> {
    pub fn read(line: &'l [u8]) -> Result<Record<'l>, RecordError> {
        let text = utf8(line)?;
        let mark = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
        Ok(Record { mark, body: text[mark..].trim_end_matches(['\n', '\r']) })
    }
}

pub(super) fn utf8(bytes: &[u8]) -> Result<&str, RecordError> {
    str::from_utf8(bytes).map_err(|error| RecordError::Encoding(error.valid_up_to()))
}

/// The pieces of a container, from the one with the number `first` on.
pub struct Items {
    pieces: Box<dyn Iterator<Item = Result<Content, ContainerError>> + Send>,
    next: u64,
    /// How many bytes of the file have been read, which grows.
    pub consumed: Arc<AtomicU64>,
}

impl Items {
    /// Opens the container at `path`, or the standard input when that is `-`. Of an archive, those members are documents that the
    /// configuration in `setup` wants.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(path: &Path, kind: Kind, setup: &Arc<Setup>, field: &FieldPath) -> Result<Items, ContainerError> {
        match kind {
            Kind::Table => Items::table(path, field),
            Kind::Lines | Kind::Archive => Items::stream(path, kind, setup, 0),
        }
    }

    /// Opens a stream and passes over `first` pieces.
    ///
    /// # Errors
    /// When it cannot be read, or is shorter.
    pub fn stream(path: &Path, kind: Kind, setup: &Arc<Setup>, first: u64) -> Result<Items, ContainerError> {
        let (stream, consumed) = if path.as_os_str() == STDIN {
            (decoded(io::stdin()).map_err(|error| ContainerError::read(path, error))?, Arc::default())
        } else {
            open(path)?
        };
        let pieces: Box<dyn Iterator<Item = _> + Send> = if kind == Kind::Lines {
            let mut lines = Lines::new(path.to_owned(), stream);
            lines.pass_over(first)?;
            Box::new(lines.map(|line| line.map(Content::Line)))
        } else {
            let config = setup.clone();
            let wants = move |name: &Path| config.config.wants(name);
            let mut archive = Archive::new(path.to_owned(), stream, Box::new(wants));
            for _ in 0..first {
                archive.next().unwrap_or_else(|| Err(ContainerError::shorter(path)))?;
            }
            Box::new(archive)
        };
        Ok(Items { pieces, next: first, consumed })
    }

    /// The rows of the table at `path` as lines of JSON, after the first `first`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn rows(path: &Path, first: u64) -> Result<Items, ContainerError> {
        let (table, consumed) = (Table::open(path)?, Arc::new(AtomicU64::new(0)));
        Ok(Items { pieces: Box::new(table.all_rows(first, consumed.clone())), next: first, consumed })
    }

    /// The texts of a row group, of which the first row has the number `first`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn texts(
        table: &Table,
        column: TextColumn,
        group: usize,
        first: u64,
        consumed: Arc<AtomicU64>,
    ) -> Result<Items, ContainerError> {
        let texts = table.texts(column, group, consumed.clone())?;
        Ok(Items { pieces: Box::new(texts), next: first, consumed })
    }

    /// The files of a folder, which become members called after where they lie in it.
    pub fn files(entries: Vec<Document>, first: u64) -> Items {
        let consumed = Arc::new(AtomicU64::new(0));
        let (read, rest) = (consumed.clone(), entries.into_iter().skip(usize::try_from(first).unwrap_or(usize::MAX)));
        let members = rest.map(move |document| {
            let bytes = fs::read(&document.path).map_err(|error| ContainerError::read(&document.path, error))?;
            read.fetch_add(bytes.len() as u64, Ordering::Relaxed);
            let name = document.landing.to_string_lossy().replace('\\', "/");
            Ok(Content::Member(Member { name, bytes, head: Vec::new(), header: 0, padding: Vec::new() }))
        });
        Items { pieces: Box::new(members), next: first, consumed }
    }

    fn table(path: &Path, field: &FieldPath) -> Result<Items, ContainerError> {
        let (table, consumed) = (Table::open(path)?, Arc::new(AtomicU64::new(0)));
        let column = table.column(field)?;
        Ok(Items { pieces: Box::new(table.all_texts(column, consumed.clone())), next: 0, consumed })
    }
}

impl Iterator for Items {
    type Item = Result<Item, ContainerError>;

    fn next(&mut self) -> Option<Self::Item> {
        let content = self.pieces.next()?;
        let number = self.next;
        self.next += 1;
        Some(content.map(|content| Item { number, content }))
    }
}
