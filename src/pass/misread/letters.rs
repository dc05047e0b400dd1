//! The characters of a page as they are read, without the blanks and line breaks of a typesetter, and how they go together.

use super::bonds::Bonds;
use crate::lexicon::model::EDGE;
use crate::lexicon::{Lexicon, Number, Pair};
use crate::pass::page::{Line, Page, Setting};
use crate::text::chars::{is_blank, is_han};
use crate::text::kind::Kind;
use std::ops::Range;
use std::sync::Arc;

/// The association of a character that has no Han beside it.
pub(super) const ALONE: i16 = 200;

/// The association of characters that were never seen together is less than this.
pub(super) const UNSEEN: i16 = -50;

/// Characters in reading order. [`EDGE`] stands wherever a reader stops: between lines, unless they were wrapped, and at blanks.
pub(super) struct Letters {
    pub chars: Vec<char>,
    /// Their offsets in the page.
    pub at: Vec<u32>,
    /// What the lexicon knows the Han among them by; [`Number::NONE`] for all others.
    numbers: Vec<Number>,
    /// How many are Han.
    pub han: usize,
    lexicon: Arc<Lexicon>,
}

impl Letters {
    pub fn of(page: &Page<'_>) -> Letters {
        let lexicon = page.lexicon.clone();
        let mut letters = Letters { chars: Vec::new(), at: Vec::new(), numbers: Vec::new(), han: 0, lexicon };
        // Offsets in texts of more than four gigabytes would not fit.
        if u32::try_from(page.text.len()).is_err() {
            return letters;
        }
        let room = page.text.len() / 3 + page.lines.len() + 1;
        letters.chars.reserve(room);
        letters.at.reserve(room);
        letters.push(0, EDGE);
        for (index, line) in page.lines.iter().enumerate() {
            letters.add(page, line);
            if !goes_on(page, line, page.lines.get(index + 1)) {
                letters.push(line.span.end, EDGE);
            }
        }
        let Letters { chars, numbers, han, lexicon, .. } = &mut letters;
        numbers.extend(chars.iter().map(|&c| {
            let is_han = is_han(c);
            *han += usize::from(is_han);
            if is_han { lexicon.number(c) } else { Number::NONE }
        }));
        letters
    }

    fn push(&mut self, at: usize, c: char) {
        self.chars.push(c);
        self.at.push(at as u32);
    }

    /// Adds the characters of a line. Blanks part what stands around them, but not in a line that has one after every character.
    fn add(&mut self, page: &Page<'_>, line: &Line) {
        let text = page.text_of(line);
        let offset = line.span.start;
        if !line.kinds.is(Kind::BLANK) {
            text.char_indices().for_each(|(at, c)| self.push(offset + at, c));
            return;
        }
        let blanks = if line.gaps == 0 { 0 } else { text.chars().filter(|&c| is_blank(c)).count() };
        let spaced = blanks > 2 && blanks * 3 >= text.chars().filter(|&c| is_han(c)).count();
        for (at, c) in text.char_indices() {
            match is_blank(c) {
                true if spaced || self.chars.last() == Some(&EDGE) => {}
                true => self.push(offset + at, EDGE),
                false => self.push(offset + at, c),
            }
        }
    }

    /// How many of some letters are Han.
    pub fn han(&self, letters: Range<usize>) -> usize {
        self.chars[letters].iter().filter(|&&c| is_han(c)).count()
    }

    /// The character at `index`, if it is Han.
    fn number(&self, index: usize) -> Option<Number> {
        self.numbers.get(index).copied().filter(|&number| number != Number::NONE)
    }

    /// How well the character at `index` goes with the one after it, less 100 where the two were never seen together; [`ALONE`]
    /// where not both are Han.
    fn together(&self, index: usize) -> i16 {
        let (Some(left), Some(right)) = (self.number(index), self.number(index + 1)) else { return ALONE };
        self.of_pair(left, right)
    }

    #[inline]
    fn of_pair(&self, left: Number, right: Number) -> i16 {
        match self.lexicon.pair(left, right) {
            Pair::Known(association) => association,
            // Of pairs that were seen together, few have as little to do with each other as those that were not.
            Pair::Unknown(expected) => expected.max(-27) - 100,
        }
    }

    /// The Han characters before and after the one at `index`.
    pub fn beside(&self, index: usize) -> (Option<Number>, Option<Number>) {
        (index.checked_sub(1).and_then(|before| self.number(before)), self.number(index + 1))
    }

    /// How well the character at `index` goes with the one before and the one after.
    pub fn sides(&self, index: usize) -> (i16, i16) {
        (if index == 0 { ALONE } else { self.together(index - 1) }, self.together(index))
    }

    /// The characters of which neither neighbour goes with them better than `open`, with how well both do. Those that `bonds`
    /// finds close go together better than that.
    pub fn loose<'l>(&'l self, letters: Range<usize>, bonds: &'l Bonds, open: i16) -> Loose<'l> {
        Loose { letters: self, bonds, next: letters.start, end: letters.end, open, left: None }
    }
}

/// How well a Han character goes with the neighbour that it goes better with; [`ALONE`] where none stands.
pub(super) fn looser(sides: (i16, i16)) -> i16 {
    match sides {
        (ALONE, right) => right,
        (left, ALONE) => left,
        (left, right) => left.max(right),
    }
}

/// Looks for loose characters, at every second pair where the text is good: a pair that goes together holds both.
pub(super) struct Loose<'l> {
    letters: &'l Letters,
    bonds: &'l Bonds,
    next: usize,
    end: usize,
    open: i16,
    /// How the next one goes with the one before, where that was looked up.
    left: Option<i16>,
}

impl Iterator for Loose<'_> {
    type Item = (usize, (i16, i16));

    fn next(&mut self) -> Option<Self::Item> {
        while self.next < self.end {
            let index = self.next;
            self.next += 1;
            let Some(here) = self.letters.number(index) else {
                self.left = Some(ALONE);
                continue;
            };
            let right = match self.letters.number(index + 1) {
                Some(after) if self.bonds.are_close(here, after) => i16::MAX,
                Some(after) => self.letters.of_pair(here, after),
                None => ALONE,
            };
            if right != ALONE && right > self.open {
                // The one after it goes with this one.
                self.next += 1;
                self.left = None;
                continue;
            }
            let before = self.left.replace(right);
            let left = before.unwrap_or_else(|| if index == 0 { ALONE } else { self.letters.together(index - 1) });
            if looser((left, right)) <= self.open {
                return Some((index, (left, right)));
            }
        }
        None
    }
}

/// Whether a line that is still wrapped goes on in the next.
fn goes_on(page: &Page<'_>, line: &Line, next: Option<&Line>) -> bool {
    let wrapped = page.profile.setting != Setting::Flowing;
    let next = next.filter(|next| wrapped && next.blanks == 0 && !next.list_item && !next.markup && next.indent <= line.indent);
    next.is_some() && !line.ends_with_mark() && line.cells + 8 >= page.profile.measure
}
