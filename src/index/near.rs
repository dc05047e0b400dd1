//! Paragraphs and documents that are nearly the same, found by the bands of their sketches.

use super::derive::LATER;
use super::format::{Indexed, LINK, PAIR, SECTIONS, SKETCHED, SKETCHES, Section, field, record, sketch_of};
use super::sketch::{Sketch, alike, bits, keys};
use super::sort::Sorter;
use std::collections::HashSet;
use std::collections::VecDeque;
use std::io::{self, Read};
use std::path::Path;

/// Rows in which two sketches must agree to be kept as near.
const LEAST_ALIKE: u32 = 14;
/// Of the bits of two sketches, so many must agree for them to be looked at.
const LEAST_BITS: u32 = 18;
/// Members of a band's bucket that each later one is compared with: the first, and so many before it.
const BEFORE: usize = 4;
/// Near ones kept for each, the most alike first.
pub(super) const MOST: u32 = 12;

/// Fills the section of near paragraphs. Of paragraphs that are the same only the first is looked at.
pub(super) fn paragraphs(folder: &Path, documents: &mut [Indexed], sections: &mut [Section; SECTIONS.len()]) -> io::Result<()> {
    let count = (sections[SKETCHES].len() / SKETCHED as u64) as u32;
    let mut bands = Bands::new(folder);
    // Links and sketches are both in corpus order: they are read side by side.
    let [_, _, sketches, _, _, _, links, near, _] = sections;
    let links_left = links.len() / LINK as u64;
    let mut link_reader = links.read()?;
    let mut sketch_reader = sketches.read()?;
    let (mut link, mut left) = ([0; LINK], links_left);
    let mut known = false;
    for place in 0..count {
        let mut one = [0; SKETCHED];
        sketch_reader.read_exact(&mut one)?;
        let number = field(&one, 0);
        while left > 0 && (!known || field(&link, 0) < number) {
            link_reader.read_exact(&mut link)?;
            left -= 1;
            known = true;
        }
        let later = known && field(&link, 0) == number && field(&link, 1) & LATER != 0;
        if !later {
            bands.add(place, &sketch_of(&one))?;
        }
    }
    drop((link_reader, sketch_reader));
    let mut pairs = bands.pairs(folder, sketches)?;
    let (mut document, mut written) = (0, 0);
    pairs.each(|number, other, alike| {
        while documents.get(document).is_some_and(|d| d.first <= number) {
            documents[document].near = written;
            document += 1;
        }
        written += 1;
        near.add(&record::<PAIR>(&[number, other, alike]))
    })?;
    documents[document..].iter_mut().for_each(|document| document.near = written);
    Ok(())
}

/// Fills the section of near documents. Of documents that are the same only the first is looked at.
pub(super) fn documents(folder: &Path, documents: &[Indexed], sections: &mut [Section; SECTIONS.len()]) -> io::Result<()> {
    let [_, _, _, sketches, _, _, _, _, near] = sections;
    let count = (sketches.len() / SKETCHED as u64) as u32;
    let mut bands = Bands::new(folder);
    let mut seen = HashSet::new();
    let mut reader = sketches.read()?;
    for place in 0..count {
        let mut one = [0; SKETCHED];
        reader.read_exact(&mut one)?;
        if documents.get(field(&one, 0) as usize).is_some_and(|document| seen.insert(document.skeleton)) {
            bands.add(place, &sketch_of(&one))?;
        }
    }
    drop(reader);
    let mut pairs = bands.pairs(folder, sketches)?;
    pairs.each(|number, other, alike| near.add(&record::<PAIR>(&[number, other, alike])))
}

/// The keys of sketches, to be sorted.
struct Bands {
    sorter: Sorter,
}

impl Bands {
    fn new(folder: &Path) -> Bands {
        Bands { sorter: Sorter::new(folder) }
    }

    /// Adds the sketch that stands at `place` of its section.
    fn add(&mut self, place: u32, sketch: &Sketch) -> io::Result<()> {
        let about = u128::from(place) << 32 | u128::from(bits(sketch));
        keys(sketch).into_iter().try_for_each(|key| self.sorter.push(u128::from(key) << 64 | about))
    }

    /// The pairs that share a key and are alike, read again from `sketches`.
    fn pairs(self, folder: &Path, sketches: &mut Section) -> io::Result<Pairs> {
        let mut found = Sorter::new(folder);
        let mut sorted = self.sorter.sorted()?;
        let (mut key, mut first) = (None, (0, 0));
        let mut before: VecDeque<(u32, u32)> = VecDeque::new();
        while let Some(one) = sorted.next()? {
            let here = ((one >> 32) as u32, one as u32);
            if key != Some(one >> 64) {
                (key, first) = (Some(one >> 64), here);
                before.clear();
            }
            let others = before.iter().chain((before.len() == BEFORE && before[0].0 != first.0).then_some(&first));
            for other in others.filter(|other| (!(other.1 ^ here.1)).count_ones() >= LEAST_BITS) {
                found.push(u128::from(here.0) << 32 | u128::from(other.0))?;
            }
            before.push_back(here);
            if before.len() > BEFORE {
                before.pop_front();
            }
        }
        let mut sorted = found.sorted()?;
        let mut both = Sorter::new(folder);
        let mut last = None;
        let mut later = (None, (0, [0; super::sketch::ROWS]));
        while let Some(pair) = sorted.next()? {
            if last.replace(pair) == Some(pair) {
                continue;
            }
            let mut read =
                |place: u128| sketches.record(place as u32).map(|one: [u8; SKETCHED]| (field(&one, 0), sketch_of(&one)));
            if later.0 != Some(pair >> 32) {
                later = (Some(pair >> 32), read(pair >> 32)?);
            }
            let (earlier, ours) = (read(pair & u128::from(u32::MAX))?, later.1);
            let alike = alike(&earlier.1, &ours.1);
            if alike >= LEAST_ALIKE {
                for (one, other) in [(ours.0, earlier.0), (earlier.0, ours.0)] {
                    both.push(u128::from(one) << 64 | u128::from(u32::MAX - alike) << 32 | u128::from(other))?;
                }
            }
        }
        Ok(Pairs { sorter: Some(both) })
    }
}

/// Pairs that are alike, both ways.
struct Pairs {
    sorter: Option<Sorter>,
}

impl Pairs {
    /// Calls `take` with every one that has near ones, each of them, and the rows in which they agree, the most alike first.
    fn each(&mut self, mut take: impl FnMut(u32, u32, u32) -> io::Result<()>) -> io::Result<()> {
        let Some(sorter) = self.sorter.take() else { return Ok(()) };
        let mut sorted = sorter.sorted()?;
        let (mut of, mut kept) = (None, 0);
        while let Some(pair) = sorted.next()? {
            let (one, alike, other) = ((pair >> 64) as u32, u32::MAX - (pair >> 32) as u32, pair as u32);
            kept = if of.replace(one) == Some(one) { kept + 1 } else { 1 };
            if kept <= MOST {
                take(one, other, alike)?;
            }
        }
        Ok(())
    }
}
