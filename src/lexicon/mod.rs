//! What the passes know of the language: which characters make words, which stand together, and which begin and end paragraphs.
//!
//! A [`Lexicon`] answers without allocating and without searching text. Built-in data comes with the library, made of the
//! sources that docs/lexicon.md names; [`Counts`] makes files of the same form from word lists and text of one's own.
//! Traditional characters are known by the simplified ones that stand for them.

mod count;
mod error;
mod file;
pub mod model;
mod tables;
mod traditional;
mod weigh;

pub use count::Counts;
pub use error::{LexiconError, LexiconProblem};

use crate::text::CharMap;
#[cfg(test)]
pub(crate) use file::crc32;
use file::{Loader, Nature};
use model::{Model, Models};
use std::cmp::Reverse;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use tables::{PairTable, WordTable};
pub(crate) use traditional::{pairs as variants, plain, simplified};

/// Characters of the longest word listed.
pub const LONGEST: usize = 4;

/// The built-in data. Derived from works that NOTICE names.
static BUILT_IN: &str = include_str!("builtin.txt");

/// Words with their frequencies, and weights of characters and of pairs of them. All weights are in eighths of a bit.
#[derive(Clone)]
pub struct Lexicon {
    /// Every character's number, as it is written and as a simplified one.
    written: CharMap,
    plain: CharMap,
    natures: Vec<Nature>,
    words: WordTable,
    together: PairTable,
    openings: PairTable,
    closings: PairTable,
    /// How likely characters are after others.
    models: Models,
}

/// A word that runs across a break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crossing {
    /// How many of its characters stand before the break.
    pub before: usize,
    /// How many stand after it.
    pub after: usize,
    /// How common it is, from 1 to 9.
    pub frequency: u8,
}

/// What a lexicon knows a character by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Number(u16);

impl Number {
    /// No character's.
    pub const NONE: Number = Number(u16::MAX);

    #[inline]
    pub fn index(self) -> usize {
        self.0.into()
    }
}

/// A character's number as it is written, and as a simplified one: for those who look it up in more words than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spelling {
    written: u16,
    plain: u16,
}

impl Spelling {
    /// Of what is in no word.
    pub const NONE: Spelling = Spelling { written: 0, plain: 0 };
}

/// The association of two characters: of the pair, or else what is expected of the one and the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pair {
    Known(i16),
    Unknown(i16),
}

/// How much a lexicon holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Words of two to four characters.
    pub words: usize,
    /// Characters of which anything is known.
    pub characters: usize,
    /// Pairs of characters that stand together, or do not, in a way of their own.
    pub pairs: usize,
    /// Pairs that begin or end paragraphs in a way of their own.
    pub edges: usize,
}

impl Lexicon {
    /// The built-in data. Read once, by the first who asks.
    pub fn builtin() -> Arc<Lexicon> {
        static READ: LazyLock<Arc<Lexicon>> = LazyLock::new(|| {
            let mut loader = Loader::new();
            // The tests read it too, and check it whole.
            let read = loader.add("builtin.txt", BUILT_IN.split_once('\n').map_or("", |(_, body)| body));
            debug_assert!(read.is_ok());
            Arc::new(Lexicon::of(loader))
        });
        READ.clone()
    }

    /// The built-in data with that of `files`, as `jiaokan lexicon build` writes them. Of two frequencies of one word, and of two
    /// weights of two characters' standing together, the greater holds; of two weights at the edge of a paragraph, the one
    /// farther from 0.
    ///
    /// # Errors
    /// When a file cannot be read, is no lexicon, or is damaged.
    pub fn builtin_with(files: &[PathBuf]) -> Result<Arc<Lexicon>, LexiconError> {
        if files.is_empty() {
            return Ok(Lexicon::builtin());
        }
        let mut loader = Loader::new();
        loader.add("builtin.txt", file::body("builtin.txt", BUILT_IN.as_bytes())?)?;
        for file in files {
            let path = file.display().to_string();
            let bytes = std::fs::read(file).map_err(|source| LexiconError::new(&path, LexiconProblem::Unreadable(source)))?;
            loader.add(&path, file::body(&path, &bytes)?)?;
        }
        Ok(Arc::new(Lexicon::of(loader)))
    }

    /// The same with a model of the user's own beside the built-in one.
    #[must_use]
    pub fn with_model(&self, model: Arc<Model>) -> Arc<Lexicon> {
        Arc::new(Lexicon { models: Models::with(model), ..self.clone() })
    }

    /// How likely characters are after others: the built-in model, and the user's own.
    pub fn models(&self) -> &Models {
        &self.models
    }

    fn of(loader: Loader) -> Lexicon {
        let Loader { numbers: written, natures, words, pairs: [together, openings, closings], .. } = loader;
        let mut plain = written.clone();
        for c in '!'..='~' {
            let number = written.get(traditional::plain(c));
            plain.set(c, number);
            if let Some(wide) = char::from_u32(c as u32 + 0xFEE0).filter(|_| c.is_ascii_alphanumeric()) {
                plain.set(wide, number);
            }
        }
        for (c, simplified) in traditional::pairs() {
            let number = written.get(simplified);
            if number != 0 {
                plain.set(c, number);
            }
        }
        Lexicon { written, plain, natures, words, together, openings, closings, models: Models::default() }
    }

    /// How common `word` is, from 1 to 9 in steps of a factor of four; `None` when it is not listed.
    pub fn frequency(&self, word: &str) -> Option<u8> {
        // No character has fewer bytes than one, and those of words have three or four.
        if word.len() > 4 * LONGEST { None } else { self.frequency_of(word.chars()) }
    }

    /// What a character is looked up by in words; one that is in none is [`Spelling::NONE`].
    #[inline]
    pub(crate) fn spelling(&self, c: char) -> Spelling {
        let (written, plain) = self.numbers(c);
        Spelling { written, plain }
    }

    /// As [`Lexicon::frequency`], of few characters.
    pub(crate) fn frequency_spelled(&self, word: &[Spelling]) -> Option<u8> {
        let key = word.iter().fold(Key::default(), |key, spelling| key.with((spelling.written, spelling.plain)));
        if (2..=LONGEST).contains(&word.len()) { self.listed(key) } else { None }
    }

    /// As [`Lexicon::frequency`], of few characters.
    pub(crate) fn frequency_of(&self, word: impl Iterator<Item = char>) -> Option<u8> {
        let (mut key, mut length) = (Key::default(), 0);
        for c in word {
            key = key.longer(self, c);
            length += 1;
        }
        if (2..=LONGEST).contains(&length) { self.listed(key) } else { None }
    }

    /// A character's number as it is written, and as a simplified one.
    #[inline]
    fn numbers(&self, c: char) -> (u16, u16) {
        (self.written.get(c), self.plain.get(c))
    }

    #[inline]
    fn listed(&self, key: Key) -> Option<u8> {
        let found = if key.is_written { self.words.get(key.written) } else { 0 };
        match found {
            0 if key.is_plain && (key.plain != key.written || !key.is_written) => {
                Some(self.words.get(key.plain)).filter(|&found| found != 0)
            }
            0 => None,
            found => Some(found),
        }
    }

    /// The commonest word that has its beginning at the end of `left` and its rest at the start of `right`.
    pub fn crossing(&self, left: &str, right: &str) -> Option<Crossing> {
        self.crossing_of(left.chars().rev(), right.chars())
    }

    /// As [`Lexicon::crossing`], of the characters before a place, the last first, and those after it.
    pub(crate) fn crossing_of(&self, left: impl Iterator<Item = char>, right: impl Iterator<Item = char>) -> Option<Crossing> {
        let mut tail = [(0, 0); LONGEST - 1];
        let ends = tail.iter_mut().zip(left).map(|(place, c)| *place = self.numbers(c)).count();
        let mut head = [(0, 0); LONGEST - 1];
        let starts = head.iter_mut().zip(right).map(|(place, c)| *place = self.numbers(c)).count();
        let mut best: Option<Crossing> = None;
        for before in 1..=ends {
            let mut key = tail[..before].iter().rev().fold(Key::default(), |key, &numbers| key.with(numbers));
            for after in 1..=starts.min(LONGEST - before) {
                key = key.with(head[after - 1]);
                if let Some(frequency) = self.listed(key).filter(|&f| best.is_none_or(|b| f > b.frequency)) {
                    best = Some(Crossing { before, after, frequency });
                }
            }
        }
        best
    }

    /// The word of [`Lexicon::crossing`] with its frequency.
    pub fn word_across(&self, left: &str, right: &str) -> Option<(String, u8)> {
        let Crossing { before, after, frequency } = self.crossing(left, right)?;
        let start = left.char_indices().nth_back(before - 1).map_or(0, |(at, _)| at);
        let word = left[start..].chars().chain(right.chars().take(after)).collect();
        Some((word, frequency))
    }

    /// All listed words that `chars` begin with: the length of each, in characters, and its frequency.
    pub(crate) fn words_from(&self, chars: impl Iterator<Item = char>, mut found: impl FnMut(usize, u8)) {
        let mut key = Key::default();
        for (before, c) in chars.take(LONGEST).enumerate() {
            key = key.longer(self, c);
            if !key.is_written && !key.is_plain {
                return;
            }
            if let Some(frequency) = (before > 0).then(|| self.listed(key)).flatten() {
                found(before + 1, frequency);
            }
        }
    }

    /// The frequency of the commonest word that `text` begins with.
    pub fn word_at_start(&self, text: &str) -> Option<u8> {
        let mut key = Key::default();
        let keys = text.chars().take(LONGEST).map(|c| {
            key = key.longer(self, c);
            key
        });
        keys.skip(1).filter_map(|key| self.listed(key)).max()
    }

    /// The frequency of the commonest word that `text` ends with.
    pub fn word_at_end(&self, text: &str) -> Option<u8> {
        let starts = text.char_indices().rev().map(|(at, _)| at).take(LONGEST).skip(1);
        starts.filter_map(|start| self.frequency(&text[start..])).max()
    }

    /// How much more often two Han characters stand side by side than chance has it: their pointwise mutual information, in
    /// eighths of a bit, from -127 to 127. 0 when nothing is known of them or too little; negative when both are common and the
    /// pair was hardly ever seen, and when words do not end in the one or do not begin with the other.
    #[inline]
    pub fn association(&self, left: char, right: char) -> i16 {
        match self.pair(self.number(left), self.number(right)) {
            Pair::Known(weight) | Pair::Unknown(weight) => weight,
        }
    }

    /// Whether anything is known of two characters as a pair, rather than of each alone.
    pub fn has_pair(&self, left: char, right: char) -> bool {
        matches!(self.pair(self.number(left), self.number(right)), Pair::Known(_))
    }

    /// What a character is looked up by in pairs: for those who look it up more than once.
    #[inline]
    pub(crate) fn number(&self, c: char) -> Number {
        Number(self.plain.get(c))
    }

    /// Whether two characters are known as a pair of at least this weight.
    #[inline]
    pub(crate) fn goes_well(&self, left: Number, right: Number, weight: i16) -> bool {
        self.together.get(left.0, right.0).is_some_and(|known| i16::from(known) >= weight)
    }

    /// All characters that pairs begin with, those first that begin most.
    pub(crate) fn commonest(&self) -> Vec<Number> {
        let mut counts: Vec<(Reverse<u32>, u16)> = self.together.sizes().map(Reverse).zip(0..).collect();
        counts.sort_unstable();
        counts.into_iter().map(|(_, number)| Number(number)).collect()
    }

    /// All pairs with their weights.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (Number, Number, i16)> {
        self.together.pairs().map(|(left, right, weight)| (Number(left), Number(right), weight.into()))
    }

    /// The association of two characters, and whether they are known as a pair.
    #[inline]
    pub(crate) fn pair(&self, left: Number, right: Number) -> Pair {
        if left == Number(0) || right == Number(0) {
            return Pair::Unknown(0);
        }
        match self.together.get(left.0, right.0) {
            Some(weight) => Pair::Known(weight.into()),
            None => Pair::Unknown(weigh::unseen(self.natures[usize::from(left.0)], self.natures[usize::from(right.0)])),
        }
    }

    /// Whether `c` is beyond all blanks.
    fn is_letter(c: char) -> bool {
        c > '\u{3000}'
    }

    /// How much more often the first two characters of `text`, or the first alone, begin a paragraph than they stand anywhere in
    /// one: the logarithm of the ratio, in eighths of a bit. Blanks before them are passed over. 0 when nothing is known.
    pub fn opens(&self, text: &str) -> i16 {
        // Few texts begin with a blank, and trimming is slower than a look.
        let text = if text.starts_with(Lexicon::is_letter) { text } else { text.trim_start() };
        let mut chars = text.chars().map(|c| self.plain.get(c));
        let first = chars.next().unwrap_or(0);
        let both = chars.next().filter(|_| first != 0).and_then(|second| self.openings.get(first, second));
        both.unwrap_or(self.natures[usize::from(first)].opens).into()
    }

    /// How much more often the last two characters of `text`, or the last alone, end a paragraph than they stand anywhere in one,
    /// as [`Lexicon::opens`].
    pub fn closes(&self, text: &str) -> i16 {
        let text = if text.ends_with(Lexicon::is_letter) { text } else { text.trim_end() };
        let mut chars = text.chars().rev().map(|c| self.plain.get(c));
        let last = chars.next().unwrap_or(0);
        let both = chars.next().filter(|_| last != 0).and_then(|before| self.closings.get(before, last));
        both.unwrap_or(self.natures[usize::from(last)].closes).into()
    }

    /// Traditional characters with the simplified ones that stand for them.
    pub fn traditional() -> impl Iterator<Item = (char, char)> {
        traditional::pairs()
    }

    /// How much it holds.
    pub fn size(&self) -> Size {
        Size {
            words: self.words.len(),
            characters: self.natures.len() - 1,
            pairs: self.together.len(),
            edges: self.openings.len() + self.closings.len(),
        }
    }
}

impl std::fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Lexicon").field(&self.size()).finish()
    }
}

/// A sequence of characters on its way to being looked up, as it is written and in simplified characters.
#[derive(Clone, Copy)]
struct Key {
    written: u64,
    plain: u64,
    /// Whether all its characters have numbers.
    is_written: bool,
    is_plain: bool,
}

impl Default for Key {
    fn default() -> Self {
        Key { written: 0, plain: 0, is_written: true, is_plain: true }
    }
}

impl Key {
    #[inline]
    fn longer(self, lexicon: &Lexicon, c: char) -> Key {
        self.with(lexicon.numbers(c))
    }

    /// The key with one character more, by its numbers.
    #[inline]
    fn with(self, (written, plain): (u16, u16)) -> Key {
        Key {
            written: WordTable::longer(self.written, written),
            plain: WordTable::longer(self.plain, plain),
            is_written: self.is_written && written != 0,
            is_plain: self.is_plain && plain != 0,
        }
    }
}

#[cfg(test)]
mod tests;
