//! Which simplified character stands for a traditional one.

use crate::text::CharMap;
use std::sync::LazyLock;

/// Pairs of a traditional and a simplified character, one a line. Taken from OpenCC's `TSCharacters` (Apache licence, see NOTICE).
static PAIRS: &str = include_str!("traditional.txt");

/// All pairs of a traditional character and the simplified one that stands for it.
pub(crate) fn pairs() -> impl Iterator<Item = (char, char)> {
    PAIRS.lines().filter_map(|line| {
        let mut pair = line.chars();
        Some((pair.next()?, pair.next()?))
    })
}

/// The simplified character that stands for `c`, or `c` itself.
pub(crate) fn simplified(c: char) -> char {
    // Which of the simplified characters stands for one.
    static SIMPLIFIED: LazyLock<(CharMap, Vec<char>)> = LazyLock::new(|| {
        let (mut places, mut simplified) = (CharMap::new(), vec!['\0']);
        for (c, plain) in pairs() {
            places.set(c, simplified.len() as u16);
            simplified.push(plain);
        }
        (places, simplified)
    });
    match SIMPLIFIED.0.get(c) {
        0 => c,
        place => SIMPLIFIED.1[usize::from(place)],
    }
}

/// The simplified character, and classes of those that are alike where paragraphs begin and end: one digit for all, one letter
/// for all, the full width for punctuation.
pub(crate) fn plain(c: char) -> char {
    match c {
        '0'..='9' | '０'..='９' => '０',
        'a'..='z' | 'A'..='Z' | 'ａ'..='ｚ' | 'Ａ'..='Ｚ' => 'Ａ',
        '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap_or(c),
        c => simplified(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_become_plain() {
        assert_eq!("經濟發展（1949a，".chars().map(plain).collect::<String>(), "经济发展（００００Ａ，");
        assert_eq!(plain(':'), '：');
        assert!(pairs().count() > 4000);
    }
}
