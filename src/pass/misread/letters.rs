//! The characters of a page as they are read, without the blanks and line breaks of a typesetter, and how they go together.

use crate::lexicon::Lexicon;
use crate::lexicon::model::EDGE;
use crate::pass::page::{Line, Page, Setting};
use crate::text::chars::{is_blank, is_han};

/// The association of a character that has no Han beside it.
pub(super) const ALONE: i16 = 200;

/// The association of characters that were never seen together is less than this.
pub(super) const UNSEEN: i16 = -50;

/// Characters in reading order. [`EDGE`] stands wherever a reader stops: between lines, unless they were wrapped, and at blanks.
#[derive(Default)]
pub(super) struct Letters {
    pub chars: Vec<char>,
    /// Their offsets in the page.
    pub at: Vec<u32>,
    /// How well each goes with the one after it, less 100 where the two were never seen together; [`ALONE`] where not both are
    /// Han.
    pub together: Vec<i16>,
    /// How many are Han.
    pub han: usize,
}

impl Letters {
    pub fn of(page: &Page<'_>) -> Letters {
        let mut letters = Letters::default();
        // Offsets in texts of more than four gigabytes would not fit.
        if u32::try_from(page.text.len()).is_err() {
            return letters;
        }
        letters.push(0, EDGE);
        for (index, line) in page.lines.iter().enumerate() {
            letters.add(page, line);
            if !goes_on(page, line, page.lines.get(index + 1)) {
                letters.push(line.span.end, EDGE);
            }
        }
        letters.associate(page.lexicon);
        letters
    }

    fn push(&mut self, at: usize, c: char) {
        self.chars.push(c);
        self.at.push(at as u32);
    }

    /// Adds the characters of a line. Blanks part what stands around them, but not in a line that has one after every character.
    fn add(&mut self, page: &Page<'_>, line: &Line) {
        let text = page.text_of(line);
        let blanks = if line.gaps == 0 { 0 } else { text.chars().filter(|&c| is_blank(c)).count() };
        let spaced = blanks > 2 && blanks * 3 >= text.chars().filter(|&c| is_han(c)).count();
        for (at, c) in text.char_indices() {
            match is_blank(c) {
                true if spaced || self.chars.last() == Some(&EDGE) => {}
                true => self.push(line.span.start + at, EDGE),
                false => self.push(line.span.start + at, c),
            }
        }
    }

    fn associate(&mut self, lexicon: &Lexicon) {
        let next = self.chars.iter().skip(1).map(Some).chain([None]);
        self.together = Vec::with_capacity(self.chars.len());
        let mut before = false;
        for (&c, next) in self.chars.iter().zip(next) {
            let here = if before { true } else { is_han(c) };
            let next_is = next.is_some_and(|&next| is_han(next));
            self.han += usize::from(here);
            self.together.push(match next {
                Some(&next) if here && next_is => {
                    let association = lexicon.association(c, next);
                    // Of pairs that were seen together, few have as little to do with each other as those that were not.
                    if association <= 0 && !lexicon.has_pair(c, next) { association.max(-27) - 100 } else { association }
                }
                _ => ALONE,
            });
            before = next_is;
        }
    }

    /// How many of some letters are Han.
    pub fn han(&self, letters: std::ops::Range<usize>) -> usize {
        self.chars[letters].iter().filter(|&&c| is_han(c)).count()
    }

    /// How well the character at `index` goes with the one before and the one after.
    pub fn sides(&self, index: usize) -> (i16, i16) {
        (self.together[index.saturating_sub(1)], self.together[index])
    }
}

/// Whether a line that is still wrapped goes on in the next.
fn goes_on(page: &Page<'_>, line: &Line, next: Option<&Line>) -> bool {
    let wrapped = page.profile.setting != Setting::Flowing;
    let next = next.filter(|next| wrapped && next.blanks == 0 && !next.list_item && !next.markup && next.indent <= line.indent);
    next.is_some() && !line.ends_with_mark() && line.cells + 8 >= page.profile.measure
}
