//! The built-in model and its file, which docs/model.md describes.

use super::{BIT, EDGE, Model, NEIGHBOURS, grams};
use crate::lexicon::crc32;

/// Derived from works that NOTICE names.
static BUILT_IN: &[u8] = include_bytes!("builtin.model");

const MAGIC: &str = "jiaokan-model version=1 bytes=";

/// A quarter of a bit, the unit of the file.
const UNIT: i16 = (BIT / 4) as i16;

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
    parse(body)
}

fn parse(body: &[u8]) -> Option<Model> {
    let mut model = Model::empty(3);
    // What it holds is known; a table of the right size at once saves moving it.
    model.grams.reserve(600_000);
    let mut reader = Reader(body);
    let count = reader.number()?;
    let mut characters = Vec::with_capacity(count);
    for _ in 0..count {
        let (c, cost, backoff) = (reader.character()?, reader.byte()?, reader.byte()?);
        model.grams.add(grams::longer(0, c), i16::from(cost) * UNIT, i16::from(backoff) * UNIT);
        characters.push((c, cost));
    }
    let mut likely_before: Vec<Vec<(u16, char)>> = vec![Vec::new(); count];
    for &(first, common) in &characters {
        let mut likely_after: Vec<(u8, char)> = Vec::new();
        let key = grams::longer(0, first);
        let (pairs, mut second) = (reader.number()?, 0);
        for _ in 0..pairs {
            second += reader.number()?;
            let cost = reader.byte()?;
            let (c, _) = *characters.get(second.checked_sub(1)?)?;
            let key = grams::longer(key, c);
            let mut backoff = 0;
            if cost & MORE != 0 {
                backoff = i16::from(reader.byte()? as i8) * UNIT;
                let (triples, mut third) = (reader.number()?, 0);
                for _ in 0..triples {
                    third += reader.number()?;
                    let (c, _) = *characters.get(third.checked_sub(1)?)?;
                    model.grams.add(grams::longer(key, c), i16::from(reader.byte()?) * UNIT, 0);
                }
            }
            let cost = cost & !MORE;
            model.grams.add(key, i16::from(cost) * UNIT, backoff);
            if first != EDGE && c != EDGE {
                likely_after.push((cost, c));
                likely_before[second - 1].push((u16::from(cost) + u16::from(common), first));
            }
        }
        likely_after.sort_unstable();
        model.after.insert(first, likely_after.into_iter().take(NEIGHBOURS).map(|(_, c)| c).collect());
    }
    for (mut likely, &(c, _)) in likely_before.into_iter().zip(&characters) {
        likely.sort_unstable();
        model.before.insert(c, likely.into_iter().take(NEIGHBOURS).map(|(_, c)| c).collect());
    }
    reader.0.is_empty().then_some(model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_noticed() {
        let body = &BUILT_IN[BUILT_IN.iter().position(|&byte| byte == b'\n').unwrap() + 1..];
        assert!(parse(body).is_some_and(|model| model.len() > 100_000));
        assert!(parse(&body[..body.len() - 1]).is_none() && parse(&[0xFF; 40]).is_none() && parse(&[]).is_none());
    }
}
