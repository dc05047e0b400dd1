//! From counts to weights, in eighths of a bit.
//!
//! Words that were counted say how characters stand within words, and how often a character ends a word and another begins one:
//! what is expected of two characters of which no text is at hand. Text then says more: what it shows is weighed against that
//! expectation, as if that had been seen in a text of its own where the pair would stand by chance a given number of times.

use super::count::{Counts, Seen};
use super::file::{Contents, Nature};
use crate::text::chars::is_han;
use std::collections::BTreeSet;

/// How many pairs by chance the expectation from words is worth, as a power of two, when text has fewer pairs than expected.
/// What text is at hand is of few kinds: that it lacks a pair says little of others.
const PAIR_PRIOR: i32 = 4;

/// The same when text has more pairs than expected.
const SEEN_PRIOR: f64 = 1.0;

/// A list of words with fewer characters, counted as often as its words were, is no picture of the language: only its words and
/// the pairs in them count, and each character is taken for so common in a hundred million.
const SMALL_LIST: u64 = 10_000_000;
const COMMON_COUNT: f64 = 30_000.0;
const LANGUAGE: u64 = 100_000_000;

/// The same for dictionaries against no knowledge at all.
const WORD_PRIOR: f64 = 0.05;

/// How many paragraphs that a character begins by chance are worth what words say of it; the same for two characters.
const EDGE_PRIOR: [f64; 2] = [4.0, 2.0];

/// A character is expected to begin and end words as it was counted to, once it was counted so often.
const KNOWN: f64 = 20.0;

/// Weights nearer than this to what is expected without them are not worth their place.
const WORTH: i16 = 4;

/// Weights at the edges of paragraphs go no further: what is out of the question need not be told apart.
const EDGE_LIMIT: i8 = 64;

/// A character that no text has.
const UNSEEN: i8 = -100;

/// What is expected of a pair that was seen in no text and in no word.
pub(super) fn unseen(left: Nature, right: Nature) -> i16 {
    /// Eight times the logarithm of 1 + 2^(n/8), for n from -32 to 32.
    const SOFT: [i8; 65] = [
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11,
        12, 13, 13, 14, 15, 15, 16, 17, 18, 19, 19, 20, 21, 22, 23, 24, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
    ];
    let expected = i16::from(left.leads) + i16::from(right.follows);
    let missed = i16::from(left.common) + i16::from(right.common) - 8 * PAIR_PRIOR as i16;
    let missed = match missed {
        i16::MIN..=-33 => 0,
        -32..=32 => i16::from(SOFT[(missed + 32) as usize]),
        33.. => missed,
    };
    (expected.min(0) - missed).max(-127)
}

fn eighths(ratio: f64) -> i8 {
    (8.0 * ratio.log2()).round().clamp(-127.0, 127.0) as i8
}

/// Everything of a lexicon but its words.
pub(super) fn weigh(counts: &Counts) -> Contents {
    let (words, text) = (&counts.in_words, &counts.in_text);
    let known: BTreeSet<char> = words.characters.keys().chain(text.characters.keys()).copied().collect();
    // How many words there are to a character.
    let small = words.total < SMALL_LIST;
    let rate = if small { 0.0 } else { words.words as f64 / words.total as f64 };
    let in_words = |c: char| words.characters.get(&c).copied().unwrap_or_default().map(|count| count as f64);
    let in_text = |c: char| text.characters.get(&c).copied().unwrap_or_default();
    let share = text.paragraphs as f64 / text.in_paragraphs.max(1) as f64;
    // How much more often a character begins (1) or ends (2) words than any.
    let edge = |c: char, which: usize| {
        let counts = in_words(c);
        if small { 1.0 } else { (counts[which] + KNOWN * rate) / (counts[0] + KNOWN) / rate }
    };
    let at_edge = |seen: u32, anywhere: u32, prior: f64, worth: f64| {
        eighths((f64::from(seen) + worth * prior) / (f64::from(anywhere) * share + worth)).clamp(-EDGE_LIMIT, EDGE_LIMIT)
    };
    let nature = |c: char| {
        let (seen, enough) = (in_text(c), !small && in_words(c)[0] >= KNOWN);
        let fold = rate.sqrt();
        let at_edge = |seen_there, which| at_edge(seen_there, seen.in_paragraphs, edge(c, which), EDGE_PRIOR[0]);
        Nature {
            common: match seen.anywhere {
                0 => UNSEEN,
                count => eighths(f64::from(count) / (text.total as f64).sqrt()).max(UNSEEN),
            },
            leads: if enough { eighths(edge(c, 2) * fold) } else { 0 },
            follows: if enough { eighths(edge(c, 1) * fold) } else { 0 },
            opens: at_edge(seen.first, 1),
            closes: at_edge(seen.last, 2),
        }
    };
    let characters: Vec<(char, Nature)> = known.into_iter().map(|c| (c, nature(c))).collect();
    let natures: std::collections::HashMap<char, Nature> = characters.iter().copied().collect();

    let together: BTreeSet<(char, char)> = words.pairs.keys().chain(text.pairs.keys()).copied().collect();
    let mut pairs: [Vec<(char, char, i8)>; 3] = Default::default();
    for (left, right) in together {
        let seen = text.pairs.get(&(left, right)).copied().unwrap_or_default();
        let mut add = |kind: usize, weight: i8, without: i16| {
            if (i16::from(weight) - without).abs() >= WORTH {
                pairs[kind].push((left, right, weight));
            }
        };
        if is_han(left) && is_han(right) {
            let within = words.pairs.get(&(left, right)).copied().unwrap_or(0) as f64;
            let [a, b] = [left, right].map(in_words);
            let (across, by_chance) = match small {
                true => (0.0, a[0].max(COMMON_COUNT) * b[0].max(COMMON_COUNT) / LANGUAGE as f64),
                false => (a[2] * b[1] / words.words as f64, a[0] * b[0] / words.total as f64),
            };
            let prior = (within + across + WORD_PRIOR) / (by_chance + WORD_PRIOR);
            let prior = if small { prior.max(1.0) } else { prior };
            let by_chance = f64::from(in_text(left).anywhere) * f64::from(in_text(right).anywhere) / text.total.max(1) as f64;
            let more = f64::from(seen.anywhere) > by_chance * prior;
            let worth = if more { SEEN_PRIOR } else { 2_f64.powi(PAIR_PRIOR) };
            if within > 0.0 || seen.anywhere >= 2 || by_chance >= 2.0 {
                let weight = eighths((f64::from(seen.anywhere) + worth * prior) / (by_chance + worth));
                add(0, weight, unseen(natures[&left], natures[&right]));
            }
        }
        let edges = [(seen.first, natures.get(&left).map(|n| n.opens)), (seen.last, natures.get(&right).map(|n| n.closes))];
        for (kind, (there, alone)) in edges.into_iter().enumerate() {
            let Some(alone) = alone.filter(|_| worth_telling(seen, there, share)) else { continue };
            let prior = 2_f64.powf(f64::from(alone) / 8.0);
            add(kind + 1, at_edge(there, seen.in_paragraphs, prior, EDGE_PRIOR[1]), alone.into());
        }
    }
    Contents { words: Vec::new(), characters, pairs }
}

/// Whether two characters were seen often enough to tell something of where they stand.
fn worth_telling(seen: Seen, there: u32, share: f64) -> bool {
    there >= 2 || f64::from(seen.in_paragraphs) * share >= 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_seen_is_the_less_likely_the_more_often_it_could_have_been() {
        let nature = |common, leads, follows| Nature { common, leads, follows, ..Nature::default() };
        let mut last = 1;
        for common in UNSEEN..=40 {
            let now = unseen(nature(common, 0, 0), nature(common, 0, 0));
            assert!(now <= last && now >= -127, "{common}: {now} after {last}");
            last = now;
        }
        assert_eq!(unseen(nature(UNSEEN, 0, 0), nature(UNSEEN, 0, 0)), 0);
        assert_eq!(unseen(nature(UNSEEN, 5, 0), nature(UNSEEN, 5, 0)), 0);
        assert_eq!(unseen(nature(UNSEEN, -50, 0), nature(UNSEEN, 0, -20)), -70);
        assert_eq!(unseen(nature(i8::MAX, i8::MIN, 0), nature(i8::MAX, 0, i8::MIN)), -127);
        assert_eq!(eighths(1024.0), 80);
        assert_eq!(eighths(0.0), -127);
    }
}
