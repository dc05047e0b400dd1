//! Making an index: documents in corpus order, then what can be derived from their fingerprints.

use super::fingerprint::{Printer, Whole};
use super::format::{
    DOCUMENT_SKETCHES, DOCUMENTS, Indexed, PARAGRAPHS, SECTIONS, SKETCHED, SKETCHES, Section, field, sketch_of, write,
};
use super::sketch::Sketch;
use super::{derive, near};
use crate::text::Encoding;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// An index being made. Documents come in corpus order: ascending by the bytes of their paths.
pub struct Builder {
    folder: PathBuf,
    documents: Vec<Indexed>,
    paragraphs: u64,
    sketches: u64,
    sections: [Section; SECTIONS.len()],
}

impl Builder {
    /// An index whose temporary files are in `folder`. They have no names, and go away with it.
    pub fn new(folder: &Path) -> Builder {
        Builder {
            folder: folder.to_path_buf(),
            documents: Vec::new(),
            paragraphs: 0,
            sketches: 0,
            sections: std::array::from_fn(|_| Section::new(folder)),
        }
    }

    /// How many paragraphs there are.
    pub(crate) fn paragraphs(&self) -> u64 {
        self.paragraphs
    }

    /// Begins a document.
    pub(crate) fn begin(&mut self, path: String) {
        self.documents.push(Indexed {
            path,
            text: 0,
            skeleton: 0,
            chars: 0,
            defects: 0,
            encoding: Encoding::Utf8,
            first: self.paragraphs as u32,
            count: 0,
            sketches: self.sketches as u32,
            links: 0,
            near: 0,
        });
    }

    /// Takes what `printer` has ready.
    pub(crate) fn take(&mut self, printer: &mut Printer) -> io::Result<()> {
        let first = self.documents.last().map_or(0, |document| document.first);
        let taken = self.add(first, &printer.paragraphs, printer.sketches.as_chunks().0);
        printer.paragraphs.clear();
        printer.sketches.clear();
        taken
    }

    /// Adds records of paragraphs, and of sketches that number them from `first`.
    fn add(&mut self, first: u32, paragraphs: &[u8], sketches: &[[u8; SKETCHED]]) -> io::Result<()> {
        self.sections[PARAGRAPHS].add(paragraphs)?;
        for sketch in sketches {
            self.sections[SKETCHES].add(&(first + field(sketch, 0)).to_le_bytes())?;
            self.sections[SKETCHES].add(&sketch[4..])?;
        }
        self.paragraphs += (paragraphs.len() / super::format::PARAGRAPH) as u64;
        self.sketches += sketches.len() as u64;
        Ok(())
    }

    /// Ends a document.
    pub(crate) fn end(&mut self, whole: &Whole, encoding: Encoding) -> io::Result<()> {
        let number = self.documents.len() as u32 - 1;
        if let Some(document) = self.documents.last_mut() {
            (document.text, document.skeleton) = (whole.text, whole.skeleton);
            (document.chars, document.defects, document.encoding) = (whole.chars, whole.defects, encoding);
            document.count = self.paragraphs as u32 - document.first;
        }
        match &whole.sketch {
            Some(sketch) => self.document_sketch(number, sketch),
            None => Ok(()),
        }
    }

    fn document_sketch(&mut self, number: u32, sketch: &Sketch) -> io::Result<()> {
        self.sections[DOCUMENT_SKETCHES].add(&number.to_le_bytes())?;
        sketch.iter().try_for_each(|row| self.sections[DOCUMENT_SKETCHES].add(&row.to_le_bytes()))
    }

    /// Adds a document of another index, with all that is kept of it.
    pub(super) fn copy(
        &mut self,
        document: Indexed,
        paragraphs: &[u8],
        sketches: &[[u8; SKETCHED]],
        whole: Option<&[u8; SKETCHED]>,
    ) -> io::Result<()> {
        let (old, first) = (document.first, self.paragraphs as u32);
        self.documents.push(Indexed { first, sketches: self.sketches as u32, ..document });
        let renumbered: Vec<[u8; SKETCHED]> = sketches
            .iter()
            .map(|sketch| {
                let mut sketch = *sketch;
                let number = field(&sketch, 0).saturating_sub(old);
                sketch[..4].copy_from_slice(&number.to_le_bytes());
                sketch
            })
            .collect();
        self.add(first, paragraphs, &renumbered)?;
        let number = self.documents.len() as u32 - 1;
        whole.map_or(Ok(()), |whole| self.document_sketch(number, &sketch_of(whole)))
    }

    /// Derives the rest and writes the index.
    ///
    /// # Errors
    /// When a temporary file or `out` cannot be written.
    pub fn finish(mut self, out: &mut dyn Write) -> io::Result<()> {
        derive::groups(&self.folder, &mut self.documents, &mut self.sections)?;
        near::paragraphs(&self.folder, &mut self.documents, &mut self.sections)?;
        near::documents(&self.folder, &self.documents, &mut self.sections)?;
        let mut bytes = Vec::new();
        for document in &self.documents {
            bytes.clear();
            document.write(&mut bytes);
            self.sections[DOCUMENTS].add(&bytes)?;
        }
        write(&mut self.sections, out)
    }
}
