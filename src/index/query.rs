//! A finished index, and what it knows of one document.

use super::build::Builder;
use super::derive::{LATER, document_of};
use super::fingerprint::{Paragraph, Printer, hash, skeleton, text_hash};
use super::format::{
    DOCUMENT_SKETCHES, DOCUMENTS, GROUP, GROUPS, Group, Indexed, LINK, LINKS, Layout, MEMBER, MEMBERS, NEAR, NEAR_DOCUMENTS,
    PAIR, PARAGRAPH, PARAGRAPHS, SKETCHED, SKETCHES, field,
};
use super::near::MOST;
use super::{IndexError, IndexProblem};
use crate::text::lines::lines;
use crate::text::{Encoding, Source};
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Places of a group that are looked at, the first in corpus order.
const MOST_PLACES: u64 = 16;

trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

/// Where the documents of an index are read when a text is asked for.
#[derive(Debug, Clone)]
enum Texts {
    /// Below this folder.
    Files(PathBuf),
    /// In memory, by path.
    Given(HashMap<String, String>),
}

/// The name of what has none: a text from the standard input.
const UNNAMED: &str = "-";

/// How many parts two paths have in common at their ends.
fn shared_end(one: &str, other: &str) -> usize {
    one.rsplit('/').zip(other.rsplit('/')).take_while(|(a, b)| a == b).count()
}

/// An index, opened. Its documents are in memory; all else is read when asked for. It never changes: share it between threads.
pub struct CorpusIndex {
    name: String,
    documents: Vec<Indexed>,
    /// The documents by the hash of their text.
    by_text: Vec<(u64, u32)>,
    /// The documents by their paths, read from the end.
    by_name: Vec<u32>,
    /// The first document of each skeleton that several have.
    same: HashMap<u64, Vec<u32>>,
    layout: Layout,
    file: Mutex<Box<dyn ReadSeek>>,
    texts: Texts,
    backup: Option<OsString>,
}

/// Why an index knows nothing of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unlisted {
    /// It is not there.
    Missing,
    /// It was there with another text.
    Changed,
}

/// A paragraph or document that is nearly the same as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Near {
    /// The other.
    pub other: u32,
    /// In so many of [`ROWS`](super::ROWS) rows their sketches agree.
    pub alike: u32,
}

/// What an index knows of a paragraph that it does not know of all.
#[derive(Debug, Clone)]
pub struct Copies {
    /// The paragraph.
    pub number: u32,
    /// The paragraphs that are the same, when there are any.
    pub group: Option<Group>,
    /// The first of them in corpus order, this one perhaps among them.
    pub places: Vec<u32>,
    /// Those that are nearly the same as the first of them.
    pub near: Vec<Near>,
}

/// What an index knows of one document.
pub struct Here {
    /// The index.
    pub index: Arc<CorpusIndex>,
    /// The document's number.
    pub document: u32,
    /// Its paragraphs with copies, by the hash of their skeletons, each list in the document's order.
    pub copies: HashMap<u64, Vec<Copies>>,
    root: Option<PathBuf>,
}

impl CorpusIndex {
    /// Opens the index at `path`, and checks all of it.
    ///
    /// # Errors
    /// When it cannot be read, is no index, or is damaged.
    pub fn open(path: &Path) -> Result<CorpusIndex, IndexError> {
        let name = path.strip_prefix(".").unwrap_or(path).to_string_lossy().into_owned();
        let unreadable = |error| IndexError::new(name.as_str(), IndexProblem::Unreadable(error));
        let file = File::open(path).map_err(unreadable)?;
        if file.metadata().map_err(unreadable)?.is_dir() {
            return Err(IndexError::new(name, IndexProblem::Foreign));
        }
        CorpusIndex::read(name, Box::new(file), Texts::Files(PathBuf::from(".")))
    }

    /// An index of texts in memory, each with its path.
    ///
    /// # Errors
    /// When a temporary file is needed and cannot be written.
    pub fn of_texts(mut texts: Vec<(String, String)>) -> Result<CorpusIndex, IndexError> {
        texts.sort();
        let wrong = |error| IndexError::new("an index in memory", IndexProblem::Unwritable(error));
        let mut builder = Builder::new(&std::env::temp_dir());
        for (path, text) in &texts {
            let mut printer = Printer::new();
            printer.text(text);
            builder.begin(path.clone());
            builder.take(&mut printer).map_err(wrong)?;
            builder.end(&printer.finish(), Encoding::Utf8).map_err(wrong)?;
        }
        let mut bytes = Vec::new();
        builder.finish(&mut bytes).map_err(wrong)?;
        CorpusIndex::read("an index in memory".into(), Box::new(Cursor::new(bytes)), Texts::Given(texts.into_iter().collect()))
    }

    fn read(name: String, mut file: Box<dyn ReadSeek>, texts: Texts) -> Result<CorpusIndex, IndexError> {
        let layout = Layout::read(&name, &mut file)?;
        let unreadable = |error| IndexError::new(name.as_str(), IndexProblem::Unreadable(error));
        let (start, end) = layout.0[DOCUMENTS];
        file.seek(SeekFrom::Start(start)).map_err(unreadable)?;
        let mut section = io::BufReader::with_capacity(1 << 16, file.by_ref().take(end - start));
        let mut documents = Vec::new();
        while !io::BufRead::fill_buf(&mut section).map_err(unreadable)?.is_empty() {
            documents.push(Indexed::read(&mut section).map_err(unreadable)?);
        }
        let mut by_text: Vec<(u64, u32)> = (0..).zip(&documents).map(|(at, document): (u32, _)| (document.text, at)).collect();
        by_text.sort_unstable();
        let mut by_name: Vec<u32> = (0..documents.len() as u32).collect();
        by_name.sort_by(|&a, &b| documents[a as usize].path.rsplit('/').cmp(documents[b as usize].path.rsplit('/')));
        let mut by_skeleton: Vec<(u64, u32)> =
            (0..).zip(&documents).filter(|(_, d)| d.chars > 0).map(|(at, document): (u32, _)| (document.skeleton, at)).collect();
        by_skeleton.sort_unstable();
        let several = by_skeleton.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1);
        let same = several.map(|same| (same[0].0, same.iter().map(|one| one.1).collect())).collect();
        Ok(CorpusIndex { name, documents, by_text, by_name, same, layout, file: Mutex::new(file), texts, backup: None })
    }

    /// The same with its documents below `root`, where their texts are read.
    #[must_use]
    pub fn below(self, root: &Path) -> CorpusIndex {
        CorpusIndex { texts: Texts::Files(root.to_path_buf()), ..self }
    }

    /// The same for documents that are replaced while it is asked: the original of each is then kept beside it with this ending.
    #[must_use]
    pub fn with_backups(self, ending: Option<&OsString>) -> CorpusIndex {
        CorpusIndex { backup: ending.cloned(), ..self }
    }

    /// The file, as people are shown it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its documents, in corpus order.
    pub fn documents(&self) -> &[Indexed] {
        &self.documents
    }

    /// How many paragraphs it has.
    pub fn paragraphs(&self) -> u64 {
        self.layout.count(PARAGRAPHS, PARAGRAPH)
    }

    /// How many groups of paragraphs that are the same.
    pub fn groups(&self) -> u64 {
        self.layout.count(GROUPS, GROUP)
    }

    /// How many pairs of paragraphs, or of documents, may be nearly the same.
    pub fn near_pairs(&self, of_documents: bool) -> u64 {
        self.layout.count(if of_documents { NEAR_DOCUMENTS } else { NEAR }, PAIR) / 2
    }

    /// Documents that are the same, blanks and marks aside, each list in corpus order.
    pub fn same_documents(&self) -> Vec<&[u32]> {
        let mut same: Vec<&[u32]> = self.same.values().map(Vec::as_slice).collect();
        same.sort_unstable();
        same
    }

    /// Records of a section.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn bytes(&self, section: usize, from: u64, count: u64, size: usize) -> io::Result<Vec<u8>> {
        let (start, end) = self.layout.0[section];
        let from = start + from * size as u64;
        let length = (count * size as u64).min(end.saturating_sub(from));
        let mut bytes = vec![0; length as usize];
        if length > 0 {
            // A thread that panicked left the file as good as it was.
            let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(from))?;
            file.read_exact(&mut bytes)?;
        }
        Ok(bytes)
    }

    /// Records of a section, each as numbers. None where the file cannot be read any more: it was whole when it was opened.
    fn records<const N: usize>(&self, section: usize, from: u64, count: u64) -> Vec<[u8; N]> {
        self.bytes(section, from, count, N).unwrap_or_default().as_chunks().0.to_vec()
    }

    /// How many sketches of paragraphs a document has.
    pub(super) fn sketches_of(&self, document: usize) -> u64 {
        self.part(document, SKETCHES, SKETCHED, |document| document.sketches).1
    }

    /// Where the records of a document begin in a section, and how many they are.
    fn part(&self, document: usize, section: usize, size: usize, of: impl Fn(&Indexed) -> u32) -> (u64, u64) {
        let start = self.documents.get(document).map_or(0, |document| of(document).into());
        let end = self.documents.get(document + 1).map_or(self.layout.count(section, size), |next| of(next).into());
        (start, end.saturating_sub(start))
    }

    /// What is kept of a paragraph.
    pub fn paragraph(&self, number: u32) -> Option<Paragraph> {
        self.records(PARAGRAPHS, number.into(), 1).first().map(Paragraph::read)
    }

    /// What is kept of the paragraphs from `from` on, at most so many.
    pub fn paragraphs_from(&self, from: u32, count: u32) -> Vec<Paragraph> {
        self.records(PARAGRAPHS, from.into(), count.into()).iter().map(Paragraph::read).collect()
    }

    /// The groups from `from` on, at most so many.
    pub fn groups_from(&self, from: u64, count: u64) -> Vec<Group> {
        self.records(GROUPS, from, count).iter().map(Group::read).collect()
    }

    /// Near paragraphs from `from` on, at most so many: a paragraph and one that is nearly the same, both ways.
    pub fn near_from(&self, from: u64, count: u64) -> Vec<(u32, Near)> {
        self.records::<PAIR>(NEAR, from, count).iter().map(near).collect()
    }

    /// The first members of a group, in corpus order, at most so many.
    pub fn members(&self, group: &Group, most: u64) -> Vec<u32> {
        self.records::<MEMBER>(MEMBERS, group.members, most.min(group.count.into())).iter().map(|one| field(one, 0)).collect()
    }

    /// The number of the document that holds a paragraph.
    pub fn document_of(&self, paragraph: u32) -> u32 {
        document_of(&self.documents, paragraph) as u32
    }

    /// Where a paragraph stands: the path of its document, and its line.
    pub fn place(&self, paragraph: u32) -> (&str, u32) {
        let path = self.documents.get(self.document_of(paragraph) as usize).map_or("", |document| &document.path);
        (path, self.paragraph(paragraph).map_or(0, |paragraph| paragraph.line))
    }

    /// The text of a paragraph, read from its document; none when the document is not there or the paragraph is another now.
    pub fn text(&self, number: u32) -> Option<String> {
        self.text_below(None, number)
    }

    fn text_below(&self, root: Option<&Path>, number: u32) -> Option<String> {
        let (paragraph, document) = (self.paragraph(number)?, self.documents.get(self.document_of(number) as usize)?);
        let right = |text: &String| hash(skeleton(text)) == paragraph.skeleton;
        let (start, length) = (u64::from(paragraph.start), paragraph.bytes as usize);
        let root = match (root, &self.texts) {
            (Some(root), Texts::Files(_)) => root,
            (None, Texts::Files(root)) => root,
            (_, Texts::Given(texts)) => {
                let line = texts.get(&document.path)?.get(start as usize..start as usize + length)?;
                return Some(line.trim().to_owned()).filter(right);
            }
        };
        let read = |path: &Path| {
            let mut bytes = vec![0; length];
            let mut file = File::open(path).ok()?;
            file.seek(SeekFrom::Start(start)).ok()?;
            file.read_exact(&mut bytes).ok()?;
            let source = Source::decode("", bytes, Some(document.encoding), true).ok()?;
            Some(source.text().trim().to_owned()).filter(right)
        };
        let path = root.join(&document.path);
        read(&path).or_else(|| {
            let mut backup = path.into_os_string();
            backup.push(self.backup.as_ref()?);
            read(Path::new(&backup))
        })
    }

    /// The number of the document called `name` that reads `text`. An index does not know from where its documents are named now, so the
    /// one is meant whose path ends most as the name does. What has no name (`-`) is known by its text alone.
    ///
    /// # Errors
    /// When that document has another text, or none has such a name.
    pub fn number_of(&self, name: &str, text: &str) -> Result<u32, Unlisted> {
        let name = name.replace('\\', "/");
        let shared = |document: u32| shared_end(&self.documents[document as usize].path, &name);
        let place =
            self.by_name.partition_point(|&document| self.documents[document as usize].path.rsplit('/').lt(name.rsplit('/')));
        let beside = place.saturating_sub(1)..(place + 1).min(self.by_name.len());
        let nearest = self.by_name[beside].iter().copied().max_by_key(|&document| shared(document));
        let most = nearest.map_or(0, shared);
        let hash = text_hash(text);
        let from = self.by_text.partition_point(|one| one.0 < hash);
        let mut same = self.by_text[from..].iter().take_while(|one| one.0 == hash).map(|one| one.1);
        let found = same.find(|&document| name == UNNAMED || most > 0 && shared(document) == most);
        found.ok_or_else(|| match nearest {
            Some(document) if most == self.documents[document as usize].path.split('/').count() => Unlisted::Changed,
            _ => Unlisted::Missing,
        })
    }

    /// What is known of the document called `name` that reads `text`.
    ///
    /// # Errors
    /// As [`CorpusIndex::number_of`].
    pub fn locate(self: &Arc<Self>, name: &str, text: &str) -> Result<Here, Unlisted> {
        let document = self.number_of(name, text)?;
        let name = name.replace('\\', "/");
        let root = name.strip_suffix(&self.documents[document as usize].path).map(|root| match root {
            "" => PathBuf::from("."),
            root => PathBuf::from(root),
        });
        Ok(Here { copies: self.copies(document), index: self.clone(), document, root })
    }

    /// The paragraphs of a document that have copies.
    fn copies(&self, document: u32) -> HashMap<u64, Vec<Copies>> {
        let at = document as usize;
        let (from, count) = self.part(at, LINKS, LINK, |document| document.links);
        let links = self.records::<LINK>(LINKS, from, count);
        let (from, count) = self.part(at, NEAR, PAIR, |document| document.near);
        let near_ones: Vec<(u32, Near)> = self.near_from(from, count);
        let mut copies: HashMap<u64, Vec<Copies>> = HashMap::new();
        if links.is_empty() && near_ones.is_empty() {
            return copies;
        }
        let (first, count) = (self.documents[at].first, self.documents[at].count);
        let of = |number: u32| {
            let from = near_ones.partition_point(|one| one.0 < number);
            near_ones[from..].iter().take_while(|one| one.0 == number).map(|one| one.1).collect::<Vec<Near>>()
        };
        let mut links = links.iter().peekable();
        for (number, paragraph) in (first..).zip(self.paragraphs_from(first, count)) {
            let link = links.next_if(|link| field(*link, 0) == number).map(|link| field(link, 1));
            // What stands in one document thousands of times is looked up a few times.
            if copies.get(&paragraph.skeleton).is_some_and(|known| known.len() as u64 >= MOST_PLACES) {
                continue;
            }
            let group = link.and_then(|link| self.groups_from((link & !LATER).into(), 1).first().copied());
            let places = group.map_or_else(Vec::new, |group| self.members(&group, MOST_PLACES));
            let near = match places.first() {
                Some(&head) if head != number => {
                    let (from, count) = self.part(self.document_of(head) as usize, NEAR, PAIR, |document| document.near);
                    self.near_of(NEAR, (from, from + count), head)
                }
                _ => of(number),
            };
            if group.is_some() || !near.is_empty() {
                copies.entry(paragraph.skeleton).or_default().push(Copies { number, group, places, near });
            }
        }
        copies
    }

    /// The near ones of `number`, from the records `from..to` of a section.
    fn near_of(&self, section: usize, (from, to): (u64, u64), number: u32) -> Vec<Near> {
        let one = |at: u64| self.records::<PAIR>(section, at, 1).first().map(near);
        let (mut first, mut end) = (from, to);
        while first < end {
            let middle = first + (end - first) / 2;
            if one(middle).is_some_and(|pair| pair.0 < number) { first = middle + 1 } else { end = middle }
        }
        let found = self.records::<PAIR>(section, first, u64::from(MOST).min(to - first));
        found.iter().map(near).take_while(|pair| pair.0 == number).map(|pair| pair.1).collect()
    }

    /// Documents that are the same as one, blanks and marks aside, itself among them, in corpus order.
    pub fn same_as(&self, document: u32) -> &[u32] {
        let skeleton = self.documents.get(document as usize).map(|document| document.skeleton);
        skeleton.and_then(|skeleton| self.same.get(&skeleton)).map_or(&[], Vec::as_slice)
    }

    /// Documents that may be nearly the same as one.
    pub fn near_document(&self, document: u32) -> Vec<Near> {
        let head = self.same_as(document).first().copied().unwrap_or(document);
        self.near_of(NEAR_DOCUMENTS, (0, self.layout.count(NEAR_DOCUMENTS, PAIR)), head)
    }

    /// Near documents from `from` on, as [`CorpusIndex::near_from`].
    pub fn near_documents_from(&self, from: u64, count: u64) -> Vec<(u32, Near)> {
        self.records::<PAIR>(NEAR_DOCUMENTS, from, count).iter().map(near).collect()
    }

    /// Documents that are long enough to be compared as a whole.
    pub fn sketched_documents(&self) -> u64 {
        self.layout.count(DOCUMENT_SKETCHES, SKETCHED)
    }
}

fn near(record: &[u8; PAIR]) -> (u32, Near) {
    (field(record, 0), Near { other: field(record, 1), alike: field(record, 2) })
}

impl Here {
    /// The text of a paragraph of the index.
    pub fn text(&self, number: u32) -> Option<String> {
        self.index.text_below(self.root.as_deref(), number)
    }
}

impl Printer {
    /// Adds a whole text in UTF-8.
    pub(crate) fn text(&mut self, text: &str) {
        self.piece(text);
        for line in lines(text) {
            self.line(line.content.of(text), line.content.start as u32, line.content.len() as u32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "柳河镇今年疏浚河道十二公里，两岸的农田都能浇上水，村民都说好。";
    const OTHER: &str = "县图书馆上月重新开放，来借书的孩子比往年多了一倍。";
    const NOISY: &str = "柳河镇今年疏浚河迺十二公里，两岸的农田都能浇上水，村民都说好。";

    fn index(texts: &[(&str, &str)]) -> Arc<CorpusIndex> {
        Arc::new(CorpusIndex::of_texts(texts.iter().map(|(path, text)| ((*path).into(), (*text).into())).collect()).unwrap())
    }

    #[test]
    fn copies_and_near_copies_are_known() {
        let here = format!("{OTHER}\n\n{ONE}\n");
        let index = index(&[("b", &here), ("a", ONE), ("c", NOISY), ("d/e", ONE)]);
        let known = index.locate("x/b", &here).unwrap_or_else(|_| panic!("b is there"));
        assert_eq!(known.copies.len(), 1);
        let copies = &known.copies.values().next().unwrap()[0];
        let group = copies.group.unwrap();
        assert_eq!((group.count, group.documents, group.best), (3, 3, 0));
        assert_eq!(copies.places.iter().map(|&place| index.place(place)).collect::<Vec<_>>(), [("a", 1), ("b", 3), ("d/e", 1)]);
        assert_eq!(copies.near.iter().map(|near| known.text(near.other).unwrap()).collect::<Vec<_>>(), [NOISY]);
        assert_eq!(index.same_as(0), [0, 3]);
        assert!(index.near_document(3).iter().any(|near| near.other == 2));
    }

    #[test]
    fn a_document_is_known_by_its_text_and_then_its_name() {
        let index = index(&[("a/x", ONE), ("b/x", ONE), ("c", OTHER)]);
        let document = |name: &str, text: &str| index.locate(name, text).map(|here| here.document);
        assert_eq!(document("here/b/x", ONE), Ok(1));
        assert_eq!(document("-", ONE), Ok(0));
        assert_eq!(document("-", OTHER), Ok(2));
        assert_eq!(document("out/c", OTHER), Ok(2));
        assert_eq!(document("a/x", OTHER), Err(Unlisted::Changed));
        assert_eq!(document("else", OTHER), Err(Unlisted::Missing));
        assert_eq!(document("c", NOISY), Err(Unlisted::Changed));
        assert_eq!(document("some/c", NOISY), Err(Unlisted::Changed));
        assert_eq!(document("else", NOISY), Err(Unlisted::Missing));
    }

    #[test]
    fn nothing_is_an_index_too() {
        assert_eq!(index(&[]).paragraphs(), 0);
        let empty = index(&[("a", ""), ("b", "\n")]);
        assert_eq!((empty.documents().len(), empty.groups(), empty.same_documents().len()), (2, 0, 0));
    }
}
