//! Sketches: a few numbers by which paragraphs that share most of their sequences of characters are known, without either text.
//!
//! One permutation hashing (Li, Owen and Zhang 2012) with the empty bins filled from their neighbours (Shrivastava and Li 2014): two
//! sketches agree in about as many rows as the share of sequences that the texts have in common (Jaccard).

/// Characters of a sequence.
pub(super) const SHINGLE: usize = 4;
/// Rows of a sketch.
pub const ROWS: usize = 48;
/// Rows of a band: two sketches that agree in all rows of any band are candidates.
const BAND: usize = 3;
/// Bands.
pub(super) const BANDS: usize = ROWS / BAND;
/// Shorter texts have no sketch, in characters.
pub(super) const LEAST: usize = 16;

/// The sketch of a text.
pub(crate) type Sketch = [u16; ROWS];

/// The last characters of a text, as one number.
#[derive(Debug, Default)]
pub(super) struct Window {
    chars: u64,
    filled: usize,
}

impl Window {
    /// Adds a character; returns the hash of the sequence that ends with it.
    pub fn push(&mut self, c: char) -> Option<u64> {
        // Sixteen bits a character: what lies beyond the basic plane only ever makes a few candidates more.
        self.chars = self.chars << 16 | (c as u64 & 0xFFFF);
        self.filled += 1;
        (self.filled >= SHINGLE).then(|| mix(self.chars))
    }
}

/// The least hash of every bin.
#[derive(Debug, Clone)]
pub(super) struct Bins([u32; ROWS]);

impl Bins {
    pub fn new() -> Bins {
        Bins([u32::MAX; ROWS])
    }

    pub fn add(&mut self, hash: u64) {
        let bin = &mut self.0[(((hash >> 32) * ROWS as u64) >> 32) as usize];
        *bin = (*bin).min(hash as u32);
    }

    pub fn sketch(&self) -> Sketch {
        std::array::from_fn(|row| {
            // Whether an empty bin takes from the left or the right is the bin's own: that makes texts of few sequences less alike by
            // chance.
            let step = if mix(row as u64) & 1 == 0 { 1 } else { ROWS - 1 };
            let filled = (0..ROWS).map(|far| (far, self.0[(row + far * step) % ROWS])).find(|bin| bin.1 != u32::MAX);
            let (far, value) = filled.unwrap_or_default();
            (mix(u64::from(value) << 8 | far as u64) >> 48) as u16
        })
    }
}

/// The keys of a sketch, a band each, with the band in the highest byte.
pub(super) fn keys(sketch: &Sketch) -> [u64; BANDS] {
    std::array::from_fn(|band| {
        let rows = sketch[band * BAND..][..BAND].iter().fold(band as u64, |all, &row| all << 16 | u64::from(row));
        (band as u64) << 56 | mix(rows) >> 8
    })
}

/// One bit of each of the first rows: a rough look at two sketches without reading them.
pub(super) fn bits(sketch: &Sketch) -> u32 {
    sketch.iter().take(32).fold(0, |all, row| all << 1 | u32::from(row & 1))
}

/// Rows in which two sketches agree.
pub(super) fn alike(one: &Sketch, other: &Sketch) -> u32 {
    one.iter().zip(other).filter(|(a, b)| a == b).count() as u32
}

/// The last steps of MurmurHash3: every bit of the outcome depends on every bit of the number.
fn mix(number: u64) -> u64 {
    let number = (number ^ number >> 33).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    let number = (number ^ number >> 33).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    number ^ number >> 33
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sketch(text: &str) -> Sketch {
        let (mut window, mut bins) = (Window::default(), Bins::new());
        text.chars().filter_map(|c| window.push(c)).for_each(|hash| bins.add(hash));
        bins.sketch()
    }

    #[test]
    fn likeness_of_sketches_is_that_of_texts() {
        let text: String = (0..300u32).filter_map(|i| char::from_u32(0x4E00 + i * 37 % 7919)).collect();
        let changed: String = text.chars().enumerate().map(|(at, c)| if at % 40 == 7 { '误' } else { c }).collect();
        let other: String = (0..300u32).filter_map(|i| char::from_u32(0x6000 + i * 41 % 7919)).collect();
        assert_eq!(alike(&sketch(&text), &sketch(&text)), ROWS as u32);
        // Eight characters of 300 take 32 of 297 sequences with them: about four fifths of all are in both.
        assert!((30..=46).contains(&alike(&sketch(&text), &sketch(&changed))));
        assert!(keys(&sketch(&text)).iter().zip(keys(&sketch(&changed))).any(|(a, b)| *a == b));
        assert!(alike(&sketch(&text), &sketch(&other)) <= 3);
        assert!(alike(&sketch("柳河镇今年疏浚河道十二公里两岸"), &sketch("县图书馆上月重新开放来借书的孩")) <= 8);
    }
}
