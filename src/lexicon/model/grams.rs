//! The table of n-grams: 64 bits of hash stand for the characters.

/// What is known of one n-gram.
#[derive(Clone, Copy, Default)]
struct Gram {
    /// 0 for a free slot.
    key: u64,
    cost: i16,
    backoff: i16,
}

/// N-grams of all orders, by key.
#[derive(Default)]
pub(super) struct Table {
    slots: Vec<Gram>,
    count: usize,
}

/// The key of an n-gram of one character more.
#[inline]
pub(super) fn longer(key: u64, c: char) -> u64 {
    let mixed = (key ^ u64::from(u32::from(c) + 1)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ mixed >> 29
}

/// The key of a sequence of characters.
#[inline]
pub(super) fn key(chars: &[char]) -> u64 {
    chars.iter().fold(0, |key, &c| longer(key, c))
}

impl Table {
    fn place(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (key >> 7) as usize & mask;
        while self.slots[at].key != key && self.slots[at].key != 0 {
            at = (at + 1) & mask;
        }
        at
    }

    /// The cost of an n-gram and what passing from it to shorter ones costs.
    #[inline]
    fn get(&self, key: u64) -> Option<(i16, i16)> {
        if self.slots.is_empty() {
            return None;
        }
        let gram = self.slots[self.place(key)];
        (gram.key != 0).then_some((gram.cost, gram.backoff))
    }

    /// What `c` costs after `history`; none for a character that is not known.
    pub fn cost(&self, history: &[char], c: char) -> Option<i32> {
        let mut passed = 0;
        for start in 0..=history.len() {
            let known = key(&history[start..]);
            if let Some((cost, _)) = self.get(longer(known, c)) {
                return Some(passed + i32::from(cost));
            }
            if start < history.len()
                && let Some((_, backoff)) = self.get(known)
            {
                passed += i32::from(backoff);
            }
        }
        None
    }

    /// Adds an n-gram. Of two costs of one, the lesser holds.
    pub fn add(&mut self, key: u64, cost: i16, backoff: i16) {
        if (self.count + 1) * 10 > self.slots.len() * 7 {
            self.make_room((self.slots.len() * 2).max(1024));
        }
        let at = self.place(key);
        let new = self.slots[at].key == 0;
        self.count += usize::from(new);
        if new || cost < self.slots[at].cost {
            self.slots[at] = Gram { key, cost, backoff };
        }
    }

    /// Makes room for `size` slots, a power of two.
    fn make_room(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.slots, vec![Gram::default(); size]);
        for gram in old.into_iter().filter(|gram| gram.key != 0) {
            let at = self.place(gram.key);
            self.slots[at] = gram;
        }
    }

    pub fn len(&self) -> usize {
        self.count
    }
}
