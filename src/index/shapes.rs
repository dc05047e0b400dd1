//! Short paragraphs that come again and again in the same form, numbers aside: what a source prints on all it prints.

use super::CorpusIndex;
use super::sort::Sorter;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// Examples that are kept of each form, from as many documents.
const EXAMPLES: usize = 24;
/// Among so many paragraphs from the beginning or end of a document, one stands at its edge.
const EDGE: u32 = 4;
/// Paragraphs that are read at a time.
const PIECE: u32 = 1 << 13;

/// A form that paragraphs have in common, numbers aside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    /// In how many documents it stands.
    pub documents: u32,
    /// How often.
    pub count: u32,
    /// How often among the first or last paragraphs of a document.
    pub at_edge: u32,
    /// The first paragraph of each of some documents.
    pub examples: Vec<u32>,
}

impl CorpusIndex {
    /// The forms that stand in at least so many documents, those in the most documents first; at most so many. Temporary files are in
    /// `folder`. Forms of fewer than `least` characters are passed over.
    ///
    /// # Errors
    /// When a temporary file cannot be written.
    pub fn shapes(&self, folder: &Path, least: u32, documents: u32, most: usize) -> io::Result<Vec<Shape>> {
        let mut sorter = Sorter::new(folder);
        let all = self.paragraphs() as u32;
        for from in (0..all).step_by(PIECE as usize) {
            for (number, paragraph) in (from..).zip(self.paragraphs_from(from, PIECE)) {
                if paragraph.shape != 0 && paragraph.chars >= least {
                    sorter.push(u128::from(paragraph.shape) << 32 | u128::from(number))?;
                }
            }
        }
        let mut best: BTreeSet<(u32, u32, Reverse<Shape>)> = BTreeSet::new();
        let mut keep = |shape: Option<Shape>| {
            if let Some(shape) = shape.filter(|shape| shape.documents >= documents) {
                best.insert((shape.documents, shape.count, Reverse(shape)));
                if best.len() > most {
                    best.pop_first();
                }
            }
        };
        let mut sorted = sorter.sorted()?;
        let (mut hash, mut last) = (None, 0);
        let mut shape: Option<Shape> = None;
        while let Some(one) = sorted.next()? {
            let number = one as u32;
            if hash.replace(one >> 32) != Some(one >> 32) {
                keep(shape.take());
            }
            let at = self.document_of(number);
            let fresh = shape.is_none() || at != last;
            let shape = shape.get_or_insert(Shape { documents: 0, count: 0, at_edge: 0, examples: Vec::new() });
            shape.count += 1;
            last = at;
            if fresh {
                shape.documents += 1;
                if shape.examples.len() < EXAMPLES {
                    shape.examples.push(number);
                }
            }
            if let Some(document) = self.documents().get(at as usize) {
                let place = number - document.first;
                shape.at_edge += u32::from(place < EDGE || place + EDGE >= document.count);
            }
        }
        keep(shape);
        Ok(best.into_iter().rev().map(|(_, _, shape)| shape.0).collect())
    }
}
