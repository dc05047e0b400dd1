//! What a document says twice: words that stand whole elsewhere and are parted by a break here, and headlines that their
//! articles repeat.

use crate::pass::page::{Line, Page};
use crate::text::chars::is_han;

/// Lines after a headline in which its words are looked for.
const LEAD: usize = 8;

/// Four characters in one number; those outside the basic plane are cut.
fn push(window: u64, c: char) -> u64 {
    window << 16 | u64::from(c as u32 as u16)
}

/// A set of bigrams, hashed into 1024 bits: enough to tell a headline's few from a lead's hundred.
struct Bigrams([u64; 16]);

impl Bigrams {
    fn place(a: char, b: char) -> (usize, u64) {
        let hash = ((a as u32).wrapping_mul(0x9E37_79B1) ^ (b as u32).wrapping_mul(0x85EB_CA77)) >> 22;
        ((hash >> 6) as usize, 1 << (hash & 63))
    }

    fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut bits = [0; 16];
        for text in texts {
            let mut previous = '\0';
            for c in text.chars().take(120) {
                if is_han(c) && is_han(previous) {
                    let (word, bit) = Self::place(previous, c);
                    bits[word] |= bit;
                }
                previous = c;
            }
        }
        Bigrams(bits)
    }

    /// The share of `text`'s bigrams that are in the set, in per cent.
    fn share(&self, text: &str) -> i16 {
        let (mut all, mut known) = (0, 0);
        let mut previous = '\0';
        for c in text.chars().take(60) {
            if is_han(c) && is_han(previous) {
                let (word, bit) = Self::place(previous, c);
                all += 1;
                known += i16::from(self.0[word] & bit != 0);
            }
            previous = c;
        }
        if all == 0 { 0 } else { known * 100 / all }
    }
}

/// How much of line `index` the lines after the next one repeat, in per cent.
pub(super) fn repeated_ahead(page: &Page<'_>, index: usize) -> i16 {
    let lines = &page.lines;
    let ahead = &lines[(index + 2).min(lines.len())..(index + 2 + LEAD).min(lines.len())];
    Bigrams::of(ahead.iter().map(|line| page.text_of(line))).share(page.text_of(&lines[index]))
}

/// For each line, how often the two characters before its end and the two that follow stand together elsewhere.
pub(super) fn repeated_seams(page: &Page<'_>) -> Vec<u8> {
    let lines = &page.lines;
    let mut found = vec![0u8; lines.len()];
    let mut keys: Vec<(u64, u32)> = Vec::with_capacity(lines.len());
    let mut filter = vec![0u64; 1024];
    let place = |key: u64| {
        let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 48;
        ((hash >> 6) as usize, 1u64 << (hash & 63))
    };
    for (index, pair) in lines.windows(2).enumerate() {
        if let Some(key) = seam_key(page, &pair[0], &pair[1]) {
            keys.push((key, index as u32));
            let (word, bit) = place(key);
            filter[word] |= bit;
        }
    }
    keys.sort_unstable();
    for line in lines {
        let mut window = 0u64;
        let mut length = 0;
        for c in page.text_of(line).chars() {
            if !is_han(c) {
                length = 0;
                continue;
            }
            window = push(window, c);
            length += 1;
            let (word, bit) = place(window);
            if length >= 4 && filter[word] & bit != 0 {
                let first = keys.partition_point(|(key, _)| *key < window);
                for (_, index) in keys[first..].iter().take_while(|(key, _)| *key == window).take(64) {
                    let count = &mut found[*index as usize];
                    *count = count.saturating_add(1);
                }
            }
        }
    }
    found
}

fn seam_key(page: &Page<'_>, a: &Line, b: &Line) -> Option<u64> {
    let mut tail = page.text_of(a).chars().rev();
    let mut head = page.text_of(b).chars();
    let (last, before) = (tail.next()?, tail.next()?);
    let (first, after) = (head.next()?, head.next()?);
    let han = [before, last, first, after].into_iter().all(is_han);
    han.then(|| push(push(push(push(0, before), last), first), after))
}
