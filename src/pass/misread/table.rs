//! Which characters are mistaken for which.

use crate::text::CharMap;
use std::collections::HashMap;

/// Which characters may stand on a page where others were read.
pub struct Confusions {
    /// Which row is that of a character. The first is of none.
    places: CharMap,
    rows: Vec<Row>,
    /// What each was seen to be read for, and what looks like it.
    reverse: HashMap<char, (Vec<char>, Vec<char>)>,
}

/// What may stand where one character was read, likeliest first.
#[derive(Default)]
pub(super) struct Row {
    /// Seen to be misread so.
    pub seen: Vec<char>,
    /// Of like shape.
    pub alike: Vec<char>,
}

impl Row {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = char> {
        self.seen.iter().chain(&self.alike).copied()
    }
}

impl Confusions {
    /// Reads a table: a line is the character read, what it was seen to stand for, and what it looks like, a blank between.
    ///
    /// # Errors
    /// The number of the first line that is something else.
    pub(crate) fn parse(text: &str) -> Result<Confusions, usize> {
        let (mut places, mut rows) = (CharMap::new(), vec![Row::default()]);
        let mut reverse: HashMap<char, (Vec<char>, Vec<char>)> = HashMap::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let mut fields = line.split(' ');
            let mut name = fields.next().unwrap_or_default().chars();
            let (Some(read), None) = (name.next(), name.next()) else { return Err(index + 1) };
            let mut row = || fields.next().unwrap_or_default().chars().filter(|&c| c != read).collect::<Vec<char>>();
            let row = Row { seen: row(), alike: row() };
            if fields.next().is_some() || row.seen.is_empty() && row.alike.is_empty() {
                return Err(index + 1);
            }
            row.seen.iter().for_each(|&c| reverse.entry(c).or_default().0.push(read));
            row.alike.iter().for_each(|&c| reverse.entry(c).or_default().1.push(read));
            places.set(read, u16::try_from(rows.len()).map_err(|_| index + 1)?);
            rows.push(row);
        }
        Ok(Confusions { places, rows, reverse })
    }

    /// What may stand where `c` was read.
    pub(super) fn get(&self, c: char) -> Option<&Row> {
        self.find(c).map(|(_, row)| row)
    }

    /// The same, with its number.
    pub(super) fn find(&self, c: char) -> Option<(u16, &Row)> {
        let number = self.places.get(c);
        self.rows.get(usize::from(number)).filter(|_| number != 0).map(|row| (number, row))
    }

    /// All of them in the order of their numbers, the first of which is that of none.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// What `c` was seen to be read for, and what looks like it.
    pub fn read_for(&self, c: char) -> Option<(&[char], &[char])> {
        self.reverse.get(&c).map(|(seen, alike)| (seen.as_slice(), alike.as_slice()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let table = Confusions::parse("# remark\n因 困 囚国\n未  末\n").unwrap();
        let row = table.get('因').unwrap();
        assert_eq!((row.seen.as_slice(), row.alike.as_slice()), (['困'].as_slice(), ['囚', '国'].as_slice()));
        assert!(table.get('未').unwrap().seen.is_empty() && table.get('末').is_none());
        assert_eq!(Confusions::parse("因 困\n因困\n").err(), Some(2));
        assert_eq!(Confusions::parse("因\n").err(), Some(1));
    }
}
