//! Tables of integers: from words to frequencies, from pairs to weights.

/// Words, as the numbers of their characters, with their frequencies.
#[derive(Clone)]
pub(super) struct WordTable {
    slots: Vec<(u64, u8)>,
    /// Four bits a slot, one set for each word: small enough for a nearer cache than the slots, which most keys never see.
    filter: Vec<u64>,
    shift: u32,
    count: usize,
}

impl WordTable {
    /// A table with room for so many words, which grows when there are more.
    pub fn with_room(words: usize) -> WordTable {
        let size = (words * 2).next_power_of_two().max(16);
        WordTable { slots: vec![(0, 0); size], filter: vec![0; size / 16], shift: 64 - size.trailing_zeros(), count: 0 }
    }

    /// The key of a word that is one character longer. The empty word's is 0, and no character's number is.
    #[inline]
    pub fn longer(key: u64, number: u16) -> u64 {
        key << 16 | u64::from(number)
    }

    #[inline]
    fn hash(key: u64) -> u64 {
        key.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    /// The word and bit of the filter that a key owns.
    #[inline]
    fn gate(&self, key: u64) -> (usize, u64) {
        let bit = Self::hash(key) >> (self.shift - 2);
        ((bit >> 6) as usize, 1 << (bit & 63))
    }

    #[inline]
    fn place(&self, key: u64) -> usize {
        let mut at = (Self::hash(key) >> self.shift) as usize;
        while self.slots[at].0 != key && self.slots[at].0 != 0 {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    /// The frequency of a word; 0 when it is not listed.
    #[inline]
    pub fn get(&self, key: u64) -> u8 {
        let (word, bit) = self.gate(key);
        if self.filter[word] & bit == 0 { 0 } else { self.slots[self.place(key)].1 }
    }

    /// Adds a word. When it is there already, the greater frequency holds.
    pub fn add(&mut self, key: u64, frequency: u8) {
        if self.count * 4 >= self.slots.len() * 3 {
            let mut larger = WordTable::with_room(self.slots.len());
            self.slots.iter().filter(|slot| slot.0 != 0).for_each(|&(key, frequency)| larger.add(key, frequency));
            *self = larger;
        }
        let (word, bit) = self.gate(key);
        self.filter[word] |= bit;
        let at = self.place(key);
        self.count += usize::from(self.slots[at].0 == 0);
        self.slots[at] = (key, frequency.max(self.slots[at].1));
    }

    pub fn len(&self) -> usize {
        self.count
    }
}

/// Weights of pairs of characters. Each first character has a small hash table of its own, so that a look-up touches few lines
/// of memory.
#[derive(Clone)]
pub(super) struct PairTable {
    /// Where the table of a first character begins in `slots`, and its size.
    rows: Vec<(u32, u32)>,
    /// The second character's number and, in the lowest byte, the weight. The first slot is the table of those that have none.
    slots: Vec<u32>,
    count: usize,
    better: fn(i8, i8) -> i8,
}

impl PairTable {
    /// A table with room for so many pairs. Of two weights of one pair, `better` picks one.
    pub fn with_room(pairs: usize, better: fn(i8, i8) -> i8) -> PairTable {
        let mut slots = Vec::with_capacity(pairs + pairs / 2);
        slots.push(0);
        PairTable { rows: Vec::new(), slots, count: 0, better }
    }

    /// Adds the pairs of a first character with second ones.
    pub fn add(&mut self, left: u16, pairs: &[(u16, i8)]) {
        let at = usize::from(left);
        if at >= self.rows.len() {
            self.rows.resize(at + 1, (0, 1));
        }
        let (start, size) = self.rows[at];
        let known: Vec<u32> = self.slots[start as usize..][..size as usize].iter().copied().filter(|&slot| slot != 0).collect();
        self.count -= known.len();
        let most = pairs.len() + known.len();
        // One slot at least stays empty, so that every search ends.
        let room = most + most / 3 + 1;
        self.rows[at] = (self.slots.len() as u32, room as u32);
        self.slots.resize(self.slots.len() + room, 0);
        let new = pairs.iter().map(|&(right, weight)| u32::from(right) << 8 | u32::from(weight as u8));
        for slot in known.into_iter().chain(new) {
            let place = self.place(self.rows[at], (slot >> 8) as u16);
            let weight = match self.slots[place] {
                0 => {
                    self.count += 1;
                    slot as u8
                }
                before => (self.better)(before as u8 as i8, slot as u8 as i8) as u8,
            };
            self.slots[place] = slot & !0xFF | u32::from(weight);
        }
    }

    #[inline]
    fn place(&self, (start, size): (u32, u32), right: u16) -> usize {
        let hash = u64::from(u32::from(right).wrapping_mul(0x9E37_79B1));
        let mut at = ((hash * u64::from(size)) >> 32) as u32;
        loop {
            let slot = self.slots[(start + at) as usize];
            if slot == 0 || slot >> 8 == u32::from(right) {
                return (start + at) as usize;
            }
            at = if at + 1 == size { 0 } else { at + 1 };
        }
    }

    /// The weight of a pair. Number 0 is in none.
    #[inline]
    pub fn get(&self, left: u16, right: u16) -> Option<i8> {
        let row = *self.rows.get(usize::from(left))?;
        match self.slots[self.place(row, right)] {
            0 => None,
            slot => Some(slot as u8 as i8),
        }
    }

    pub fn len(&self) -> usize {
        self.count
    }

    /// For each first character, about how many pairs it has.
    pub fn sizes(&self) -> impl Iterator<Item = u32> {
        self.rows.iter().map(|row| row.1)
    }

    /// All pairs with their weights.
    pub fn pairs(&self) -> impl Iterator<Item = (u16, u16, i8)> {
        self.rows.iter().enumerate().flat_map(|(left, &(start, size))| {
            let slots = self.slots[start as usize..][..size as usize].iter().filter(|&&slot| slot != 0);
            slots.map(move |&slot| (left as u16, (slot >> 8) as u16, slot as u8 as i8))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_tables_still_end_their_searches() {
        let mut words = WordTable::with_room(2);
        (1..=80).for_each(|word| words.add(word, word as u8));
        words.add(3, 1);
        assert_eq!((words.get(3), words.get(79), words.get(81), words.len()), (3, 79, 0, 80));
        let pairs: Vec<(u16, i8)> = (1..500).map(|right| (right, (right % 100) as i8)).collect();
        let mut table = PairTable::with_room(0, i8::max);
        table.add(1, &pairs[..300]);
        table.add(2, &[(7, -5), (7, -6)]);
        table.add(1, &pairs[200..]);
        assert!((1..500).all(|right| table.get(1, right) == Some((right % 100) as i8)));
        assert_eq!((table.get(1, 500), table.get(2, 7), table.get(3, 7), table.get(0, 0)), (None, Some(-5), None, None));
        assert_eq!(table.get(1, 0), None);
        assert_eq!(table.len(), 500);
    }
}
