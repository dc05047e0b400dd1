//! What often stands beside each character.

use crate::text::CharMap;

/// A list of characters for each of some characters.
pub(super) struct Neighbours {
    /// Which list is that of a character. The first is empty, and that of all others.
    places: CharMap,
    ends: Vec<u32>,
    chars: Vec<char>,
}

impl Neighbours {
    pub fn new() -> Neighbours {
        Neighbours { places: CharMap::new(), ends: vec![0], chars: Vec::new() }
    }

    /// Adds the list of `c`, of which there are less than 65,536.
    pub fn add(&mut self, c: char, list: impl Iterator<Item = char>) {
        if let Ok(place) = u16::try_from(self.ends.len()) {
            self.places.set(c, place);
            self.chars.extend(list);
            self.ends.push(self.chars.len() as u32);
        }
    }

    #[inline]
    pub fn get(&self, c: char) -> &[char] {
        let place = usize::from(self.places.get(c));
        &self.chars[self.ends[place.saturating_sub(1)] as usize..self.ends[place] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_own() {
        let mut neighbours = Neighbours::new();
        neighbours.add('困', "难扰境".chars());
        neighbours.add('无', "".chars());
        neighbours.add('\n', "，".chars());
        assert_eq!(neighbours.get('困'), ['难', '扰', '境']);
        assert_eq!(neighbours.get('\n'), ['，']);
        assert!(neighbours.get('无').is_empty() && neighbours.get('有').is_empty());
    }
}
