//! The built-in model and its file, which docs/model.md describes.

use super::neighbours::Neighbours;
use super::{BIT, EDGE, Grams, Model, NEIGHBOURS};

/// Derived from works that NOTICE names.
static BUILT_IN: &[u8] = include_bytes!("builtin.model");

/// A quarter of a bit, the unit of the file.
const UNIT: i32 = BIT / 4;

/// So many characters are looked up together.
const TOGETHER: usize = 16;

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
    // The tests check the whole.
    let body = &BUILT_IN[end + 1..];
    let (compact, after, before) = parse(body)?;
    Some(Model { order: 3, grams: Grams::Compact(compact), after, before })
}

/// Pairs and triples of characters, by the numbers of the characters. The pairs of a first character are a hash table of their
/// own, so that a look-up touches one line of memory; the triples of a pair are searched by halves.
pub(super) struct Compact {
    /// The number of each character of the basic plane; 0 for those that have none.
    numbers: Vec<u16>,
    /// By number: cost, what passing it over costs, and its pairs. Costs are in quarters of a bit.
    firsts: Vec<First>,
    pairs: Vec<Slot>,
    /// For the pairs that have triples, how many, and their third characters; with the costs of these.
    thirds: Vec<u16>,
    triple_costs: Vec<u8>,
    /// How many n-grams there are.
    count: usize,
}

/// What is known of a character.
#[derive(Clone, Copy, Default)]
struct First {
    cost: u8,
    backoff: u8,
    /// Where its pairs begin, and how many slots they have: one more than they need at least, so that every search ends.
    start: u32,
    size: u32,
}

/// What is known of a pair; of none when the second character has no number.
#[derive(Clone, Copy, Default)]
struct Slot {
    second: u16,
    cost: u8,
    backoff: i8,
    /// Where its triples are told of; 0 when it has none.
    triples: u32,
}

/// A place in a text, with what is known of those beside it.
#[derive(Clone, Copy)]
pub(super) struct Between {
    /// The two before it.
    before: Option<Slot>,
    left: u16,
    right: u16,
    last: u16,
    /// The two after it.
    after: Option<Slot>,
}

impl Compact {
    #[inline]
    fn number(&self, c: char) -> u16 {
        self.numbers.get(c as usize).copied().unwrap_or(0)
    }

    /// Where a pair stands, or would.
    #[inline]
    fn place(&self, first: First, second: u16) -> usize {
        let hash = u64::from(u32::from(second).wrapping_mul(0x9E37_79B1));
        let mut at = ((hash * u64::from(first.size)) >> 32) as u32;
        loop {
            let place = (first.start + at) as usize;
            if self.pairs[place].second == second || self.pairs[place].second == 0 {
                return place;
            }
            at = if at + 1 == first.size { 0 } else { at + 1 };
        }
    }

    #[inline]
    fn pair(&self, first: u16, second: u16) -> Option<Slot> {
        let first = self.firsts[usize::from(first)];
        if first.size == 0 || second == 0 {
            return None;
        }
        Some(self.pairs[self.place(first, second)]).filter(|slot| slot.second != 0)
    }

    /// What a character costs after those before it, of which it looks at two; none for a character that it does not know.
    pub fn cost(&self, history: &[char], c: char) -> Option<i32> {
        let third = self.number(c);
        let (before, first) = match *history {
            [.., a, b] => (self.pair(self.number(a), self.number(b)), self.number(b)),
            [b] => (None, self.number(b)),
            [] => (None, 0),
        };
        self.step(before, first, third, || self.pair(first, third))
    }

    /// What `third` costs after a pair, if it is known, of which the latter is `first`; `pair` looks both up.
    #[inline]
    fn step(&self, before: Option<Slot>, first: u16, third: u16, pair: impl FnOnce() -> Option<Slot>) -> Option<i32> {
        if third == 0 {
            return None;
        }
        let mut passed = 0;
        if let Some(pair) = before {
            if pair.triples != 0 {
                let count = pair.triples as usize;
                let from = count + 1;
                if let Ok(at) = self.thirds[from..from + usize::from(self.thirds[count])].binary_search(&third) {
                    return Some(i32::from(self.triple_costs[from + at]) * UNIT);
                }
            }
            passed = i32::from(pair.backoff);
        }
        if first != 0 {
            if let Some(pair) = pair() {
                return Some((passed + i32::from(pair.cost)) * UNIT);
            }
            passed += i32::from(self.firsts[usize::from(first)].backoff);
        }
        Some((passed + i32::from(self.firsts[usize::from(third)].cost)) * UNIT)
    }

    /// A place between two characters and two.
    pub fn between(&self, [a, b]: [char; 2], [c, d]: [char; 2]) -> Between {
        let [a, b, c, d] = [a, b, c, d].map(|c| self.number(c));
        Between { before: self.pair(a, b), left: b, right: c, last: d, after: self.pair(c, d) }
    }

    /// What a character costs in a place, and what the two after it cost then: each pair is looked up once.
    pub fn costs(&self, place: &Between, c: char) -> [Option<i32>; 3] {
        let Between { before, left, right, last, after } = *place;
        let number = self.number(c);
        let (to_left, to_right) = (self.pair(left, number), self.pair(number, right));
        [
            self.step(before, left, number, || to_left),
            self.step(to_left, number, right, || to_right),
            self.step(to_right, right, last, || after),
        ]
    }

    /// The costs of each of `chars` in a place, as [`Compact::costs`]. All pairs of some of them are looked up before anything that
    /// depends on what was found: the processor waits for their memory once.
    pub fn each(&self, place: &Between, chars: &mut impl Iterator<Item = char>, mut found: impl FnMut([Option<i32>; 3])) {
        let Between { before, left, right, last, after } = *place;
        let mut looked_up = [(0, None, None); TOGETHER];
        loop {
            let mut count = 0;
            for (looked_up, c) in looked_up.iter_mut().zip(&mut *chars) {
                let number = self.number(c);
                *looked_up = (number, self.pair(left, number), self.pair(number, right));
                count += 1;
            }
            for &(number, to_left, to_right) in &looked_up[..count] {
                found([
                    self.step(before, left, number, || to_left),
                    self.step(to_left, number, right, || to_right),
                    self.step(to_right, right, last, || after),
                ]);
            }
            if count < TOGETHER {
                return;
            }
        }
    }

    pub fn len(&self) -> usize {
        self.count
    }

    /// Adds the pairs of a character.
    fn add(&mut self, first: usize, pairs: &[Slot]) {
        let size = pairs.len() + pairs.len() / 3 + 1;
        let row = First { start: self.pairs.len() as u32, size: size as u32, ..self.firsts[first] };
        self.firsts[first] = row;
        self.pairs.resize(self.pairs.len() + size, Slot::default());
        for &pair in pairs {
            let place = self.place(row, pair.second);
            self.pairs[place] = pair;
        }
    }
}

/// What is read of the file: the n-grams, and what often follows and precedes each character.
type Read = (Compact, Neighbours, Neighbours);

fn parse(body: &[u8]) -> Option<Read> {
    let mut reader = Reader(body);
    let count = reader.number()?;
    let mut compact = Compact {
        numbers: vec![0; 1 << 16],
        // Nothing is known of the character without a number.
        firsts: vec![First::default()],
        pairs: Vec::new(),
        thirds: vec![0],
        triple_costs: vec![0],
        count,
    };
    let mut characters = vec![EDGE];
    for number in 1..=u16::try_from(count).ok()? {
        let (c, cost, backoff) = (reader.character()?, reader.byte()?, reader.byte()?);
        *compact.numbers.get_mut(c as usize)? = number;
        compact.firsts.push(First { cost, backoff, ..First::default() });
        characters.push(c);
    }
    let ascending = |before: usize, step: usize| Some(before + step).filter(|&next| step > 0 && next <= count);
    let mut pairs: Vec<Slot> = Vec::new();
    let (mut after, mut before) = (Neighbours::new(), vec![Likeliest::default(); count + 1]);
    for first in 1..=count {
        let (seconds, mut second) = (reader.number()?, 0);
        let mut likely = Likeliest::default();
        pairs.clear();
        for _ in 0..seconds {
            second = ascending(second, reader.number()?)?;
            let cost = reader.byte()?;
            let (mut backoff, mut triples) = (0, 0);
            if cost & MORE != 0 {
                backoff = reader.byte()? as i8;
                let (thirds, mut third) = (reader.number()?, 0);
                triples = compact.thirds.len() as u32;
                compact.thirds.push(u16::try_from(thirds).ok()?);
                compact.triple_costs.push(0);
                compact.count += thirds;
                for _ in 0..thirds {
                    third = ascending(third, reader.number()?)?;
                    compact.thirds.push(third as u16);
                    compact.triple_costs.push(reader.byte()?);
                }
            }
            pairs.push(Slot { second: second as u16, cost: cost & !MORE, backoff, triples });
            let cost = u16::from(cost & !MORE);
            if characters[second] != EDGE {
                likely.add(cost, second as u16);
            }
            if characters[first] != EDGE {
                before[second].add(cost + u16::from(compact.firsts[first].cost), first as u16);
            }
        }
        compact.add(first, &pairs);
        compact.count += pairs.len();
        after.add(characters[first], likely.characters(&characters));
    }
    let mut precede = Neighbours::new();
    before.iter().zip(&characters).skip(1).for_each(|(likely, &c)| precede.add(c, likely.characters(&characters)));
    reader.0.is_empty().then_some((compact, after, precede))
}

/// The characters of the least costs, these first.
#[derive(Clone, Default)]
struct Likeliest {
    best: [(u16, u16); NEIGHBOURS],
    count: usize,
}

impl Likeliest {
    fn add(&mut self, cost: u16, number: u16) {
        let new = (cost, number);
        if self.count < NEIGHBOURS {
            self.count += 1;
        } else if new >= self.best[NEIGHBOURS - 1] {
            return;
        }
        let place = self.best[..self.count - 1].partition_point(|known| *known < new);
        self.best.copy_within(place..self.count - 1, place + 1);
        self.best[place] = new;
    }

    fn characters(&self, characters: &[char]) -> impl Iterator<Item = char> {
        self.best[..self.count].iter().map(|&(_, number)| characters[usize::from(number)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::crc32;

    #[test]
    fn the_file_is_whole() {
        let end = BUILT_IN.iter().position(|&byte| byte == b'\n').unwrap();
        let body = &BUILT_IN[end + 1..];
        let head = format!("jiaokan-model version=1 bytes={} crc32={:08x}", body.len(), crc32(body));
        assert_eq!(std::str::from_utf8(&BUILT_IN[..end]), Ok(head.as_str()));
        assert!(parse(body).is_some_and(|(compact, ..)| compact.len() > 100_000));
        assert!(parse(&body[..body.len() - 1]).is_none() && parse(&[0xFF; 40]).is_none() && parse(&[]).is_none());
    }
}
