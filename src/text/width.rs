//! Display width in terminal cells. Two notions are needed: what a terminal shows, and what a Chinese typesetter sets.

use super::chars::{is_cjk_punctuation, is_han};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Cells a terminal uses for `text` (UAX #11, ambiguous characters narrow).
pub fn terminal_width(text: &str) -> usize {
    text.width()
}

/// Cells that `c` takes in a Chinese column: two for Han, for full-width marks, and for the quotes, dashes, dots and circled
/// numbers that UAX #11 calls ambiguous; one for the rest. A line set solid in a column of n characters is 2n cells.
pub fn column_cells(c: char) -> usize {
    if c.is_ascii() {
        return usize::from(!c.is_ascii_control());
    }
    if is_han(c)
        || is_cjk_punctuation(c)
        || matches!(c, '\u{3000}' | '①'..='⓿' | '─'..='▓' | '○' | '●' | '☆' | '★' | '×' | '℃' | '㎡')
    {
        return 2;
    }
    UnicodeWidthChar::width_cjk(c).unwrap_or(0)
}

/// Cells that `text` takes in a Chinese column.
pub fn column_width(text: &str) -> usize {
    text.chars().map(column_cells).sum()
}
