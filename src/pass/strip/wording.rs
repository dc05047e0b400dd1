//! What the characters of a text tell of an advertisement: points for each that it holds.

use crate::lexicon::plain;
use crate::text::CharMap;

/// Words of 64 bits that say which characters have been seen: so many times 64 characters can have points.
const SEEN: usize = 64;

/// Points of characters.
pub(super) struct Wording {
    places: CharMap,
    /// Points of each character that has a place; those without share the first.
    points: Vec<i64>,
}

impl Wording {
    /// Reads lines of a number of points and the characters that have as many: simplified, `０` for all digits, `Ａ` for all letters,
    /// punctuation in full width. Lines that begin with `#` say something to readers.
    ///
    /// # Errors
    /// The number of the line that is no such line, from 1.
    pub fn parse(text: &str) -> Result<Wording, usize> {
        let mut wording = Wording { places: CharMap::new(), points: vec![0] };
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            let row = line.split_once(' ').and_then(|(points, row)| Some((points.parse::<i16>().ok()?, row)));
            let (points, row) = row.ok_or(index + 1)?;
            for c in row.chars() {
                let place = u16::try_from(wording.points.len()).map_err(|_| index + 1)?;
                wording.places.set(c, place);
                wording.points.push(i64::from(points));
            }
        }
        // However a character is written: a text is looked at character by character, and only once.
        let written = ('!'..='~').chain('\u{3000}'..='\u{9FFF}').chain('\u{F900}'..='\u{FAFF}').chain('！'..='～');
        for c in written.filter(|&c| plain(c) != c) {
            let place = wording.places.get(plain(c));
            if place > 0 {
                wording.places.set(c, place);
            }
        }
        if wording.points.len() > SEEN * 64 { Err(0) } else { Ok(wording) }
    }

    /// The points of all characters of `lines`, each once.
    pub fn points(&self, lines: &[&str]) -> i64 {
        let (mut seen, mut sum) = ([0u64; SEEN], 0);
        for c in lines.iter().flat_map(|line| line.chars()) {
            let place = usize::from(self.places.get(c));
            let (word, bit) = (&mut seen[place / 64 % SEEN], 1 << (place % 64));
            // What has no place shares one, and no points.
            if *word & bit == 0 {
                *word |= bit;
                sum += self.points[place];
            }
        }
        sum
    }

    /// The characters that tell most of what `points` tells, strongest first.
    pub fn strongest(&self, lines: &[&str]) -> String {
        /// Characters that are named.
        const NAMED: usize = 8;
        let sum = self.points(lines);
        let mut seen = vec![false; self.points.len()];
        let places = lines.iter().flat_map(|line| line.chars()).map(|c| (c, usize::from(self.places.get(c))));
        let new = places.filter(|&(_, place)| place > 0 && !std::mem::replace(&mut seen[place], true));
        let of_all = new.map(|(c, place)| (plain(c), self.points[place]));
        let mut held: Vec<(char, i64)> = of_all.filter(|(_, points)| points.signum() == sum.signum()).collect();
        held.sort_by_key(|(_, points)| -points.abs());
        held.iter().take(NAMED).map(|(c, _)| *c).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_character_counts_once_however_it_is_written() {
        let wording = Wording::parse("# points\n30 惠购\n-20 曰０，\n").unwrap();
        assert_eq!(wording.points(&["惠惠，优惠"]), 10);
        assert_eq!(wording.points(&["購物", "曰12 34"]), -10);
        assert_eq!(wording.strongest(&["購物", "曰12 34"]), "曰０");
    }

    #[test]
    fn what_is_no_row_is_told() {
        assert_eq!(Wording::parse("30 惠\n\n惠\n").err(), Some(3));
        assert_eq!(Wording::parse("30惠\n").err(), Some(1));
    }
}
