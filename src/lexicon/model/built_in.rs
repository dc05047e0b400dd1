//! The built-in model and its file, which docs/model.md describes.

use super::{BIT, EDGE, Grams, Model, NEIGHBOURS};
use crate::lexicon::crc32;
use std::collections::HashMap;

/// Derived from works that NOTICE names.
static BUILT_IN: &[u8] = include_bytes!("builtin.model");

const MAGIC: &str = "jiaokan-model version=1 bytes=";

/// A quarter of a bit, the unit of the file.
const UNIT: i32 = BIT / 4;

/// Marks a pair that more is said of.
const MORE: u8 = 0x80;

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    fn number(&mut self) -> Option<usize> {
        let mut number = 0;
        for shift in (0..28).step_by(7) {
            let byte = self.byte()?;
            number |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn character(&mut self) -> Option<char> {
        let length = match self.0.first()? {
            0..=0x7F => 1,
            0xC0..=0xDF => 2,
            0xE0..=0xEF => 3,
            _ => 4,
        };
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(bytes).ok()?.chars().next()
    }
}

/// Reads the built-in model.
pub(super) fn read() -> Option<Model> {
    let end = BUILT_IN.iter().position(|&byte| byte == b'\n')?;
    let line = std::str::from_utf8(&BUILT_IN[..end]).ok()?.strip_prefix(MAGIC)?;
    let (bytes, sum) = line.split_once(" crc32=")?;
    let body = &BUILT_IN[end + 1..];
    if bytes.parse() != Ok(body.len()) || u32::from_str_radix(sum, 16) != Ok(crc32(body)) {
        return None;
    }
    let (compact, after, before) = parse(body)?;
    Some(Model { order: 3, grams: Grams::Compact(compact), after, before })
}

/// Pairs and triples of characters, by the numbers of the characters, in rows that are searched by halves.
pub(super) struct Compact {
    /// The number of each character of the basic plane; 0 for those that have none.
    numbers: Vec<u16>,
    /// By number: cost, what passing it over costs, and where its pairs begin. Costs are in quarters of a bit.
    costs: Vec<(u8, u8)>,
    rows: Vec<u32>,
    /// The second characters of pairs with their costs, what passing costs, and where their triples begin.
    seconds: Vec<u16>,
    pair_costs: Vec<(u8, i8)>,
    triples: Vec<u32>,
    thirds: Vec<u16>,
    triple_costs: Vec<u8>,
}

impl Compact {
    fn number(&self, c: char) -> u16 {
        self.numbers.get(c as usize).copied().unwrap_or(0)
    }

    fn pair(&self, first: u16, second: u16) -> Option<usize> {
        let (from, to) = (self.rows[usize::from(first)] as usize, self.rows[usize::from(first) + 1] as usize);
        self.seconds[from..to].binary_search(&second).ok().map(|at| from + at)
    }

    /// What a character costs after those before it, of which it looks at two; none for a character that it does not know.
    pub fn cost(&self, history: &[char], c: char) -> Option<i32> {
        let third = self.number(c);
        if third == 0 {
            return None;
        }
        let (mut passed, mut first) = (0, 0);
        if let [.., a, b] = *history {
            first = self.number(b);
            if let Some(pair) = self.pair(self.number(a), first) {
                let (from, to) = (self.triples[pair] as usize, self.triples[pair + 1] as usize);
                if let Ok(at) = self.thirds[from..to].binary_search(&third) {
                    return Some(i32::from(self.triple_costs[from + at]) * UNIT);
                }
                passed = i32::from(self.pair_costs[pair].1);
            }
        } else if let [b] = *history {
            first = self.number(b);
        }
        if first != 0 {
            if let Some(pair) = self.pair(first, third) {
                return Some((passed + i32::from(self.pair_costs[pair].0)) * UNIT);
            }
            passed += i32::from(self.costs[usize::from(first)].1);
        }
        Some((passed + i32::from(self.costs[usize::from(third)].0)) * UNIT)
    }

    pub fn len(&self) -> usize {
        self.costs.len() - 1 + self.seconds.len() + self.thirds.len()
    }
}

/// What is read of the file: the n-grams, and what often follows and precedes each character.
type Read = (Compact, HashMap<char, Vec<char>>, HashMap<char, Vec<char>>);

fn parse(body: &[u8]) -> Option<Read> {
    let mut reader = Reader(body);
    let count = reader.number()?;
    let mut compact = Compact {
        numbers: vec![0; 1 << 16],
        // Nothing is known of the character without a number.
        costs: vec![(0, 0)],
        rows: vec![0, 0],
        seconds: Vec::new(),
        pair_costs: Vec::new(),
        triples: vec![0],
        thirds: Vec::new(),
        triple_costs: Vec::new(),
    };
    let mut characters = vec![EDGE];
    for number in 1..=u16::try_from(count).ok()? {
        let (c, cost, backoff) = (reader.character()?, reader.byte()?, reader.byte()?);
        *compact.numbers.get_mut(c as usize)? = number;
        compact.costs.push((cost, backoff));
        characters.push(c);
    }
    let ascending = |before: usize, step: usize| Some(before + step).filter(|&next| step > 0 && next <= count);
    let (mut after, mut before) = (HashMap::new(), vec![Vec::new(); count + 1]);
    for first in 1..=count {
        let (pairs, mut second) = (reader.number()?, 0);
        let mut likely: Vec<(u8, u16)> = Vec::new();
        for _ in 0..pairs {
            second = ascending(second, reader.number()?)?;
            let cost = reader.byte()?;
            let mut backoff = 0;
            if cost & MORE != 0 {
                backoff = reader.byte()? as i8;
                let (triples, mut third) = (reader.number()?, 0);
                for _ in 0..triples {
                    third = ascending(third, reader.number()?)?;
                    compact.thirds.push(third as u16);
                    compact.triple_costs.push(reader.byte()?);
                }
            }
            compact.seconds.push(second as u16);
            compact.pair_costs.push((cost & !MORE, backoff));
            compact.triples.push(compact.thirds.len() as u32);
            likely.push((cost & !MORE, second as u16));
            let common = compact.costs[first].0;
            before[second].push((u16::from(cost & !MORE) + u16::from(common), first as u16));
        }
        compact.rows.push(compact.seconds.len() as u32);
        after.insert(characters[first], likeliest(likely, &characters));
    }
    let before = before.into_iter().zip(&characters).skip(1).map(|(likely, &c)| (c, likeliest(likely, &characters))).collect();
    reader.0.is_empty().then_some((compact, after, before))
}

/// The characters of the least costs, these first.
fn likeliest<C: Ord + Copy>(mut costs: Vec<(C, u16)>, characters: &[char]) -> Vec<char> {
    costs.retain(|&(_, number)| characters[usize::from(number)] != EDGE);
    if costs.len() > NEIGHBOURS {
        costs.select_nth_unstable(NEIGHBOURS);
        costs.truncate(NEIGHBOURS);
    }
    costs.sort_unstable();
    costs.into_iter().map(|(_, number)| characters[usize::from(number)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_noticed() {
        let body = &BUILT_IN[BUILT_IN.iter().position(|&byte| byte == b'\n').unwrap() + 1..];
        assert!(parse(body).is_some_and(|(compact, ..)| compact.len() > 100_000));
        assert!(parse(&body[..body.len() - 1]).is_none() && parse(&[0xFF; 40]).is_none() && parse(&[]).is_none());
    }
}
