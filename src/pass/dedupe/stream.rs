//! What of a page is compared: the letters, digits and Han of its lines, one line after another.

use crate::pass::alike::{counts, fold};
use crate::pass::page::{End, Page};
use crate::text::chars::is_han;
use crate::text::kind::Kind;
use std::collections::HashSet;
use std::ops::Range;

/// The characters of a page that count, with where its lines are among them. Lines of mark-up and of little Han have none.
pub(super) struct Stream {
    pub chars: Vec<char>,
    /// Where each line begins, and where the last one ends.
    starts: Vec<u32>,
    /// Lines that may be copies by themselves, with a hash of all their characters.
    units: Vec<(u64, u32)>,
    /// Lines that stand in three places or more. What follows itself is a loop, and one place.
    often: HashSet<usize>,
    /// Sampled sequences with where they begin.
    seeds: Vec<Seed>,
}

/// A sequence of [`SHINGLE`] characters: its hash, and where it begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Seed {
    hash: u32,
    at: u32,
}

/// Two lines that may hold the same text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub earlier: usize,
    pub later: usize,
    /// Characters that stand in both, where they may be the same text.
    pub at: (usize, usize),
    /// Sampled sequences that they share.
    shared: usize,
    /// All their characters are the same.
    same: bool,
}

/// Characters of the sequences by which candidates are found.
const SHINGLE: usize = 5;
/// A sequence that stands in more places says nothing.
const COMMONEST: usize = 12;
/// Earlier places that one sequence is paired with.
const MOST_EARLIER: usize = 4;
/// Earlier lines that one line is compared with.
const MOST_CANDIDATES: usize = 4;
/// Bits of a sequence's hash that one character fills.
const CHARACTER: u32 = 12;
const SEQUENCE: u64 = (1 << (CHARACTER * SHINGLE as u32)) - 1;
/// Spreads what differs over all bits.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

impl Stream {
    /// Reads a page. Lines shorter than `least` are never copies by themselves, nor are those shorter than `announcing` that end
    /// with a colon.
    pub fn of(page: &Page<'_>, least: usize, announcing: usize) -> Stream {
        let mut stream = Stream {
            chars: Vec::with_capacity(page.text.len() / '一'.len_utf8()),
            starts: Vec::with_capacity(page.lines.len() + 1),
            units: Vec::new(),
            often: HashSet::new(),
            seeds: Vec::new(),
        };
        for (index, line) in page.lines.iter().enumerate() {
            let start = stream.chars.len();
            stream.starts.push(start as u32);
            if line.markup {
                continue;
            }
            let mut han = 0;
            for c in page.text_of(line).chars() {
                if Kind::is_common(c) {
                    stream.chars.push(c);
                    han += 1;
                } else if counts(c) {
                    stream.chars.push(fold(c));
                    han += usize::from(is_han(c));
                }
            }
            let length = stream.chars.len() - start;
            if han * 2 < length {
                stream.chars.truncate(start);
            } else if length >= if line.end == End::Colon { announcing } else { least } && !line.byline {
                stream.sample(start, index);
            }
        }
        stream.starts.push(stream.chars.len() as u32);
        stream
    }

    /// Takes every other sequence of the last line, by its hash, so that the same are taken everywhere.
    fn sample(&mut self, start: usize, index: usize) {
        let (mut key, mut whole) = (0, 0u64);
        for (at, &c) in self.chars.iter().enumerate().skip(start) {
            let code = u64::from(c);
            key = (key << CHARACTER ^ (code ^ code >> 7)) & SEQUENCE;
            whole = (whole.rotate_left(5) ^ code).wrapping_mul(SPREAD);
            let hash = key.wrapping_mul(SPREAD) >> 31;
            if hash & 1 == 0 && at + 1 >= start + SHINGLE {
                self.seeds.push(Seed { hash: (hash >> 1) as u32, at: (at + 1 - SHINGLE) as u32 });
            }
        }
        self.units.push((whole, index as u32));
    }

    /// Whether a line stands in three places or more, word for word.
    pub fn stands_often(&self, line: usize) -> bool {
        self.often.contains(&line)
    }

    /// Where the characters of a line are.
    pub fn line(&self, index: usize) -> Range<usize> {
        self.starts[index] as usize..self.starts[index + 1] as usize
    }

    /// The line that a character stands in.
    pub fn line_at(&self, at: usize) -> usize {
        self.starts.partition_point(|&start| start as usize <= at).saturating_sub(1)
    }

    /// Whether a line begins or ends at `at`.
    pub fn is_border(&self, at: usize) -> bool {
        self.starts.binary_search(&(at as u32)).is_ok()
    }

    /// Lines that may hold the same text: of each its most promising companions, in the order of the later ones.
    pub fn candidates(&mut self) -> Vec<Candidate> {
        let mut candidates = self.same();
        let seeds = self.repeated();
        let mut pairs: Vec<(u64, u32, u32)> = Vec::new();
        for places in seeds.chunk_by(|a, b| a.hash == b.hash).filter(|places| (2..=COMMONEST).contains(&places.len())) {
            for (n, later) in places.iter().enumerate().skip(1) {
                let line = self.line_at(later.at as usize);
                for earlier in &places[n.saturating_sub(MOST_EARLIER)..n] {
                    let other = self.line_at(earlier.at as usize);
                    if other != line {
                        pairs.push(((line as u64) << 32 | other as u64, later.at - earlier.at, later.at));
                    }
                }
            }
        }
        pairs.sort_unstable();
        for of_two in pairs.chunk_by(|a, b| a.0 == b.0) {
            let (later, earlier) = ((of_two[0].0 >> 32) as usize, (of_two[0].0 & 0xFFFF_FFFF) as usize);
            let windows = self.line(later).len().min(self.line(earlier).len()).saturating_sub(SHINGLE - 1);
            if of_two.len() * 10 >= windows {
                let (_, apart, at) = of_two[of_two.len() / 2];
                let at = ((at - apart) as usize, at as usize);
                candidates.push(Candidate { earlier, later, at, shared: of_two.len(), same: false });
            }
        }
        candidates.sort_by_key(|c| (c.later, !c.same, usize::MAX - c.shared, usize::MAX - c.earlier));
        let mut taken = (usize::MAX, 0);
        candidates.retain(|c| {
            taken = if taken.0 == c.later { (taken.0, taken.1 + 1) } else { (c.later, 1) };
            taken.1 <= MOST_CANDIDATES
        });
        candidates
    }

    /// Whether the document repeats itself by intent, as manuals do from one entry to the next: of a hundred lines one, and more than
    /// two, are the same as one more than `near` lines before. What stands twice in a run is one copy.
    pub fn repeats(&self, candidates: &[Candidate], near: usize) -> bool {
        let far = |c: &&Candidate| c.same && c.later - c.earlier > near;
        let runs: HashSet<(usize, usize)> = candidates.iter().filter(far).map(|c| (c.later, c.earlier)).collect();
        let echoes = runs.iter().filter(|&&(later, earlier)| earlier == 0 || !runs.contains(&(later - 1, earlier - 1))).count();
        echoes > 2 && echoes * 100 > self.units.len()
    }

    /// Lines that are the same as an earlier one: each with the first.
    fn same(&mut self) -> Vec<Candidate> {
        self.units.sort_unstable();
        let places = |group: &[(u64, u32)]| 1 + group.windows(2).filter(|two| two[1].1 > two[0].1 + 1).count();
        let often = self.units.chunk_by(|a, b| a.0 == b.0).filter(|group| places(group) > 2);
        self.often = often.flatten().map(|unit| unit.1 as usize).collect();
        let groups = self.units.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
        let pair = |earlier: u32, later: u32| {
            let [first, second] = [earlier, later].map(|line| self.line(line as usize));
            let same = self.chars[first.clone()] == self.chars[second.clone()];
            let at = (first.start, second.start);
            same.then_some(Candidate { earlier: earlier as usize, later: later as usize, at, shared: second.len(), same })
        };
        groups.flat_map(|group| group[1..].iter().filter_map(move |later| pair(group[0].1, later.1))).collect()
    }

    /// The seeds that stand more than once, by their hashes. Two bits a place tell which may, so that few are sorted.
    fn repeated(&mut self) -> Vec<Seed> {
        let bits = (self.seeds.len() * 8).next_power_of_two().max(64);
        let mut seen = vec![0u64; bits / 64];
        let mut again = vec![0u64; bits / 64];
        for seed in &self.seeds {
            let place = seed.hash as usize & (bits - 1);
            let (word, bit) = (place / 64, 1 << (place % 64));
            again[word] |= seen[word] & bit;
            seen[word] |= bit;
        }
        let twice = |seed: &Seed| {
            let place = seed.hash as usize & (bits - 1);
            again[place / 64] & 1 << (place % 64) != 0
        };
        let mut seeds: Vec<Seed> = std::mem::take(&mut self.seeds).into_iter().filter(twice).collect();
        seeds.sort_unstable();
        seeds
    }
}
