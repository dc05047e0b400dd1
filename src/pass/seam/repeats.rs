//! What a document says twice: words that stand whole elsewhere and are parted by a break here, and headlines that their
//! articles repeat.

use super::view::Spot;
use crate::pass::page::{Line, Page};
use crate::text::chars::is_han;
use crate::text::kind::Kind;

/// Lines after a headline's next in which its words are looked for.
const LEAD: usize = 8;
/// Characters of each that are looked at, and of the headline itself.
const LEAD_CHARS: usize = 120;
const HEAD_CHARS: usize = 60;

/// Bits of a bigram's hash: enough to tell a headline's few from a lead's hundred.
const BIGRAM: u32 = 10;

/// Four characters in one number; those outside the basic plane are cut.
fn push(window: u64, c: char) -> u64 {
    window << 16 | u64::from(c as u32 as u16)
}

/// For each line, how often the two characters before its end and the two that follow stand together elsewhere, and how much of
/// it the lines after the next one repeat.
pub(super) fn repeats(page: &Page<'_>, spots: &mut [Spot]) {
    let lines = &page.lines;
    let mut seams = Seams::new(lines.len());
    let seam_of: Vec<u32> =
        (0..lines.len()).map(|index| seams.add(lines.get(index..index + 2).and_then(|p| key(page, p)))).collect();
    let mut bigrams = Bigrams::with_room(lines.len());
    for line in lines {
        let (mut window, mut run, mut previous, mut seen) = (0, 0, '\0', 0);
        for c in page.text_of(line).chars() {
            seen += 1;
            if Kind::is_common(c) || is_han(c) {
                (window, run) = (push(window, c), run + 1);
                if seen <= LEAD_CHARS {
                    if run >= 2 {
                        bigrams.push(previous, c, seen <= HEAD_CHARS);
                    }
                } else if seams.are_none {
                    break;
                }
                if run >= 4 && !seams.are_none {
                    seams.count(window);
                }
            } else {
                run = 0;
            }
            previous = c;
        }
        bigrams.end_line();
    }
    bigrams.fill(spots);
    for (spot, seam) in spots.iter_mut().zip(seam_of) {
        spot.repeated = seams.slots.get(seam as usize).map_or(0, |slot| slot.count);
    }
}

/// The two characters before a break and the two after it.
fn key(page: &Page<'_>, pair: &[Line]) -> Option<u64> {
    let mut tail = page.text_of(&pair[0]).chars().rev();
    let mut head = page.text_of(&pair[1]).chars();
    let (last, first) = (tail.next()?, head.next()?);
    if !is_han(last) || !is_han(first) {
        return None;
    }
    let (before, after) = (tail.next()?, head.next()?);
    (is_han(before) && is_han(after)).then(|| push(push(push(push(0, before), last), first), after))
}

/// Four characters that stand around some breaks.
#[derive(Clone, Copy, Default)]
struct Slot {
    key: u64,
    /// Breaks that have them, up to [`MEMBERS`].
    members: u8,
    /// How often they stand in a line.
    count: u8,
}

/// Breaks of one key that are told how often it stands elsewhere; more of them are a list or a refrain.
const MEMBERS: u8 = 64;

/// A hash table of what stands around breaks, behind a filter that most of a text does not pass.
struct Seams {
    filter: Vec<u64>,
    slots: Vec<Slot>,
    shift: u32,
    are_none: bool,
}

impl Seams {
    fn new(lines: usize) -> Seams {
        let size = (lines * 2).next_power_of_two().max(64);
        Seams { filter: vec![0; size / 8], slots: vec![Slot::default(); size], shift: 64 - size.trailing_zeros(), are_none: true }
    }

    fn hash(key: u64) -> u64 {
        key.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    /// The word and bit of the filter that a hash owns: eight bits a slot.
    #[inline]
    fn gate(&self, hash: u64) -> (usize, u64) {
        let bit = hash >> (self.shift - 3);
        ((bit >> 6) as usize, 1 << (bit & 63))
    }

    /// The slot that holds `key`, or would.
    fn place(&self, key: u64) -> usize {
        let mut at = (Self::hash(key) >> self.shift) as usize;
        while self.slots[at].members > 0 && self.slots[at].key != key {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    /// Adds a break, and returns its slot, or a number beyond all if it has none.
    fn add(&mut self, key: Option<u64>) -> u32 {
        let Some(key) = key else { return u32::MAX };
        self.are_none = false;
        let (word, bit) = self.gate(Self::hash(key));
        self.filter[word] |= bit;
        let at = self.place(key);
        let slot = &mut self.slots[at];
        if slot.members == MEMBERS {
            return u32::MAX;
        }
        (slot.key, slot.members) = (key, slot.members + 1);
        at as u32
    }

    /// Takes note of four characters in a line.
    #[inline]
    fn count(&mut self, key: u64) {
        let (word, bit) = self.gate(Self::hash(key));
        if self.filter[word] & bit != 0 {
            let at = self.place(key);
            self.slots[at].count = self.slots[at].count.saturating_add(1);
        }
    }
}

/// The pairs of Han characters of all lines, hashed.
struct Bigrams {
    hashes: Vec<u16>,
    /// For each line, where its pairs end, and where those of its first characters do.
    ends: Vec<(u32, u32)>,
    head: usize,
}

impl Bigrams {
    fn with_room(lines: usize) -> Bigrams {
        Bigrams { hashes: Vec::with_capacity(lines * 16), ends: Vec::with_capacity(lines), head: 0 }
    }

    #[inline]
    fn push(&mut self, a: char, b: char, head: bool) {
        let hash = (a as u32).wrapping_mul(0x9E37_79B1) ^ (b as u32).wrapping_mul(0x85EB_CA77);
        self.hashes.push((hash >> (u32::BITS - BIGRAM)) as u16);
        self.head += usize::from(head);
    }

    fn end_line(&mut self) {
        let start = self.ends.last().map_or(0, |end| end.0);
        self.ends.push((self.hashes.len() as u32, start + self.head as u32));
        self.head = 0;
    }

    /// The pairs of a line, all and those of its first characters.
    fn of(&self, index: usize) -> (&[u16], &[u16]) {
        let start = if index == 0 { 0 } else { self.ends[index - 1].0 as usize };
        let (end, head) = self.ends[index];
        (&self.hashes[start..end as usize], &self.hashes[start..head as usize])
    }

    /// Slides along the lines with a count of the pairs in the lines ahead.
    fn fill(&self, spots: &mut [Spot]) {
        let mut counts = [0u16; 1 << BIGRAM];
        let lines = spots.len();
        (2..lines.min(2 + LEAD - 1)).for_each(|ahead| self.of(ahead).0.iter().for_each(|&pair| counts[usize::from(pair)] += 1));
        for (index, spot) in spots.iter_mut().enumerate() {
            if index > 0 && index + 1 < lines {
                self.of(index + 1).0.iter().for_each(|&pair| counts[usize::from(pair)] -= 1);
            }
            if index + 1 + LEAD < lines {
                self.of(index + 1 + LEAD).0.iter().for_each(|&pair| counts[usize::from(pair)] += 1);
            }
            let own = self.of(index).1;
            let known = own.iter().filter(|&&pair| counts[usize::from(pair)] > 0).count();
            spot.repeated_ahead = if own.is_empty() { 0 } else { (known * 100 / own.len()) as u8 };
        }
    }
}
