//! Which characters a text holds, roughly: one look at it spares the search for what it cannot contain.

/// A set of characters that is quick to make and to compare. It may hold more than was put into it, never less: characters are
/// told apart by blocks of 64, those of ASCII and general punctuation one by one, those beyond the basic plane by planes; common
/// Han characters are taken to be in every text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inventory {
    ascii: u128,
    /// U+2000 to U+203F, where quotation marks stand beside invisible characters.
    punctuation: u64,
    /// A bit for each block of the basic plane.
    blocks: [u64; 16],
    planes: u32,
}

impl Inventory {
    const EMPTY: Inventory = Inventory { ascii: 0, punctuation: 0, blocks: [0; 16], planes: 0 };

    /// The characters of `text`.
    pub fn of(text: &str) -> Inventory {
        let mut found = Inventory::EMPTY;
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&lead) = bytes.get(at) {
            let next = |ahead: usize| bytes.get(at + ahead).map_or(0, |byte| byte & 63);
            match lead {
                0xE5..=0xE9 => at += 3,
                0..=0x7F => {
                    found.ascii |= 1 << lead;
                    at += 1;
                }
                0x80..=0xDF => {
                    found.blocks[0] |= 1 << (lead & 31);
                    at += 2;
                }
                0xE2 if next(1) == 0 => {
                    found.punctuation |= 1 << next(2);
                    at += 3;
                }
                0xE0..=0xEF => {
                    found.blocks[usize::from(lead & 15)] |= 1 << next(1);
                    at += 3;
                }
                _ => {
                    found.planes |= 1 << ((lead & 7) << 2 | next(1) >> 4);
                    at += 4;
                }
            }
        }
        found.blocks[5..=9].fill(u64::MAX);
        found
    }

    /// The characters of `ranges`.
    pub fn of_ranges(ranges: impl Iterator<Item = (char, char)>) -> Inventory {
        let mut found = Inventory::EMPTY;
        for (first, last) in ranges {
            let mut code = first as u32;
            while code <= last as u32 {
                // Where blocks are told apart, one character of each is enough.
                code = match code {
                    0..=0x7F => {
                        found.ascii |= 1 << code;
                        code + 1
                    }
                    0x2000..=0x203F => {
                        found.punctuation |= 1 << (code & 63);
                        code + 1
                    }
                    0x80..=0xFFFF => {
                        found.blocks[code as usize >> 12] |= 1 << (code >> 6 & 63);
                        (code | 63) + 1
                    }
                    _ => {
                        found.planes |= 1 << (code >> 16);
                        (code | 0xFFFF) + 1
                    }
                };
            }
        }
        found
    }

    /// Whether both may hold a character. When not, they have none in common.
    pub fn meets(&self, other: &Inventory) -> bool {
        self.ascii & other.ascii != 0
            || self.punctuation & other.punctuation != 0
            || self.planes & other.planes != 0
            || self.blocks.iter().zip(&other.blocks).any(|(a, b)| a & b != 0)
    }

    /// Whether it may hold common Han characters, as every text is taken to.
    pub fn is_common(&self) -> bool {
        self.blocks[5..=9].iter().any(|&block| block != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_of_a_text_is_in_its_inventory() {
        for c in ('\0'..=char::MAX).step_by(7).chain('\u{1FF0}'..'\u{2050}').chain("，。“”—…\u{200B}\u{FEFF}\u{FF61}".chars())
        {
            let inventory = Inventory::of(&format!("{c}"));
            assert!(inventory.meets(&Inventory::of_ranges([(c, c)].into_iter())), "{c:?}");
            assert!(inventory.meets(&Inventory::of_ranges([('\0', char::MAX)].into_iter())), "{c:?}");
        }
        assert!(Inventory::of("").is_common());
    }

    #[test]
    fn what_a_text_has_not_is_seldom_in_its_inventory() {
        let text = Inventory::of("柳河镇今年“疏浚”河道12公里，两岸的农田——都能浇上水。\n");
        for c in "a\t<\u{200B}\u{200E}\u{E000}\u{F900}\u{FF61}①é⼀𠀀😀".chars() {
            assert!(!text.meets(&Inventory::of_ranges([(c, c)].into_iter())), "{c:?}");
        }
    }
}
