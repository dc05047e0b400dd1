//! Which characters go well with which, in bits: asked of every character, and for most the end of it.

use super::places::Gate;
use super::table::Confusions;
use crate::lexicon::{Lexicon, Number};
use std::sync::Arc;

/// The pairs of the characters that most pairs begin with have a bit each, in a square.
const COMMON: usize = 2048;

/// Bits for strong pairs, as a power of two: some eight for each pair of the built-in data.
const STRONG: u32 = 20;

/// What a lexicon, a table of rivals and a gate say of pairs.
pub(super) struct Bonds {
    lexicon: Arc<Lexicon>,
    /// The place of a character in the square by its number; [`COMMON`] for those that have none.
    places: Vec<u16>,
    /// Pairs that no gate opens for.
    close: Vec<u64>,
    /// Pairs in which a rival may fit, and a few others.
    strong: Vec<u64>,
    /// The numbers of the rivals of each row of the table, and where they end.
    rivals: Vec<Number>,
    ends: Vec<u32>,
}

impl Bonds {
    pub fn new(lexicon: &Arc<Lexicon>, table: &Confusions, gate: &Gate) -> Bonds {
        let (mut rivals, mut ends) = (Vec::new(), Vec::new());
        for row in table.rows() {
            rivals.extend(row.all().map(|rival| lexicon.number(rival)));
            ends.push(rivals.len() as u32);
        }
        let (close, strong) = (vec![0; COMMON * COMMON / 64], vec![0; 1 << (STRONG - 6)]);
        let mut bonds = Bonds { lexicon: lexicon.clone(), places: places(lexicon), close, strong, rivals, ends };
        for (left, right, weight) in lexicon.pairs() {
            if let Some((word, bit)) = bonds.close_bit(left, right).filter(|_| weight > gate.open) {
                bonds.close[word] |= bit;
            }
            if weight >= gate.strong {
                let (word, bit) = strong_bit(left, right);
                bonds.strong[word] |= bit;
            }
        }
        bonds
    }

    /// Whether this is of `lexicon`.
    pub fn are_of(&self, lexicon: &Arc<Lexicon>) -> bool {
        Arc::ptr_eq(&self.lexicon, lexicon)
    }

    /// The numbers of the rivals of a row, in their order.
    #[inline]
    pub fn rivals(&self, row: u16) -> &[Number] {
        let row = usize::from(row);
        &self.rivals[row.checked_sub(1).map_or(0, |before| self.ends[before] as usize)..self.ends[row] as usize]
    }

    #[inline]
    fn close_bit(&self, left: Number, right: Number) -> Option<(usize, u64)> {
        let place = |number: Number| self.places.get(number.index()).map_or(COMMON, |&place| usize::from(place));
        let (left, right) = (place(left), place(right));
        (left < COMMON && right < COMMON).then(|| (left * (COMMON / 64) + right / 64, 1 << (right % 64)))
    }

    /// Whether two characters surely go together better than the gate is open for.
    #[inline]
    pub fn are_close(&self, left: Number, right: Number) -> bool {
        self.close_bit(left, right).is_some_and(|(word, bit)| self.close[word] & bit != 0)
    }

    /// Whether two characters may go so well together that one of them may stand where another was read.
    #[inline]
    pub fn may_be_strong(&self, left: Number, right: Number) -> bool {
        let (word, bit) = strong_bit(left, right);
        self.strong[word] & bit != 0
    }
}

#[inline]
fn strong_bit(left: Number, right: Number) -> (usize, u64) {
    let hash = ((left.index() << 16 | right.index()) as u32).wrapping_mul(0x9E37_79B1) >> (32 - STRONG);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

/// The places in the square of the characters that most pairs begin with, by their numbers.
fn places(lexicon: &Lexicon) -> Vec<u16> {
    let commonest = lexicon.commonest();
    let mut places = vec![COMMON as u16; commonest.len()];
    commonest.iter().take(COMMON).zip(0..).for_each(|(number, place)| places[number.index()] = place);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_say_what_the_lexicon_says() {
        let lexicon = Lexicon::builtin();
        let table = Confusions::parse("因 困 囚国\n未  末\n").unwrap();
        let gate = Gate { alone: 0, loose: 0, strong: 32, cost: 0, gain: 0, bad: 0.0, open: 16 };
        let bonds = Bonds::new(&lexicon, &table, &gate);
        let of = |text: &str| text.chars().map(|c| lexicon.number(c)).collect::<Vec<_>>();
        let (row, _) = table.find('因').unwrap();
        assert_eq!(bonds.rivals(row), of("困囚国"));
        assert!(bonds.rivals(0).is_empty());
        let chars = of("的一是不困难因为中国末来囚禁魑魅魍魉饕餮□");
        for &left in &chars {
            for &right in &chars {
                let known = |weight| lexicon.goes_well(left, right, weight);
                assert!(!bonds.are_close(left, right) || known(17));
                assert!(bonds.may_be_strong(left, right) || !known(32));
            }
        }
        let close = |text: &str| bonds.are_close(of(text)[0], of(text)[1]);
        assert!(close("中国") && !close("因难"));
    }
}
