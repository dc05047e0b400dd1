//! A table from characters to numbers.

/// How many characters one page of a [`CharMap`] covers.
const PAGE: usize = 256;
const PAGES: usize = 0x11_0000 / PAGE;

/// A number for each character; 0 for those that have none.
#[derive(Debug, Clone)]
pub(crate) struct CharMap {
    /// Where the page of a character begins in `pages`, by the character's code divided by [`PAGE`].
    top: Box<[u32; PAGES]>,
    pages: Vec<u16>,
}

impl CharMap {
    pub fn new() -> CharMap {
        CharMap { top: Box::new([0; PAGES]), pages: vec![0; PAGE] }
    }

    #[inline]
    pub fn get(&self, c: char) -> u16 {
        let code = c as usize;
        self.pages[self.top[code / PAGE] as usize + code % PAGE]
    }

    pub fn set(&mut self, c: char, number: u16) {
        let code = c as usize;
        // The first page is that of the characters without a page, and stays empty.
        if self.top[code / PAGE] == 0 {
            self.top[code / PAGE] = self.pages.len() as u32;
            self.pages.resize(self.pages.len() + PAGE, 0);
        }
        self.pages[self.top[code / PAGE] as usize + code % PAGE] = number;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_the_numbers_they_were_given() {
        let mut map = CharMap::new();
        for (at, c) in ['一', '\0', '𠀀', '\u{10FFFF}', '丁'].into_iter().enumerate() {
            assert_eq!(map.get(c), 0);
            map.set(c, at as u16 + 1);
        }
        assert_eq!(map.get('𠀀'), 3);
        assert_eq!(map.get('丁'), 5);
        assert_eq!(map.get('七'), 0);
    }
}
