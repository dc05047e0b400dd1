//! By what a finding is known again: its rule, its text and what stands around it, never its place in a file.

use crate::edit::Finding;
use crate::text::Span;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use thiserror::Error;
use xxhash_rust::xxh3::Xxh3;

/// Characters on either side of a finding that are part of its key; blanks and line ends do not count.
const AROUND: usize = 8;

/// How far those characters are looked for, in bytes: endless blanks cost nothing.
const REACH: usize = 512;

/// What a finding is known by: a hash of its rule, its text and the characters around it, and its number among the places of the
/// document that look the same. The name of the document is no part of it: the same text in the same surroundings is the same
/// finding wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The hash.
    pub base: u128,
    /// Which of the places that look the same, from 1.
    pub nth: u32,
}

impl Key {
    /// Enough of it to tell it from others, for people.
    pub fn short(self) -> String {
        let full = self.to_string();
        format!("{}{}", &full[..12], &full[32..])
    }
}

/// A text that is no key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is no key: a key has 32 digits 0-9 and a-f, and `.2` behind them for the second place that looks the same")]
pub struct KeyError(String);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.base)?;
        if self.nth > 1 { write!(f, ".{}", self.nth) } else { Ok(()) }
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Key, KeyError> {
        let wrong = || KeyError(text.to_owned());
        let (base, nth) = text.split_once('.').unwrap_or((text, "1"));
        if base.len() != 32 || !base.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(wrong());
        }
        let nth = nth.parse().ok().filter(|&nth: &u32| nth > 0).ok_or_else(wrong)?;
        Ok(Key { base: u128::from_str_radix(base, 16).map_err(|_| wrong())?, nth })
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Key, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The keys of `findings`, whose spans are those of `text`.
pub fn keys<'f>(text: &str, findings: impl IntoIterator<Item = &'f Finding>) -> Vec<Key> {
    let marks: Vec<Mark> = findings.into_iter().map(|finding| Mark::of(text, finding)).collect();
    number(text, &marks)
}

/// A finding's hash and where it is to be counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub base: u128,
    /// A hash of the characters on either side of its start.
    anchor: u64,
    /// The first character at its start or behind that is no blank.
    at: usize,
}

impl Mark {
    pub fn of(text: &str, finding: &Finding) -> Mark {
        let mut hash = Xxh3::new();
        hash.update(finding.rule.as_bytes());
        for span in finding.target_spans() {
            hash.update(&[0xFF]);
            update(&mut hash, span.of(text));
        }
        let span = finding.span;
        let (before, after) = (before(text, span.start), after(text, span.end));
        for side in [&before, &after] {
            hash.update(&[0xFE]);
            for (_, character) in side {
                hash.update(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        let ahead = if span.is_empty() { after } else { self::after(text, span.start) };
        let mut window = [PAD; WINDOW];
        for (slot, (_, character)) in window[..AROUND].iter_mut().rev().zip(&before) {
            *slot = value(*character);
        }
        for (slot, (_, character)) in window[AROUND..].iter_mut().zip(&ahead) {
            *slot = value(*character);
        }
        let anchor = window.iter().fold(0, |hash: u64, value| hash.wrapping_mul(FACTOR).wrapping_add(*value));
        Mark { base: hash.digest128(), anchor, at: ahead.first().map_or(text.len(), |&(at, _)| at) }
    }
}

/// Adds a text without its blanks and line ends, so that it may be wrapped anew; one that is nothing else as it is.
fn update(hash: &mut Xxh3, text: &str) {
    let mut any = false;
    for part in text.split(char::is_whitespace).filter(|part| !part.is_empty()) {
        hash.update(part.as_bytes());
        any = true;
    }
    if !any {
        text.split('\r').for_each(|part| hash.update(part.as_bytes()));
    }
}

/// The characters before `at` that are no blanks, the nearest first.
fn before(text: &str, at: usize) -> Vec<(usize, char)> {
    let near = text[..at].char_indices().rev().take_while(|&(place, _)| at - place <= REACH);
    near.filter(|(_, character)| !character.is_whitespace()).take(AROUND).collect()
}

/// Those at `at` and behind.
fn after(text: &str, at: usize) -> Vec<(usize, char)> {
    let near =
        text[at..].char_indices().take_while(|&(place, _)| place <= REACH).map(|(place, character)| (at + place, character));
    near.filter(|(_, character)| !character.is_whitespace()).take(AROUND).collect()
}

const WINDOW: usize = 2 * AROUND;
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// What stands before the first and behind the last character.
const PAD: u64 = 1;

fn value(character: char) -> u64 {
    u64::from(character) + 2
}

/// Numbers findings among the places that look the same: that have the same characters on either side, whether anything was found
/// there or not. One pass over the text, whatever their number.
pub(super) fn number(text: &str, marks: &[Mark]) -> Vec<Key> {
    let mut places: HashMap<u64, Vec<usize>> = marks.iter().map(|mark| (mark.anchor, Vec::new())).collect();
    if !places.is_empty() {
        find(text, &mut places);
    }
    let nth =
        |mark: &Mark| 1 + places.get(&mark.anchor).map_or(0, |places| places.partition_point(|&place| place < mark.at)) as u32;
    marks.iter().map(|mark| Key { base: mark.base, nth: nth(mark) }).collect()
}

/// Adds every place of `text` whose anchor is wanted.
fn find(text: &str, places: &mut HashMap<u64, Vec<usize>>) {
    const SIEVE: u32 = 12;
    let slot = |anchor: u64| (anchor.wrapping_mul(FACTOR) >> (64 - SIEVE)) as usize;
    // Most places fall through a table of bits.
    let mut sieve = vec![false; 1 << SIEVE];
    places.keys().for_each(|&anchor| sieve[slot(anchor)] = true);
    let last = (0..WINDOW).fold(1u64, |power, _| power.wrapping_mul(FACTOR));
    let mut window = [(0, PAD); WINDOW];
    let mut anchor = window.iter().fold(0u64, |hash, (_, value)| hash.wrapping_mul(FACTOR).wrapping_add(*value));
    let solid = text.char_indices().filter(|(_, character)| !character.is_whitespace());
    let solid = solid.map(|(at, character)| (at, value(character))).chain(std::iter::repeat_n((text.len(), PAD), AROUND));
    for (step, next) in solid.enumerate() {
        let oldest = std::mem::replace(&mut window[step % WINDOW], next).1;
        anchor = anchor.wrapping_mul(FACTOR).wrapping_add(next.1).wrapping_sub(oldest.wrapping_mul(last));
        // The middle of the window is the place.
        if step + 1 < AROUND || !sieve[slot(anchor)] {
            continue;
        }
        if let Some(places) = places.get_mut(&anchor) {
            places.push(window[(step + 1 - AROUND) % WINDOW].0);
        }
    }
}

/// The characters around a span, for people: as many on either side as the key looks at, or more.
pub fn surroundings(text: &str, span: Span, count: usize) -> (String, String) {
    let side = |characters: Vec<char>| characters.into_iter().collect::<String>();
    let mut left: Vec<char> = text[..span.start].chars().rev().take(count).collect();
    left.reverse();
    (side(left), side(text[span.end..].chars().take(count).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::{Applicability, Evidence, Severity, State};

    fn finding(start: usize, end: usize) -> Finding {
        Finding {
            rule: "a/b".into(),
            severity: Severity::Info,
            applicability: Applicability::Review,
            state: State::Proposed,
            span: Span::new(start, end),
            changes: Vec::new(),
            choices: Vec::new(),
            confidence: 1.0,
            message: "".into(),
            evidence: Evidence::default(),
            shadowed_by: None,
            decision: None,
        }
    }

    fn key(text: &str, what: &str, nth: usize) -> Key {
        let start = text.match_indices(what).nth(nth).unwrap().0;
        keys(text, [&finding(start, start + what.len())])[0]
    }

    const TEXT: &str = "会上县水利局汇报了今年的河道整治情况，河道and河堤由各村巡查，与会人员到现场查看了新修的河堤。";

    #[test]
    fn what_is_further_off_and_how_lines_are_wrapped_does_not_matter() {
        let known = key(TEXT, "and", 0);
        for changed in [
            TEXT.replace("会上", "昨日会上，"),
            TEXT.replace("新修", "旧"),
            TEXT.replace("今年的", "今年的\n"),
            TEXT.replace("河堤由", "河　\r\n\r\n 堤由"),
            format!("第一行\n\n{TEXT}\n"),
        ] {
            assert_eq!(key(&changed, "and", 0), known, "{changed}");
        }
        for changed in [TEXT.replace("，河道", "，水道"), TEXT.replace("由各村", "归各村"), TEXT.replace("and", "or")]
        {
            let what = if changed.contains("and") { "and" } else { "or" };
            assert_ne!(key(&changed, what, 0).base, known.base, "{changed}");
        }
    }

    #[test]
    fn places_that_look_the_same_are_numbered() {
        let text = format!("{TEXT}\n{TEXT}\n{TEXT}");
        let all: Vec<Key> = (0..3).map(|nth| key(&text, "and", nth)).collect();
        assert_eq!(all.iter().map(|key| key.nth).collect::<Vec<_>>(), [1, 2, 3]);
        assert!(all.iter().all(|key| key.base == all[0].base));
        assert_eq!(all[0], key(TEXT, "and", 0));
        let edges = "甲乙甲乙";
        assert_eq!(keys(edges, [&finding(0, 0), &finding(12, 12), &finding(6, 9)]).iter().map(|key| key.nth).max(), Some(1));
        assert_eq!(keys("", [&finding(0, 0)])[0].nth, 1);
    }

    #[test]
    fn a_blank_is_not_a_line_end() {
        let at = |text: &str| keys(text, [&finding(3, text.len() - 3)])[0];
        assert_ne!(at("甲 乙"), at("甲\n乙"));
        assert_eq!(at("甲\n乙"), at("甲\r\n乙"));
        assert_eq!(at("甲丙丁乙"), at("甲丙\n丁乙"));
    }

    #[test]
    fn one_character_for_ever_takes_no_time() {
        for text in ["的".repeat(200_000), " ".repeat(600_000)] {
            let step = text.chars().next().unwrap().len_utf8();
            let findings: Vec<Finding> = (0..2000).map(|n| finding(n * 100 * step, (n * 100 + 1) * step)).collect();
            assert_eq!(keys(&text, &findings).len(), 2000);
        }
    }

    #[test]
    fn keys_are_written_and_read() {
        let key = Key { base: 0xab, nth: 1 };
        assert_eq!(key.to_string(), "000000000000000000000000000000ab");
        for key in [key, Key { nth: 12, ..key }] {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        for wrong in ["", "ab", "000000000000000000000000000000ab.0", "00000000000000000000000000000-ab", "一"] {
            assert!(wrong.parse::<Key>().is_err(), "{wrong}");
        }
    }
}
