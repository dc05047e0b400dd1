//! Which characters are mistaken for which.

use std::collections::HashMap;

/// The characters that may stand on the page where another was read.
#[derive(Default)]
pub(super) struct Table {
    rows: HashMap<char, Row>,
}

/// What may stand where one character was read, likeliest first.
#[derive(Default)]
pub(super) struct Row {
    /// Seen to be misread so.
    pub seen: Vec<char>,
    /// Of like shape.
    pub alike: Vec<char>,
}

impl Table {
    /// Reads a table: a line is the character read, what it was seen to stand for, and what it looks like, a blank between.
    ///
    /// # Errors
    /// The number of the first line that is something else.
    pub fn parse(text: &str) -> Result<Table, usize> {
        let mut rows = HashMap::new();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.starts_with('#')) {
            let mut fields = line.split(' ');
            let mut name = fields.next().unwrap_or_default().chars();
            let (Some(read), None) = (name.next(), name.next()) else { return Err(index + 1) };
            let mut row = || fields.next().unwrap_or_default().chars().filter(|&c| c != read).collect::<Vec<char>>();
            let row = Row { seen: row(), alike: row() };
            if fields.next().is_some() || row.seen.is_empty() && row.alike.is_empty() {
                return Err(index + 1);
            }
            rows.insert(read, row);
        }
        Ok(Table { rows })
    }

    /// What may stand where `c` was read.
    pub fn get(&self, c: char) -> Option<&Row> {
        self.rows.get(&c)
    }

    /// Every character with its row.
    pub fn rows(&self) -> impl Iterator<Item = (char, &Row)> {
        self.rows.iter().map(|(&c, row)| (c, row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let table = Table::parse("# remark\n因 困 囚国\n未  末\n").unwrap();
        let row = table.get('因').unwrap();
        assert_eq!((row.seen.as_slice(), row.alike.as_slice()), (['困'].as_slice(), ['囚', '国'].as_slice()));
        assert!(table.get('未').unwrap().seen.is_empty() && table.get('末').is_none());
        assert_eq!(Table::parse("因 困\n因困\n").err(), Some(2));
        assert_eq!(Table::parse("因\n").err(), Some(1));
    }
}
