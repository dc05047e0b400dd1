//! Runs of words that come again, and runs of characters.

use super::fixed::Ratio;
use crate::text::Span;
use std::collections::HashMap;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// The sizes of runs that are asked for by their commonest one.
pub const TOP: [usize; 3] = [2, 3, 4];
/// The sizes of runs of which all that come again count.
pub const AGAIN: [usize; 6] = [5, 6, 7, 8, 9, 10];

/// How much of a text runs of words are that come again, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GramMeasures {
    /// What the commonest run of two, three and four words comes to, a blank between words; none where the text is shorter.
    pub top: [Option<Ratio>; 3],
    /// What runs of five to ten words come to that stood before.
    pub again: [Ratio; 6],
}

/// Hashes are modulo this prime, so that what one is made of can be told from another's by subtraction.
const PRIME: u64 = (1 << 61) - 1;
/// A number below it, and what takes its place in division.
const BASE: u64 = 1_152_921_504_606_846_883;

fn times(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let sum = (product as u64 & PRIME) + (product >> 61) as u64;
    if sum >= PRIME { sum - PRIME } else { sum }
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut result, mut square) = (1, base);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = times(result, square);
        }
        square = times(square, square);
        exponent >>= 1;
    }
    result
}

/// Hashes of runs of words: equal where the words put together are, wherever one ends and the next begins.
struct Hashes {
    /// Of all words before each.
    before: Vec<u64>,
    /// What a hash of what begins there is multiplied with.
    scale: Vec<u64>,
    /// Characters before each.
    offsets: Vec<u64>,
}

impl Hashes {
    fn of(text: &str, words: &[Span]) -> Hashes {
        let inverse = power(BASE, PRIME - 2);
        let (mut sum, mut factor, mut scale, mut offset) = (0, 1, 1, 0);
        let capacity = words.len() + 1;
        let mut hashes = Hashes {
            before: Vec::with_capacity(capacity),
            scale: Vec::with_capacity(capacity),
            offsets: Vec::with_capacity(capacity),
        };
        for word in words {
            hashes.push(sum, scale, offset);
            for c in word.of(text).chars() {
                sum += times(u64::from(c as u32) + 1, factor);
                sum -= if sum >= PRIME { PRIME } else { 0 };
                factor = times(factor, BASE);
                scale = times(scale, inverse);
                offset += 1;
            }
        }
        hashes.push(sum, scale, offset);
        hashes
    }

    fn push(&mut self, sum: u64, scale: u64, offset: u64) {
        self.before.push(sum);
        self.scale.push(scale);
        self.offsets.push(offset);
    }

    fn len(&self) -> usize {
        self.before.len() - 1
    }

    /// The hash of `size` words from `start`.
    fn run(&self, start: usize, size: usize) -> u64 {
        let difference = (self.before[start + size] + PRIME - self.before[start]) % PRIME;
        times(difference, self.scale[start])
    }

    /// Their characters.
    fn characters(&self, start: usize, size: usize) -> u64 {
        self.offsets[start + size] - self.offsets[start]
    }
}

/// Takes hashes for what they are.
#[derive(Default)]
struct Taken(u64);

impl Hasher for Taken {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxhash_rust::xxh3::xxh3_64(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

type ByHash<T> = HashMap<u64, T, BuildHasherDefault<Taken>>;
type Hashed = HashSet<u64, BuildHasherDefault<Taken>>;

/// Tells which hashes came more than once. It may take one for such that did not, never the other way round.
struct Twice {
    once: Vec<u64>,
    twice: Vec<u64>,
    mask: u64,
}

impl Twice {
    fn of(hashes: impl Iterator<Item = u64>, count: usize) -> Twice {
        let bits = (count.max(8) * 8).next_power_of_two();
        let mut found = Twice { once: vec![0; bits / 64], twice: vec![0; bits / 64], mask: bits as u64 - 1 };
        for hash in hashes {
            let (index, bit) = found.place(hash);
            found.twice[index] |= found.once[index] & bit;
            found.once[index] |= bit;
        }
        found
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let place = (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20) & self.mask;
        ((place / 64) as usize, 1 << (place % 64))
    }

    fn may_hold(&self, hash: u64) -> bool {
        let (index, bit) = self.place(hash);
        self.twice[index] & bit != 0
    }
}

impl GramMeasures {
    /// Counts them in `text`, which has so many `characters`.
    pub fn of(text: &str, words: &[Span], characters: u64) -> GramMeasures {
        let hashes = Hashes::of(text, words);
        let mut found = GramMeasures::default();
        for (ratio, size) in found.top.iter_mut().zip(TOP) {
            *ratio = top(&hashes, size).map(|top| Ratio::new(top, characters));
        }
        let first = AGAIN[0];
        let starts = (hashes.len() + 1).saturating_sub(first);
        let twice = Twice::of((0..starts).map(|start| hashes.run(start, first)), starts);
        // Where a longer run comes again, so does what it begins with.
        let candidates: Vec<bool> = (0..starts).map(|start| twice.may_hold(hashes.run(start, first))).collect();
        for (ratio, size) in found.again.iter_mut().zip(AGAIN) {
            *ratio = Ratio::new(again(&hashes, size, &candidates), characters);
        }
        found
    }
}

/// The characters of the commonest run of `size` words, times its count: of several the first, a blank between words.
fn top(hashes: &Hashes, size: usize) -> Option<u64> {
    let starts = (hashes.len() + 1).checked_sub(size).filter(|&starts| starts > 0)?;
    // Where words end makes a difference here.
    let key = |start: usize| {
        let parts = (0..size).map(|word| hashes.run(start + word, 1));
        parts.fold(0, |key: u64, part| times(key, BASE) ^ part)
    };
    let twice = Twice::of((0..starts).map(key), starts);
    let mut counts: ByHash<(u64, usize)> = ByHash::default();
    for start in 0..starts {
        let key = key(start);
        if twice.may_hold(key) {
            counts.entry(key).or_insert((0, start)).0 += 1;
        }
    }
    let most = counts.values().copied().max_by_key(|&(count, start)| (count, std::cmp::Reverse(start)));
    let (count, start) = most.filter(|&(count, _)| count > 1).unwrap_or((1, 0));
    Some((hashes.characters(start, size) + size as u64 - 1) * count)
}

/// The characters of runs of `size` words that stood before. What is counted is passed over.
fn again(hashes: &Hashes, size: usize, candidates: &[bool]) -> u64 {
    let mut seen = Hashed::default();
    let (mut at, mut characters) = (0, 0);
    while at + size <= hashes.len() {
        if candidates[at] && !seen.insert(hashes.run(at, size)) {
            characters += hashes.characters(at, size);
            at += size;
        } else {
            at += 1;
        }
    }
    characters
}

/// Han characters of a run that is looked for again.
const WINDOW: usize = 16;

/// Of the Han characters of `text`, those that stand in a run of sixteen that stood before, whatever stands between them.
pub fn repeated_han(text: &str) -> Ratio {
    let han: Vec<u32> = text.chars().filter(|&c| crate::text::chars::is_han(c)).map(|c| c as u32).collect();
    let count = han.len() as u64;
    let Some(starts) = (han.len() + 1).checked_sub(WINDOW).filter(|&starts| starts > 0) else { return Ratio::new(0, count) };
    let leaving = power(BASE, WINDOW as u64 - 1);
    let rolling = || {
        let mut hash = 0;
        let han = &han;
        (0..starts).map(move |start| {
            let push = |hash, c: u32| (times(hash, BASE) + u64::from(c)) % PRIME;
            if start == 0 {
                hash = han[..WINDOW].iter().fold(0, |hash, &c| push(hash, c));
            } else {
                let gone = times(u64::from(han[start - 1]), leaving);
                hash = push((hash + PRIME - gone) % PRIME, han[start + WINDOW - 1]);
            }
            hash
        })
    };
    let twice = Twice::of(rolling(), starts);
    let mut seen = Hashed::default();
    let (mut covered, mut reach) = (0, 0);
    for (start, hash) in rolling().enumerate() {
        if twice.may_hold(hash) && !seen.insert(hash) {
            covered += (start + WINDOW).saturating_sub(reach.max(start)) as u64;
            reach = start + WINDOW;
        }
    }
    Ratio::new(covered, count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A word for every character.
    fn measured(text: &str) -> GramMeasures {
        let words: Vec<Span> = text.char_indices().map(|(at, c)| Span::new(at, at + c.len_utf8())).collect();
        GramMeasures::of(text, &words, words.len() as u64)
    }

    #[test]
    fn runs_are_counted() {
        let found = measured("甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸");
        assert_eq!(found.again[0], Ratio::new(10, 20));
        assert_eq!(found.again[1], Ratio::new(6, 20), "four are left, too few for another run of six");
        assert_eq!(found.again[5], Ratio::new(10, 20));
        assert_eq!(found.top[0], Some(Ratio::new(6, 20)), "甲乙 twice, with its blank");
        let found = measured("甲乙丙");
        assert_eq!((found.top, found.again[0].part), ([Some(Ratio::new(3, 3)), Some(Ratio::new(5, 3)), None], 0));
        assert_eq!(measured("").top, [None; 3]);
    }

    #[test]
    fn one_character_all_over_is_no_hardship() {
        let found = measured(&"啊".repeat(100_000));
        assert!(found.again.iter().all(|ratio| ratio.exceeds(super::super::Fixed::raw(9900))), "{found:?}");
        assert_eq!(repeated_han(&"啊".repeat(100_000)), Ratio::new(99_999, 100_000));
    }

    #[test]
    fn runs_of_characters_are_found_whatever_stands_between() {
        let run = "春夏秋冬东西南北金木水火土日月星";
        assert_eq!(repeated_han(&format!("{run}。山，{}", run.replace("金", "\n金"))), Ratio::new(16, 33));
        assert_eq!(repeated_han(run), Ratio::new(0, 16));
        assert_eq!(repeated_han("短"), Ratio::new(0, 1));
    }
}
