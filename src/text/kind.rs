//! What is to be known of a character when a line is read, in one look-up: the classes of [`super::chars`] and the width of
//! [`super::width`] as bits of a number.

use super::chars::{is_blank, is_closer, is_han, is_opener, is_sentence_end, is_unspaced};
use super::width::column_cells;
use std::sync::LazyLock;

/// The classes of a character, and its cells in the lowest two bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kind(u32);

impl Kind {
    /// A Han character.
    pub const HAN: u32 = 1 << 2;
    /// Han, kana or full-width punctuation.
    pub const UNSPACED: u32 = 1 << 3;
    /// An opening quote or bracket.
    pub const OPENER: u32 = 1 << 4;
    /// A closing one.
    pub const CLOSER: u32 = 1 << 5;
    /// A closing one that cannot be an opening one too.
    pub const CLOSES: u32 = 1 << 6;
    /// The end of a sentence.
    pub const SENTENCE: u32 = 1 << 7;
    /// Punctuation of prose.
    pub const MARK: u32 = 1 << 8;
    /// A comma of either width.
    pub const COMMA: u32 = 1 << 9;
    /// A colon of either width.
    pub const COLON: u32 = 1 << 10;
    /// A Latin letter of ASCII.
    pub const LETTER: u32 = 1 << 11;
    /// Punctuation of ASCII.
    pub const SIGN: u32 = 1 << 12;
    /// A blank.
    pub const BLANK: u32 = 1 << 13;
    /// A space.
    pub const SPACE: u32 = 1 << 14;
    /// A tab or an ideographic space.
    pub const GAP: u32 = 1 << 15;
    /// A slash.
    pub const SLASH: u32 = 1 << 16;
    /// A letter of an alphabet or syllabary, ASCII aside.
    pub const OTHER_LETTER: u32 = 1 << 17;
    /// A letter, a digit or Han: what texts are compared by.
    pub const COUNTS: u32 = 1 << 18;

    /// The kind of no character at all.
    pub const NONE: Kind = Kind(0);
    /// The kind of the common Han characters, nearly all of a Chinese text.
    pub const COMMON: Kind = Kind(2 | Kind::HAN | Kind::UNSPACED | Kind::COUNTS);

    /// Whether `c` is one of the common Han characters.
    #[inline]
    pub fn is_common(c: char) -> bool {
        ('\u{4E00}'..='\u{9FFF}').contains(&c)
    }

    /// The kind of `c`.
    #[inline]
    pub fn of(c: char) -> Kind {
        Kind::at_once(c).unwrap_or_else(|| Kind::found(c))
    }

    /// The kind of `c`, where it is one of those that Chinese text is made of.
    #[inline]
    pub fn at_once(c: char) -> Option<Kind> {
        let code = c as usize;
        match code >> 8 {
            0x4E..=0x9F => Some(Kind::COMMON),
            0x00 => Some(TABLE[code]),
            0x20..=0x33 => Some(TABLE[code - 0x1F00]),
            0xFF => Some(TABLE[code - 0xFF00 + 0x1500]),
            _ => None,
        }
    }

    fn found(c: char) -> Kind {
        let classes = [
            (Kind::HAN, is_han(c)),
            (Kind::UNSPACED, is_unspaced(c)),
            (Kind::OPENER, is_opener(c)),
            (Kind::CLOSER, is_closer(c)),
            (Kind::CLOSES, is_closer(c) && c != '"'),
            (Kind::SENTENCE, is_sentence_end(c)),
            (Kind::MARK, matches!(c, '，' | '。' | '、' | '；' | '：' | '？' | '！' | ',' | ';' | '“' | '”')),
            (Kind::COMMA, matches!(c, '，' | ',')),
            (Kind::COLON, matches!(c, '：' | ':')),
            (Kind::LETTER, c.is_ascii_alphabetic()),
            (Kind::SIGN, c.is_ascii_punctuation()),
            (Kind::BLANK, is_blank(c)),
            (Kind::SPACE, c == ' '),
            (Kind::GAP, matches!(c, '\t' | '\u{3000}')),
            (Kind::SLASH, c == '/'),
            (Kind::COUNTS, is_han(c) || c.is_alphanumeric()),
            (Kind::OTHER_LETTER, !c.is_ascii() && c.is_alphabetic() && !is_han(c)),
        ];
        Kind(classes.iter().fold(column_cells(c) as u32 & 3, |bits, &(bit, holds)| if holds { bits | bit } else { bits }))
    }

    /// Whether it has any of `classes`.
    #[inline]
    pub fn is(self, classes: u32) -> bool {
        self.0 & classes != 0
    }

    /// The classes that either has.
    #[must_use]
    pub fn or(self, other: Kind) -> Kind {
        Kind(self.0 | other.0)
    }

    /// The cells it takes in a Chinese column.
    #[inline]
    pub fn cells(self) -> usize {
        (self.0 & 3) as usize
    }
}

/// Latin, then general punctuation to the signs before the ideographs, then full-width forms.
static TABLE: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let codes = (0..0x100).chain(0x2000..0x3400).chain(0xFF00..0x1_0000);
    codes.map(|code| char::from_u32(code).map_or(Kind::NONE, Kind::found)).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_the_kind_of_its_classes() {
        for c in '\0'..='\u{3FFFF}' {
            assert_eq!(Kind::of(c), Kind::found(c), "{c:?}");
            assert_eq!(Kind::of(c).cells(), column_cells(c), "{c:?}");
        }
    }
}
